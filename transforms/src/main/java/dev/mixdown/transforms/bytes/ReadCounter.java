package dev.mixdown.transforms.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Counts what one thread reads of shards: the bytes, and the shards that it has read whole. */
public final class ReadCounter {
  static final int SIZE = 2 * Long.BYTES;

  private final ByteBuffer counted;

  private ReadCounter(ByteBuffer counted) {
    this.counted = counted;
  }

  /** A counter that is not shown. */
  public static ReadCounter unseen() {
    return new ReadCounter(ByteBuffer.allocate(SIZE));
  }

  /** Counts in a new file of a folder; unseen where there is no such folder. */
  static ReadCounter in(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "", ".count");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return new ReadCounter(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
      }
    } catch (IOException e) {
      return unseen();
    }
  }

  void addBytes(long bytes) {
    counted.putLong(0, counted.getLong(0) + bytes);
  }

  public void addShard() {
    counted.putLong(Long.BYTES, counted.getLong(Long.BYTES) + 1);
  }

  /** The bytes so far. */
  public long bytes() {
    return counted.getLong(0);
  }
}
