package dev.mixdown.transforms.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * A moment as old writers of Parquet store it: the nanoseconds of a day, and its Julian number.
 *
 * @param epochDay the day, counted from 1 January 1970
 * @param nanosOfDay the nanoseconds in it
 */
record Int96(long epochDay, long nanosOfDay) {
  static final int BYTES = 12;

  /** The Julian day of 1 January 1970. */
  private static final long JULIAN_EPOCH = 2_440_588;

  private static final long DAY_SECONDS = 86_400;

  /** Reads {@value #BYTES} bytes. */
  static Int96 of(ByteBuffer stored) {
    ByteBuffer little = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long nanosOfDay = little.getLong();
    return new Int96(Integer.toUnsignedLong(little.getInt()) - JULIAN_EPOCH, nanosOfDay);
  }

  Instant instant() {
    return Instant.ofEpochSecond(epochDay * DAY_SECONDS, nanosOfDay);
  }
}
