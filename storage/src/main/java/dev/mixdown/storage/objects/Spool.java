package dev.mixdown.storage.objects;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait to be sent: few in memory, more in a file of the machine's temporary folder that
 * has lost its name already, so that the system frees it with the process. They can be read again
 * and again, as a request that is made again needs.
 */
final class Spool implements Closeable {
  private static final int IN_MEMORY = 1 << 20;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private long size;

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (file == null && size + length > IN_MEMORY) {
      Path path = Files.createTempFile("mixdown-", ".spool");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      byte[] first = memory.toByteArray();
      append(file, first, 0, first.length);
      memory.reset();
    }
    if (file == null) {
      memory.write(bytes, offset, length);
    } else {
      append(file, bytes, offset, length);
    }
    size += length;
  }

  private static void append(FileChannel file, byte[] bytes, int offset, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  long size() {
    return size;
  }

  /** Some of the bytes; several may be read at once. */
  InputStream read(long from, long length) {
    return file == null
        ? new java.io.ByteArrayInputStream(memory.toByteArray(), (int) from, (int) length)
        : new Stretch(file, from, from + length);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private static final class Stretch extends InputStream {
    private final FileChannel file;
    private final long end;
    private long position;

    Stretch(FileChannel file, long from, long end) {
      this.file = file;
      this.position = from;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (position >= end) {
        return -1;
      }
      int read =
          file.read(
              ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - position)), position);
      position += Math.max(read, 0);
      return read;
    }
  }
}
