package dev.mixdown.pipelines.inspect;

/** Shows a person how far a long step is. */
public interface Progress {
  /** Nobody is watching. */
  Progress NONE =
      new Progress() {
        @Override
        public Step reading(int shards, long bytes) {
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

  /** Shards are being read. */
  Step reading(int shards, long bytes);

  /** Parts are being written into a folder. */
  Step writing(int parts, String folder);
}
