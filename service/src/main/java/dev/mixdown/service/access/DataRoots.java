package dev.mixdown.service.access;

import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where paths in requests may lead: below some folders of this machine, symbolic links followed,
 * and into some buckets.
 */
public final class DataRoots {
  private final List<Path> folders;
  private final Supplier<Set<String>> buckets;

  /**
   * @param folders the data roots and the release repository; those that are not there hold nothing
   * @param buckets with their scheme, as {@code s3://training}; asked for when one is named
   */
  public DataRoots(List<Path> folders, Supplier<Set<String>> buckets) {
    this.folders = List.copyOf(folders);
    this.buckets = buckets;
  }

  /**
   * A path that may be read.
   *
   * @return the path with symbolic links followed
   * @throws HttpProblem 403 for one that may not be, whether or not something is there; 404 where
   *     nothing is
   */
  public String allowed(String path) throws IOException {
    if (StoragePath.scheme(path).isPresent()) {
      String bucket = bucket(path);
      if (path.contains("/../") || !buckets.get().contains(bucket)) {
        throw HttpProblem.of(
            403, "%s: only buckets that the release repository names are read".formatted(path));
      }
      return path;
    }
    Path asked = path(path);
    if (!Files.exists(asked)) {
      // Whether there is something elsewhere is nobody's business.
      if (!isBelow(parentThatIs(asked))) {
        throw forbidden(path);
      }
      throw HttpProblem.notFound(path + ": there is no such file");
    }
    Path real = asked.toRealPath();
    if (!isBelow(real)) {
      throw forbidden(path);
    }
    return real.toString();
  }

  /** Whether a path is one of those that may be read. */
  public boolean allows(String path) throws IOException {
    try {
      allowed(path);
      return true;
    } catch (HttpProblem e) {
      return e.status() == 404;
    }
  }

  private static Path path(String path) {
    try {
      return Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw HttpProblem.invalid("file_path", "this cannot be a path");
    }
  }

  private static Path parentThatIs(Path path) throws IOException {
    Path at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at.toRealPath();
  }

  private boolean isBelow(Path real) throws IOException {
    for (Path folder : folders) {
      if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  private static HttpProblem forbidden(String path) {
    return HttpProblem.of(
        403,
        "%s: only paths below the release repository and the --data-root folders are read"
            .formatted(path));
  }

  /** The bucket of an object, with its scheme. */
  public static String bucket(String uri) {
    int slash = uri.indexOf('/', uri.indexOf("://") + 3);
    return slash < 0 ? uri : uri.substring(0, slash);
  }
}
