package dev.mixdown.stores;

import dev.mixdown.configs.storage.FileInfo;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists objects: one request for a thousand, which say all that is to be known of each. */
final class Listing {
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private Listing() {}

  static FileInfo info(String path, long bytes, Instant modified, String etag) {
    return new FileInfo(path, bytes, modified.toEpochMilli(), modified.toEpochMilli(), etag);
  }

  /** Everything below a folder, or what a glob matches, by path; hidden objects are left out. */
  static List<FileInfo> match(ObjectPath pattern) throws IOException {
    String key = pattern.key();
    Matcher glob = GLOB.matcher(key);
    if (key.endsWith("/") || key.isEmpty() || !glob.find()) {
      String prefix = pattern.prefix();
      return list(pattern, prefix, null, k -> isVisible(k.substring(prefix.length())));
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + key);
    String name = key.substring(key.lastIndexOf('/') + 1);
    boolean hidden = name.startsWith(".") || name.startsWith("_");
    String prefix = key.substring(0, glob.start());
    return list(
        pattern,
        prefix,
        null,
        k ->
            matcher.matches(Path.of(k))
                && (hidden || isVisible(k.substring(k.lastIndexOf('/') + 1))));
  }

  /** What lies in a folder itself. */
  static List<FileInfo> directlyIn(ObjectPath folder) throws IOException {
    return list(folder, folder.prefix(), "/", key -> true);
  }

  private static List<FileInfo> list(
      ObjectPath path,
      String prefix,
      @org.jspecify.annotations.Nullable String delimiter,
      Predicate<String> wanted)
      throws IOException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(path.bucket())
            .prefix(prefix)
            .delimiter(delimiter)
            .build();
    List<FileInfo> found = new ArrayList<>();
    Requests.make(
        path.withKey(prefix),
        () -> {
          found.clear();
          for (S3Object object :
              StoreClients.of(path.scheme()).listObjectsV2Paginator(request).contents()) {
            // Some tools make objects of folders.
            if (!object.key().endsWith("/") && wanted.test(object.key())) {
              found.add(
                  info(
                      path.withKey(object.key()).toString(),
                      object.size(),
                      object.lastModified(),
                      object.eTag()));
            }
          }
          return found;
        });
    found.sort(Comparator.comparing(FileInfo::path));
    return found;
  }

  private static boolean isVisible(String relative) {
    for (String name : relative.split("/", -1)) {
      if (name.startsWith(".") || name.startsWith("_")) {
        return false;
      }
    }
    return true;
  }
}
