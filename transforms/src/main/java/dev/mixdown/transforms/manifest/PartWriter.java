package dev.mixdown.transforms.manifest;

import java.io.Closeable;
import java.io.IOException;

/** Writes the samples of one part, in order. */
public interface PartWriter extends Closeable {
  /**
   * Writes samples.
   *
   * @param samples the next ones; as many as there is room for, but for the last time
   */
  void write(Samples samples) throws IOException;
}
