package dev.mixdown.storage.objects;

import dev.mixdown.storage.Draft;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * An object in the making. Its bytes wait on this machine until it is published; then they are sent
 * in one request, which the store takes whole or not at all. What is too much for one request is
 * sent in several, which the store puts together at the end, and forgets when one of them fails.
 */
final class ObjectDraft extends Draft {
  /** The most bytes of one request. */
  private static final long ONE_REQUEST = 128L << 20;

  /** The most parts that a store puts together. */
  private static final int MOST_PARTS = 10_000;

  private final Requests requests;
  private final Spool spool = new Spool();

  ObjectDraft(Requests requests) {
    this.requests = requests;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    spool.write(bytes, offset, length);
  }

  @Override
  public void publish(String text) throws IOException {
    ObjectPath path = ObjectPath.of(text);
    if (spool.size() <= ONE_REQUEST) {
      put(path, Map.of());
    } else {
      inParts(path);
    }
  }

  /**
   * Sends everything in one request.
   *
   * @param conditions headers under which the store is to take it
   */
  void put(ObjectPath path, Map<String, String> conditions) throws IOException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(path.bucket()).key(path.key());
    if (!conditions.isEmpty()) {
      request.overrideConfiguration(c -> conditions.forEach(c::putHeader));
    }
    requests.make(path, client -> client.putObject(request.build(), body(0, spool.size())));
  }

  private RequestBody body(long from, long length) {
    return RequestBody.fromContentProvider(
        () -> spool.read(from, length), length, "application/octet-stream");
  }

  private void inParts(ObjectPath path) throws IOException {
    String upload =
        requests.make(
            path,
            client ->
                client
                    .createMultipartUpload(r -> r.bucket(path.bucket()).key(path.key()))
                    .uploadId());
    try {
      List<CompletedPart> parts = sendParts(path, upload);
      complete(path, upload, parts);
    } catch (IOException | RuntimeException e) {
      forget(path, upload, e);
      throw e;
    }
  }

  private List<CompletedPart> sendParts(ObjectPath path, String upload) throws IOException {
    long bytes = Math.max(ONE_REQUEST, (spool.size() + MOST_PARTS - 1) / MOST_PARTS);
    List<CompletedPart> parts = new ArrayList<>();
    for (long from = 0; from < spool.size(); from += bytes) {
      int number = parts.size() + 1;
      long begin = from;
      long length = Math.min(bytes, spool.size() - from);
      String md5 = md5(begin, length);
      String etag =
          requests.make(
              path,
              client ->
                  client
                      .uploadPart(
                          r ->
                              r.bucket(path.bucket())
                                  .key(path.key())
                                  .uploadId(upload)
                                  .partNumber(number)
                                  .contentMD5(md5),
                          body(begin, length))
                      .eTag());
      parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }
    return parts;
  }

  private String md5(long from, long length) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(spool.read(from, length), MessageDigest.getInstance("MD5"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return Base64.getEncoder().encodeToString(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void complete(ObjectPath path, String upload, List<CompletedPart> parts)
      throws IOException {
    try {
      requests.make(
          path,
          client ->
              client.completeMultipartUpload(
                  r ->
                      r.bucket(path.bucket())
                          .key(path.key())
                          .uploadId(upload)
                          .multipartUpload(
                              CompletedMultipartUpload.builder().parts(parts).build())));
    } catch (FileNotFoundException e) {
      // The answer to a first request got lost: the upload is no more because it is complete.
      long there =
          requests.make(
              path,
              client ->
                  client.headObject(r -> r.bucket(path.bucket()).key(path.key())).contentLength());
      if (there != spool.size()) {
        throw new IOException(path + ": the store lost the upload", e);
      }
    }
  }

  private void forget(ObjectPath path, String upload, Exception cause) {
    boolean interrupted = Thread.interrupted();
    try {
      abort(requests, path, upload);
    } catch (IOException e) {
      cause.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Makes a store forget the parts of an upload. */
  static void abort(Requests requests, ObjectPath path, String upload) throws IOException {
    requests.make(
        path,
        client ->
            client.abortMultipartUpload(
                r -> r.bucket(path.bucket()).key(path.key()).uploadId(upload)));
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
