package dev.mixdown.transforms.bytes;

import dev.mixdown.storage.Digests;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Passes a file's bytes on, and digests and counts them as they come by. */
public final class FingerprintStream extends FilterInputStream {
  private final ReadCounter counter;
  private final MessageDigest sha256 = Digests.sha256();
  private long bytes;
  private boolean failed;

  /**
   * @param counter takes the bytes, too
   */
  public FingerprintStream(InputStream in, ReadCounter counter) {
    super(in);
    this.counter = counter;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] b, int offset, int length) throws IOException {
    int read;
    try {
      read = in.read(b, offset, length);
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
    if (read > 0) {
      sha256.update(b, offset, read);
      bytes += read;
      counter.addBytes(read);
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    throw new IOException("a byte that is skipped would be missing in the fingerprint");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what is left. */
  public void drain() throws IOException {
    byte[] rest = new byte[64 << 10];
    while (read(rest, 0, rest.length) > 0) {
      // Reading is all: the digest sees the bytes.
    }
  }

  /** Whether an error came from the file itself, and not from what was in it. */
  public boolean failed() {
    return failed;
  }

  public long bytes() {
    return bytes;
  }

  /** The fingerprint of all bytes; call it once, at the end. */
  public String fingerprint() {
    return Digests.hex(sha256.digest());
  }
}
