package dev.mixdown.transforms.placing;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Placements of one shard's records in one pass, packed: what travels from scatter to gather in
 * place of records. A header (shard, its file order, pass, count), then {@value #ROW} bytes each:
 * stratum, record, length, identity, offset.
 */
final class Placements {
  static final int HEADER = 4 * Integer.BYTES;
  static final int ROW = 3 * Integer.BYTES + 2 * Long.BYTES;

  private Placements() {}

  /** A block being packed. */
  static final class Packer {
    private ByteBuffer buffer = ByteBuffer.allocate(HEADER + 64 * ROW);

    Packer() {
      buffer.position(HEADER);
    }

    void add(int stratum, int record, int length, long identity, long offset) {
      if (buffer.remaining() < ROW) {
        byte[] larger = Arrays.copyOf(buffer.array(), HEADER + 2 * (buffer.capacity() - HEADER));
        int position = buffer.position();
        buffer = ByteBuffer.wrap(larger);
        buffer.position(position);
      }
      buffer.putInt(stratum).putInt(record).putInt(length).putLong(identity).putLong(offset);
    }

    int count() {
      return (buffer.position() - HEADER) / ROW;
    }

    /** The packed bytes; the packer is empty afterwards. */
    byte[] take(int shard, int fileOrder, int pass) {
      buffer.putInt(0, shard).putInt(4, fileOrder).putInt(8, pass).putInt(12, count());
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
      buffer.position(HEADER);
      return bytes;
    }
  }

  static int shard(ByteBuffer block) {
    return block.getInt(0);
  }

  static int fileOrder(ByteBuffer block) {
    return block.getInt(4);
  }

  static int pass(ByteBuffer block) {
    return block.getInt(8);
  }

  static int count(ByteBuffer block) {
    return block.getInt(12);
  }

  static int firstRecord(ByteBuffer block) {
    return block.getInt(HEADER + Integer.BYTES);
  }
}
