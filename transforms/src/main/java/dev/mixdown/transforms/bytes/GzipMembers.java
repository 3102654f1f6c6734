package dev.mixdown.transforms.bytes;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a gzip file: of all its members, one after the other. Zero bytes behind a member are
 * padding, as gzip and Python take them; anything else that is no member is an error.
 */
public final class GzipMembers extends InputStream {
  private final BufferedInputStream in;
  private @Nullable GzipCompressorInputStream member;

  public GzipMembers(InputStream in) throws IOException {
    this.in = new BufferedInputStream(in, 1 << 16);
    member = open();
  }

  private GzipCompressorInputStream open() throws IOException {
    return GzipCompressorInputStream.builder()
        .setInputStream(in)
        .setDecompressConcatenated(false)
        .get();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] b, int offset, int length) throws IOException {
    while (member != null) {
      int read = member.read(b, offset, length);
      if (read >= 0) {
        return read;
      }
      member = next();
    }
    return -1;
  }

  private @Nullable GzipCompressorInputStream next() throws IOException {
    int first;
    do {
      in.mark(1);
      first = in.read();
    } while (first == 0);
    if (first < 0) {
      return null;
    }
    in.reset();
    if (first != 0x1F) {
      throw new IOException("what stands behind its end is not gzip data");
    }
    return open();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
