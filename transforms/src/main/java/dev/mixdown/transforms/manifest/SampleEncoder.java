package dev.mixdown.transforms.manifest;

import java.io.IOException;

/**
 * Encodes samples for a {@link PartWriter}. What it gives depends on the samples alone: several
 * workers may encode those of one part.
 */
public interface SampleEncoder {
  /**
   * Encodes samples.
   *
   * @param samples the next ones of a part: full, but for the last of it
   */
  byte[] encode(Samples samples) throws IOException;
}
