package dev.mixdown.transforms.stream;

import dev.mixdown.storage.Digests;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Counts and digests what it passes on. It stays open: who made what is below closes that. */
final class DigestedStream extends FilterOutputStream {
  private final MessageDigest digest;
  private long bytes;

  DigestedStream(OutputStream out, MessageDigest digest) {
    super(out);
    this.digest = digest;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] b, int offset, int length) throws IOException {
    out.write(b, offset, length);
    digest.update(b, offset, length);
    bytes += length;
  }

  @Override
  public void close() throws IOException {
    flush();
  }

  long bytes() {
    return bytes;
  }

  /** Of what was written; once, at the end. */
  String sha256() {
    return Digests.hex(digest.digest());
  }
}
