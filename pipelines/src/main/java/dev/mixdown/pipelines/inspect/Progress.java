package dev.mixdown.pipelines.inspect;

import dev.mixdown.transforms.bytes.ReadProgress;

/** Shows a person how far a long step is. */
public interface Progress {
  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public Step reading(ReadProgress read, int shards, long bytes) {
          return () -> {};
        }

        @Override
        public Step writing(int parts, String folder) {
          return () -> {};
        }
      };

  /** A step that is being shown until it is closed. */
  interface Step extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Shards are being read.
   *
   * @param read how much of them, so far
   * @param bytes of all of them
   */
  Step reading(ReadProgress read, int shards, long bytes);

  /** Parts are being written into a folder. */
  Step writing(int parts, String folder);
}
