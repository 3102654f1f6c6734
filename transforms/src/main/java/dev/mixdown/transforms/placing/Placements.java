package dev.mixdown.transforms.placing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Placements of one shard's records in one pass, packed: what travels from scatter to gather in
 * place of records. A header of {@value #HEADER} bytes (shard, its file order, pass, count, first
 * record), then for each record its stratum, how far it is from the record before, its length and
 * how far it begins behind that record's end, as numbers of seven bits a byte, lowest first, and
 * its identity in eight bytes. Neighbours take 13 bytes, records far from each other a few more.
 */
final class Placements {
  private static final int HEADER = 5 * Integer.BYTES;
  private static final int MOST_ROW = 3 * 5 + 10 + Long.BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Placements() {}

  /** Where a record begins that follows another one at once; -1 where records cannot be sought. */
  private static long end(long offset, int length) {
    return offset < 0 ? offset : offset + length;
  }

  /** A block being packed. */
  static final class Packer {
    private byte[] bytes = new byte[HEADER + 64 * MOST_ROW];
    private int position = HEADER;
    private int count;
    private int firstRecord;
    private int record;
    private long end;

    void add(int stratum, int number, int length, long identity, long offset) {
      if (bytes.length - position < MOST_ROW) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      if (count++ == 0) {
        firstRecord = number;
        record = number;
        end = 0;
      }
      put(Integer.toUnsignedLong(stratum));
      put(Integer.toUnsignedLong(number - record));
      put(Integer.toUnsignedLong(length));
      long distance = offset - end;
      put(distance << 1 ^ distance >> 63);
      LONG.set(bytes, position, identity);
      position += Long.BYTES;
      record = number;
      end = Placements.end(offset, length);
    }

    private void put(long number) {
      long left = number;
      while ((left & ~0x7FL) != 0) {
        bytes[position++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      bytes[position++] = (byte) left;
    }

    int count() {
      return count;
    }

    /** The packed bytes; the packer is empty afterwards. */
    byte[] take(int shard, int fileOrder, int pass) {
      ByteBuffer.wrap(bytes)
          .putInt(shard)
          .putInt(fileOrder)
          .putInt(pass)
          .putInt(count)
          .putInt(firstRecord);
      byte[] taken = Arrays.copyOf(bytes, position);
      position = HEADER;
      count = 0;
      return taken;
    }
  }

  /** A packed block, and what is read of it, record after record. */
  static final class Block {
    private final byte[] bytes;
    private final int shard;
    private final int fileOrder;
    private final int pass;
    private final int count;
    private final int firstRecord;
    private int position = HEADER;
    private int stratum;
    private int record;
    private int length;
    private long offset;
    private long identity;

    Block(byte[] bytes) {
      this.bytes = bytes;
      ByteBuffer header = ByteBuffer.wrap(bytes);
      shard = header.getInt();
      fileOrder = header.getInt();
      pass = header.getInt();
      count = header.getInt();
      firstRecord = header.getInt();
      record = firstRecord;
    }

    int shard() {
      return shard;
    }

    int fileOrder() {
      return fileOrder;
    }

    int pass() {
      return pass;
    }

    int count() {
      return count;
    }

    int firstRecord() {
      return firstRecord;
    }

    /** Goes on to the next record, of which there are {@link #count}. */
    void next() {
      long end = position == HEADER ? 0 : Placements.end(offset, length);
      stratum = (int) take();
      record += (int) take();
      length = (int) take();
      long distance = take();
      offset = end + (distance >>> 1 ^ -(distance & 1));
      identity = (long) LONG.get(bytes, position);
      position += Long.BYTES;
    }

    private long take() {
      byte b = bytes[position++];
      long number = b & 0x7F;
      for (int shift = 7; b < 0; shift += 7) {
        b = bytes[position++];
        number |= (long) (b & 0x7F) << shift;
      }
      return number;
    }

    int stratum() {
      return stratum;
    }

    int record() {
      return record;
    }

    int length() {
      return length;
    }

    long offset() {
      return offset;
    }

    long identity() {
      return identity;
    }
  }
}
