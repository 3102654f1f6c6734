package dev.mixdown.transforms.bytes;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much a run has read of shards so far. Each worker counts in a small file of its own in a
 * folder of this machine ({@link ReadCounter}), and these are summed up: so it is the run's alone,
 * on every runner. Workers on other machines do not have the folder, and are not counted.
 */
public final class ReadProgress implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1;

  private final String folder;

  private ReadProgress(Path folder) {
    this.folder = folder.toString();
  }

  /** Begins at nothing. */
  public static ReadProgress begin() throws IOException {
    return new ReadProgress(Files.createTempDirectory("mixdown-progress-"));
  }

  /** A counter for one more worker, which is a thread. */
  public ReadCounter counter() {
    return ReadCounter.in(Path.of(folder));
  }

  /**
   * The sums.
   *
   * @param bytes that were read of shards
   * @param shards that were read to their end
   */
  public record Sum(long bytes, long shards) {}

  /** What all workers have read. */
  public Sum sum() {
    long bytes = 0;
    long shards = 0;
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        ByteBuffer counted = ByteBuffer.wrap(Files.readAllBytes(file));
        if (counted.remaining() == ReadCounter.SIZE) {
          bytes += counted.getLong();
          shards += counted.getLong();
        }
      }
    } catch (IOException e) {
      // It is only looked at.
    }
    return new Sum(bytes, shards);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(Path.of(folder));
  }
}
