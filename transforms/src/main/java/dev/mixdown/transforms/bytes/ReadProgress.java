package dev.mixdown.transforms.bytes;

import java.util.concurrent.atomic.LongAdder;

/** How much this process has read of shards so far, for whoever shows progress. */
public final class ReadProgress {
  private static final LongAdder BYTES = new LongAdder();
  private static final LongAdder SHARDS = new LongAdder();

  private ReadProgress() {}

  static void addBytes(long bytes) {
    BYTES.add(bytes);
  }

  public static void addShard() {
    SHARDS.increment();
  }

  /** Bytes read since the process began. */
  public static long bytes() {
    return BYTES.sum();
  }

  /** Shards read to their end since the process began. */
  public static long shards() {
    return SHARDS.sum();
  }
}
