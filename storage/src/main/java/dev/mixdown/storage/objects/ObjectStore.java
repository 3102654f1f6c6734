package dev.mixdown.storage.objects;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.storage.Store;
import dev.mixdown.storage.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Files in object stores. There are no folders: a folder is what keys begin with. An object appears
 * whole, or not at all ({@link ObjectDraft}); what a listing says of an object is not asked again.
 */
final class ObjectStore implements Store {
  /** A multipart upload that is so old is nobody's any more. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private static final int DELETED_AT_ONCE = 1000;
  private static final int READ_AT_ONCE = 32;

  private final StoreClients clients;
  private final Requests requests;
  private final Listing listing;
  private final ConditionalWrites conditional;

  /**
   * The store, or stores, that some settings name.
   *
   * @param settings as {@link StoreSettings#variables} wrote them
   */
  ObjectStore(Map<String, String> settings) {
    clients = new StoreClients(settings);
    requests = new Requests(clients);
    listing = new Listing(requests);
    conditional = new ConditionalWrites(requests);
  }

  @Override
  public Optional<FileInfo> stat(String text) throws IOException {
    ObjectPath path = ObjectPath.of(text);
    if (path.key().isEmpty() || path.key().endsWith("/")) {
      return Optional.empty();
    }
    try {
      HeadObjectResponse head =
          requests.make(
              path, client -> client.headObject(r -> r.bucket(path.bucket()).key(path.key())));
      return Optional.of(
          Listing.info(text, head.contentLength(), head.lastModified(), head.eTag()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public Matched match(String folder, String pattern) throws IOException {
    String whole = StoragePath.resolve(folder, pattern);
    // A key may have a glob's characters, and is taken as it is written.
    Optional<FileInfo> one = stat(whole);
    if (one.isPresent()) {
      return Matched.of(List.of(one.get()));
    }
    return StoragePath.scheme(pattern).isPresent()
        ? listing.match(ObjectPath.of(pattern).withKey(""), ObjectPath.of(pattern).key())
        : listing.match(ObjectPath.of(folder), pattern);
  }

  @Override
  public InputStream open(String path) throws IOException {
    return new ObjectReader(requests, ObjectPath.of(path), null, 0);
  }

  @Override
  public InputStream open(FileInfo file) throws IOException {
    return new ObjectReader(requests, ObjectPath.of(file.path()), file.tag(), 0);
  }

  /** What is read is always of the version that was listed ({@link ObjectReader}). */
  @Override
  public boolean isUnchanged(FileInfo file) {
    return true;
  }

  @Override
  public SeekableByteChannel openChannel(FileInfo file) {
    return new ObjectChannel(requests, ObjectPath.of(file.path()), file.tag(), file.bytes());
  }

  /** A small object's bytes, and which version they are. */
  private record Version(String etag, byte[] bytes) {}

  private Optional<Version> version(String path) throws IOException {
    try (ObjectReader in = new ObjectReader(requests, ObjectPath.of(path), null, 0)) {
      byte[] bytes = in.readAllBytes();
      return Optional.of(new Version(in.etag(), bytes));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean replace(String path, Optional<byte[]> old, byte[] bytes) throws IOException {
    Optional<Version> now = version(path);
    if (now.isPresent() != old.isPresent()
        || (now.isPresent() && !Arrays.equals(now.get().bytes(), old.get()))) {
      return false;
    }
    return write(path, now, bytes);
  }

  private boolean write(String path, Optional<Version> seen, byte[] bytes) throws IOException {
    if (conditional.write(ObjectPath.of(path), seen.map(Version::etag), bytes)) {
      return true;
    }
    // Perhaps the answer to a first request got lost, and the second found what the first wrote.
    return version(path).map(v -> Arrays.equals(v.bytes(), bytes)).orElse(false);
  }

  @Override
  public boolean keepsConditions(String folder) throws IOException {
    return conditional.isKnownIn(ObjectPath.of(folder));
  }

  @Override
  public void addLine(String path, String line) throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<Version> now = version(path);
      String text =
          now.map(version -> new String(version.bytes(), StandardCharsets.UTF_8)).orElse("");
      if (text.lines().anyMatch(line::equals)) {
        return;
      }
      String begin = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
      if (write(path, now, (begin + line + "\n").getBytes(StandardCharsets.UTF_8))) {
        return;
      }
      if (tries == 100) {
        throw new IOException(path + ": others write to it all the time; try again");
      }
      letOthersFinish(tries);
    }
  }

  private static void letOthersFinish(int tries) throws IOException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(20 * Math.min(tries, 50)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void touch(String path) throws IOException {
    if (stat(path).isEmpty()) {
      conditional.write(ObjectPath.of(path), Optional.empty(), new byte[0]);
    }
  }

  @Override
  public boolean isWritable(String folder) throws IOException {
    try {
      conditional.isKnownIn(ObjectPath.of(folder));
      return true;
    } catch (AccessDeniedException e) {
      // Whether these are known at all is worth more words.
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void makeFolder(String folder) {
    // A folder is there as soon as something is in it.
  }

  @Override
  public void removeEmptyFolder(String folder) throws IOException {
    // There are no folders; only the probe may be left.
    delete(List.of(ConditionalWrites.probe(folder)));
  }

  @Override
  public Draft draft(String folder) {
    return new ObjectDraft(requests);
  }

  @Override
  public void removeAbandonedDrafts(String folder) throws IOException {
    ObjectPath path = ObjectPath.of(folder);
    Instant before = Instant.now().minus(ABANDONED);
    List<MultipartUpload> uploads;
    try {
      uploads =
          requests.make(
              path,
              client ->
                  client
                      .listMultipartUploadsPaginator(
                          r -> r.bucket(path.bucket()).prefix(path.prefix()))
                      .uploads()
                      .stream()
                      .filter(upload -> upload.initiated().isBefore(before))
                      .toList());
    } catch (AccessDeniedException | StoreException e) {
      // Listing uploads is a right of its own; a bucket's lifecycle rule does the same.
      return;
    }
    for (MultipartUpload upload : uploads) {
      try {
        ObjectDraft.abort(requests, path.withKey(upload.key()), upload.uploadId());
      } catch (FileNotFoundException | AccessDeniedException e) {
        // Somebody else was quicker, or has the right to.
      }
    }
  }

  @Override
  public void removeOlderThan(String folder, Duration age) throws IOException {
    long before = System.currentTimeMillis() - age.toMillis();
    delete(
        listing.directlyIn(ObjectPath.of(folder)).stream()
            .filter(file -> file.changedMillis() < before)
            .map(FileInfo::path)
            .toList());
  }

  @Override
  public List<String> names(String folder) throws IOException {
    return listing.directlyIn(ObjectPath.of(folder)).stream()
        .map(file -> StoragePath.name(file.path()))
        .sorted()
        .toList();
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    List<ObjectPath> all = paths.stream().map(ObjectPath::of).toList();
    for (int from = 0; from < all.size(); from += DELETED_AT_ONCE) {
      List<ObjectPath> some = all.subList(from, Math.min(all.size(), from + DELETED_AT_ONCE));
      ObjectPath first = some.get(0);
      List<ObjectIdentifier> keys =
          some.stream().map(p -> ObjectIdentifier.builder().key(p.key()).build()).toList();
      DeleteObjectsResponse response =
          requests.make(
              first,
              client ->
                  client.deleteObjects(r -> r.bucket(first.bucket()).delete(d -> d.objects(keys))));
      // The request succeeds also where single keys do not.
      for (S3Error error : response.errors()) {
        if (!"NoSuchKey".equals(error.code())) {
          throw new IOException(
              "%s cannot be removed: %s".formatted(first.withKey(error.key()), error.code()));
        }
      }
    }
  }

  @Override
  public List<Optional<byte[]>> readAll(List<String> paths) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(READ_AT_ONCE, paths.size()));
    try {
      List<Future<Optional<byte[]>>> reading = new ArrayList<>();
      for (String path : paths) {
        reading.add(threads.submit(() -> read(path)));
      }
      List<Optional<byte[]>> contents = new ArrayList<>();
      for (Future<Optional<byte[]>> one : reading) {
        contents.add(one.get());
      }
      return contents;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
