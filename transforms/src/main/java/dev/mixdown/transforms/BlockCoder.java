package dev.mixdown.transforms;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/**
 * Encodes packed blocks with their lengths, whatever stands around them. Beam's own coder of bytes
 * leaves the length out where nothing follows, and then reads a block with a buffer that grows: the
 * direct runner copies every block that way when it groups them.
 */
final class BlockCoder extends AtomicCoder<byte[]> {
  private static final BlockCoder INSTANCE = new BlockCoder();

  private BlockCoder() {}

  static BlockCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(byte[] block, OutputStream out) throws IOException {
    new DataOutputStream(out).writeInt(block.length);
    out.write(block);
  }

  @Override
  public byte[] decode(InputStream in) throws IOException {
    byte[] block = new byte[new DataInputStream(in).readInt()];
    new DataInputStream(in).readFully(block);
    return block;
  }
}
