package dev.mixdown.storage.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** Reads one version of an object anywhere. Reading on costs no request, going elsewhere one. */
final class ObjectChannel implements SeekableByteChannel {
  /** Somewhere so little further on is reached by reading. */
  private static final long NEAR = 1 << 20;

  private final Requests requests;
  private final ObjectPath path;
  private final String etag;
  private final long size;
  private long position;
  private boolean open = true;
  private @Nullable ObjectReader reader;
  private long readerPosition;

  ObjectChannel(Requests requests, ObjectPath path, String etag, long size) {
    this.requests = requests;
    this.path = path;
    this.etag = etag;
    this.size = size;
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (position >= size) {
      return -1;
    }
    ObjectReader in = readerAtPosition();
    byte[] bytes = new byte[(int) Math.min(Math.min(buffer.remaining(), 1 << 20), size - position)];
    int read = in.read(bytes, 0, bytes.length);
    if (read > 0) {
      buffer.put(bytes, 0, read);
      position += read;
      readerPosition = position;
    }
    return read;
  }

  private ObjectReader readerAtPosition() throws IOException {
    ObjectReader in = reader;
    if (in != null && position >= readerPosition && position - readerPosition <= NEAR) {
      in.skipNBytes(position - readerPosition);
    } else {
      if (in != null) {
        in.close();
      }
      in = new ObjectReader(requests, path, etag, position);
      reader = in;
    }
    readerPosition = position;
    return in;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  @Override
  public int write(ByteBuffer buffer) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
