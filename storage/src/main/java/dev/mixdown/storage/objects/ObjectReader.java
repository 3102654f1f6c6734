package dev.mixdown.storage.objects;

import dev.mixdown.storage.FileChangedException;
import dev.mixdown.storage.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads one version of an object, from some byte to its end. A connection that breaks, or ends
 * before the object does, is made again where it broke, for the same version; one that is no longer
 * there gives a {@link FileChangedException}.
 */
final class ObjectReader extends InputStream {
  /** How often without a single byte in between. */
  private static final int TRIES = 8;

  private static final long FIRST_WAIT_MILLIS = 100;

  /** What is left of an answer is read rather than its connection thrown away. */
  private static final long WORTH_READING = 64 << 10;

  private final Requests requests;
  private final ObjectPath path;
  private @Nullable String etag;
  private long position;
  private long end = -1;
  private @Nullable ResponseInputStream<GetObjectResponse> in;

  /**
   * Opens an object.
   *
   * @param etag which version; null for the one that is there
   * @param from the first byte to read; inside the object, or 0
   */
  ObjectReader(Requests requests, ObjectPath path, @Nullable String etag, long from)
      throws IOException {
    this.requests = requests;
    this.path = path;
    this.etag = etag;
    this.position = from;
    connect();
  }

  /** The version that is read. */
  String etag() {
    return Objects.requireNonNull(etag);
  }

  private ResponseInputStream<GetObjectResponse> connect() throws IOException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(path.bucket()).key(path.key()).ifMatch(etag);
    if (position > 0) {
      request.range("bytes=" + position + "-");
    }
    ResponseInputStream<GetObjectResponse> opened =
        requests.make(path, client -> client.getObject(request.build()));
    in = opened;
    if (position > 0 && opened.response().contentRange() == null) {
      abort();
      throw new StoreException(path + ": the store does not read parts of objects");
    }
    String found = opened.response().eTag();
    long foundEnd = position + opened.response().contentLength();
    if ((etag != null && !etag.equals(found)) || (end >= 0 && foundEnd != end)) {
      // A store that does not know If-Match.
      abort();
      throw new FileChangedException(path.toString());
    }
    etag = found;
    end = foundEnd;
    return opened;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position >= end) {
      return -1;
    }
    IOException broken = new IOException(path + ": the answer ended before the object did");
    for (int i = 0; i < TRIES; i++) {
      if (i > 0) {
        pause(FIRST_WAIT_MILLIS << (i - 1));
      }
      try {
        int read = (in != null ? in : connect()).read(bytes, offset, length);
        if (read > 0) {
          position += read;
          return read;
        }
      } catch (FileNotFoundException e) {
        throw new FileChangedException(path.toString());
      } catch (FileChangedException | AccessDeniedException | StoreException e) {
        // The client has tried for long enough, or trying does not help.
        throw e;
      } catch (IOException e) {
        broken = e;
      }
      abort();
    }
    throw new StoreException(
        "%s: byte %,d of %,d does not come, after %d tries: %s"
            .formatted(path, position, end, TRIES, broken.getMessage()),
        broken);
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a store");
    }
  }

  private void abort() {
    if (in != null) {
      in.abort();
      in = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null && end - position <= WORTH_READING) {
      try {
        in.readAllBytes();
        in.close();
        in = null;
      } catch (IOException e) {
        abort();
      }
    }
    abort();
  }
}
