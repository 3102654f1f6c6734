package dev.mixdown.transforms.manifest;

import java.io.Closeable;
import java.io.IOException;

/** Writes a part, from its samples as a {@link SampleEncoder} has encoded them. */
public interface PartWriter extends Closeable {
  /**
   * Writes samples.
   *
   * @param encoded the next ones
   */
  void write(byte[] encoded) throws IOException;
}
