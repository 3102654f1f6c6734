package dev.mixdown.transforms.identities;

import java.nio.ByteBuffer;

/** Identities by stratum, packed to travel: for each stratum how many (int), and they (long). */
public final class PackedIdentities {
  private PackedIdentities() {}

  public static byte[] pack(long[][] identities) {
    int bytes = Integer.BYTES;
    for (long[] stratum : identities) {
      bytes = Math.addExact(bytes, Integer.BYTES + stratum.length * Long.BYTES);
    }
    ByteBuffer packed = ByteBuffer.allocate(bytes).putInt(identities.length);
    for (long[] stratum : identities) {
      packed.putInt(stratum.length);
      packed.asLongBuffer().put(stratum);
      packed.position(packed.position() + stratum.length * Long.BYTES);
    }
    return packed.array();
  }

  public static long[][] unpack(byte[] bytes) {
    ByteBuffer packed = ByteBuffer.wrap(bytes);
    long[][] identities = new long[packed.getInt()][];
    for (int s = 0; s < identities.length; s++) {
      identities[s] = new long[packed.getInt()];
      packed.asLongBuffer().get(identities[s]);
      packed.position(packed.position() + identities[s].length * Long.BYTES);
    }
    return identities;
  }
}
