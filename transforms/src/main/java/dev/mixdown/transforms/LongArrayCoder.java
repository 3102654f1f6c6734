package dev.mixdown.transforms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Arrays of counts: mostly small numbers, each in as few bytes as it needs. Deterministic. */
final class LongArrayCoder extends AtomicCoder<long[]> {
  private static final LongArrayCoder INSTANCE = new LongArrayCoder();

  private LongArrayCoder() {}

  static LongArrayCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(long[] counts, OutputStream out) throws IOException {
    VarInt.encode(counts.length, out);
    for (long count : counts) {
      VarInt.encode(count, out);
    }
  }

  @Override
  public long[] decode(InputStream in) throws IOException {
    long[] counts = new long[VarInt.decodeInt(in)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = VarInt.decodeLong(in);
    }
    return counts;
  }

  @Override
  public boolean consistentWithEquals() {
    return false;
  }
}
