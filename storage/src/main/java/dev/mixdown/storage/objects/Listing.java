package dev.mixdown.storage.objects;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Glob;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists objects: one request for a thousand, which say all that is to be known of each. */
final class Listing {
  private static final Pattern PLAIN = Pattern.compile("[^*?\\[{\\\\]*");

  private final Requests requests;

  Listing(Requests requests) {
    this.requests = requests;
  }

  static FileInfo info(String path, long bytes, Instant modified, String etag) {
    return new FileInfo(path, bytes, modified.toEpochMilli(), modified.toEpochMilli(), etag);
  }

  /**
   * Everything below a folder, or what a glob fits, by path; hidden objects are left out.
   *
   * @param folder taken as it is written
   * @param pattern seen from it
   */
  Matched match(ObjectPath folder, String pattern) throws IOException {
    String literal = pattern;
    String rest = "**";
    if (Glob.isGlob(pattern)) {
      int name = 0;
      while (!Glob.isGlob(pattern.substring(name, end(pattern, name)))) {
        name = end(pattern, name) + 1;
      }
      literal = pattern.substring(0, name);
      rest = pattern.substring(name) + (pattern.endsWith("/") ? "**" : "");
    }
    String base =
        literal.isEmpty()
            ? folder.prefix()
            : ObjectPath.of(StoragePath.resolve(folder.toString(), literal)).prefix();
    Glob glob = new Glob(rest);
    Set<String> hidden = new HashSet<>();
    List<FileInfo> files =
        list(
            folder,
            base + letters(rest),
            null,
            key -> {
              String relative = key.substring(base.length());
              Glob.Fit fit = glob.fit(relative);
              if (fit == Glob.Fit.HIDDEN) {
                hidden.add(firstHidden(relative));
              }
              return fit == Glob.Fit.YES;
            });
    return new Matched(files, hidden.size(), List.of());
  }

  private static int end(String pattern, int from) {
    int slash = pattern.indexOf('/', from);
    return slash < 0 ? pattern.length() : slash;
  }

  /** What every name that fits begins with: the store lists fewer objects then. */
  private static String letters(String glob) {
    Matcher plain = PLAIN.matcher(glob);
    return plain.lookingAt() ? plain.group() : "";
  }

  /** A hidden object, or the hidden folder that it lies in. */
  private static String firstHidden(String relative) {
    int from = 0;
    while (!Glob.isHidden(relative.substring(from)) && relative.indexOf('/', from) >= 0) {
      from = relative.indexOf('/', from) + 1;
    }
    return relative.substring(0, end(relative, from));
  }

  /** What lies in a folder itself. */
  List<FileInfo> directlyIn(ObjectPath folder) throws IOException {
    return list(folder, folder.prefix(), "/", key -> true);
  }

  private List<FileInfo> list(
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
    requests.make(
        path.withKey(prefix),
        client -> {
          found.clear();
          for (S3Object object : client.listObjectsV2Paginator(request).contents()) {
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
}
