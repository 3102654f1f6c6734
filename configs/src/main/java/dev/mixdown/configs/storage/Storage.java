package dev.mixdown.configs.storage;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where every file of a run is read and written: the release repository, shards, workspace and
 * output. Paths are text, so that a path with a scheme ({@code s3://}) fits wherever a local one
 * does. Local paths are the ones that this version can open.
 */
public final class Storage {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://.*");
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private Storage() {}

  /**
   * The scheme of a path that names one, in lower case.
   *
   * @return empty for a local path
   */
  public static Optional<String> scheme(String path) {
    Matcher matcher = SCHEME.matcher(path);
    return matcher.matches()
        ? Optional.of(matcher.group(1).toLowerCase(java.util.Locale.ROOT))
        : Optional.empty();
  }

  /** Whether {@code path} is in a place that this version can open. */
  public static boolean isSupported(String path) {
    return scheme(path).map("file"::equals).orElse(true);
  }

  static Path local(String path) {
    Optional<String> scheme = scheme(path);
    if (scheme.isPresent()) {
      if (!scheme.get().equals("file")) {
        throw new UnsupportedOperationException(
            path + ": " + scheme.get() + ":// paths cannot be opened by this version");
      }
      return Path.of(java.net.URI.create(path));
    }
    return Path.of(path);
  }

  /** {@code path} as seen from {@code folder}; absolute paths and those with a scheme stay. */
  public static String resolve(String folder, String path) {
    if (scheme(path).isPresent()) {
      return path;
    }
    if (scheme(folder).isPresent() && !path.startsWith("/")) {
      return folder.replaceAll("/+$", "") + "/" + path;
    }
    String resolved = Path.of(folder).resolve(path).normalize().toString();
    // A trailing slash says "a folder" and is lost by Path.
    return path.endsWith("/") ? resolved + "/" : resolved;
  }

  /** The folder that {@code path} lies in. */
  public static String folder(String path) {
    int slash = path.replaceAll("/+$", "").lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
  }

  /** The last name of {@code path}. */
  public static String name(String path) {
    String trimmed = path.replaceAll("/+$", "");
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  /** The path in full, as it goes into records that are read elsewhere. */
  public static String absolute(String path) {
    return scheme(path).isPresent() && !scheme(path).get().equals("file")
        ? path
        : local(path).toAbsolutePath().normalize().toString();
  }

  /** What is known of the file at {@code path}; empty when there is none. */
  public static Optional<FileInfo> stat(String path) throws IOException {
    Path file = local(path);
    try {
      return Files.isRegularFile(file) ? Optional.of(stat(file, path)) : Optional.empty();
    } catch (NoSuchFileException e) {
      // Somebody removed or renamed it just now.
      return Optional.empty();
    }
  }

  private static FileInfo stat(Path file, String path) throws IOException {
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    FileTime modified = basic.lastModifiedTime();
    // The change time is the kernel's own: unlike the modification time nobody can set it back.
    FileTime changed =
        file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(file, "unix:ctime") instanceof FileTime time
            ? time
            : modified;
    return new FileInfo(
        path,
        basic.size(),
        modified.toMillis(),
        Math.max(modified.toMillis(), changed.toMillis()),
        basic.fileKey() + "@" + modified.toInstant() + "@" + changed.toInstant());
  }

  /**
   * The files that {@code pattern} means, by path: one file, all files below a folder (a path that
   * ends in {@code /}, or is a folder), or those that match a glob. A file whose name has a glob's
   * characters is found by its name first. Hidden files and those that begin with {@code _} are
   * left out of folders, as everywhere in this field.
   */
  public static List<FileInfo> match(String pattern) throws IOException {
    Path path = local(pattern);
    List<FileInfo> found = new ArrayList<>();
    if (Files.isRegularFile(path)) {
      stat(pattern).ifPresent(found::add);
    } else if (Files.isDirectory(path)) {
      walk(path, Integer.MAX_VALUE, file -> visible(path.relativize(file)), found);
    } else if (GLOB.matcher(pattern).find()) {
      String text = path.toString();
      int glob = firstGlob(text);
      int slash = text.lastIndexOf('/', glob);
      Path base = Path.of(slash < 0 ? "" : slash == 0 ? "/" : text.substring(0, slash));
      if (Files.isDirectory(base.toString().isEmpty() ? Path.of(".") : base)) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + text);
        String last = name(text);
        boolean hidden = last.startsWith(".") || last.startsWith("_");
        // Without ** a glob reaches no further down than it has slashes.
        int depth =
            text.contains("**")
                ? Integer.MAX_VALUE
                : path.getNameCount() - (base.toString().isEmpty() ? 0 : base.getNameCount());
        walk(
            base.toString().isEmpty() ? Path.of("") : base,
            depth,
            file -> matcher.matches(file) && (hidden || visible(file.getFileName())),
            found);
      }
    }
    found.sort(Comparator.comparing(FileInfo::path));
    return found;
  }

  private static int firstGlob(String text) {
    Matcher matcher = GLOB.matcher(text);
    return matcher.find() ? matcher.start() : text.length();
  }

  private static boolean visible(Path relative) {
    for (Path part : relative) {
      String name = part.toString();
      if (name.startsWith(".") || name.startsWith("_")) {
        return false;
      }
    }
    return true;
  }

  private static void walk(Path base, int depth, Predicate<Path> wanted, List<FileInfo> found)
      throws IOException {
    try (Stream<Path> files = Files.walk(base, depth, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file :
          (Iterable<Path>) files.filter(wanted).filter(Files::isRegularFile)::iterator) {
        stat(file.toString()).ifPresent(found::add);
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Opens a file for reading from its beginning. */
  public static InputStream open(String path) throws IOException {
    try {
      return Files.newInputStream(local(path));
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(path);
    }
  }

  /** Opens a file for reading anywhere in it. */
  public static FileChannel openChannel(String path) throws IOException {
    return FileChannel.open(local(path), StandardOpenOption.READ);
  }

  /** A small file, whole; empty when there is none. */
  public static Optional<byte[]> read(String path) throws IOException {
    try (InputStream in = new BufferedInputStream(open(path))) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** A small file as UTF-8 text; empty when there is none. */
  public static Optional<String> readText(String path) throws IOException {
    return read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Writes a small file: afterwards a reader finds the old bytes or the new, never a part. */
  public static void write(String path, byte[] bytes) throws IOException {
    try (Draft draft = draft(folder(path))) {
      draft.write(bytes);
      draft.publish(path);
    }
  }

  /**
   * Puts a file in the place of the one that somebody has read, if that is still what lies there.
   * Of several who do so at once, one succeeds.
   *
   * @param path in a folder that exists
   * @param old what was read; empty when there was no file
   * @return whether the file was replaced; if not, it is as somebody else left it
   */
  public static boolean replace(String path, Optional<byte[]> old, byte[] bytes)
      throws IOException {
    Path file = local(path);
    // A link stays one.
    file = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    try (FolderLock lock = FolderLock.take(Objects.requireNonNull(file.getParent()))) {
      Optional<byte[]> now = read(file.toString());
      if (now.isPresent() != old.isPresent()
          || (now.isPresent() && !Arrays.equals(now.get(), old.get()))) {
        return false;
      }
      try (Draft draft = draft(folder(file.toString()))) {
        draft.write(bytes);
        draft.likeThe(file);
        draft.publish(file.toString());
      }
      return true;
    }
  }

  /**
   * Adds a line to a file that has none like it yet; makes the file where there is none. Lines of
   * several who do so at once are all kept, each whole.
   *
   * @param line without its end
   */
  public static void addLine(String path, String line) throws IOException {
    Path file = local(path).toAbsolutePath();
    touch(path);
    try (FolderLock lock = FolderLock.take(Objects.requireNonNull(file.getParent()))) {
      String text = readText(path).orElse("");
      if (text.lines().anyMatch(line::equals)) {
        return;
      }
      // Somebody's last line may lack its end.
      String begin = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
      ByteBuffer bytes = ByteBuffer.wrap((begin + line + "\n").getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
    }
  }

  /** Makes an empty file, with its folder, where there is none; else only finds it writable. */
  public static void touch(String path) throws IOException {
    Path file = local(path).toAbsolutePath();
    Path folder = Objects.requireNonNull(file.getParent());
    if (Files.notExists(folder)) {
      Path above = folder.getParent();
      Files.createDirectories(folder);
      Permissions.likeItsFolder(folder, Objects.requireNonNullElse(above, folder));
    }
    boolean made = Files.notExists(file);
    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    if (made) {
      Permissions.likeItsFolder(file, folder);
    }
  }

  /** Whether files can be made in a folder, which need not be there yet. */
  public static boolean isWritable(String folder) {
    if (!isSupported(folder)) {
      return false;
    }
    Path path = local(folder).toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path != null && Files.isDirectory(path) && Files.isWritable(path);
  }

  /** Makes a folder, and those above it, where stores have folders. */
  public static void makeFolder(String folder) throws IOException {
    Files.createDirectories(local(folder));
  }

  /** Begins a file that will lie in {@code folder}, and have its name only when it is whole. */
  public static Draft draft(String folder) throws IOException {
    Path path = local(folder);
    Files.createDirectories(path);
    return new Draft(path);
  }

  /** Removes the drafts in a folder that processes left which were killed. */
  public static void removeAbandonedDrafts(String folder) throws IOException {
    for (String name : names(folder)) {
      String path = resolve(folder, name);
      if (stat(path).map(Draft::isAbandoned).orElse(false)) {
        delete(path);
      }
    }
  }

  /** Removes the files in a folder that did not change for a while. */
  public static void removeOlderThan(String folder, Duration age) throws IOException {
    long before = System.currentTimeMillis() - age.toMillis();
    for (String name : names(folder)) {
      String path = resolve(folder, name);
      if (stat(path).map(file -> file.changedMillis() < before).orElse(false)) {
        delete(path);
      }
    }
  }

  /** The names of the files directly in a folder; none when there is no such folder. */
  public static List<String> names(String folder) throws IOException {
    Path path = local(folder);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .toList();
    }
  }

  /** Removes a file, if it is there. */
  public static void delete(String path) throws IOException {
    Files.deleteIfExists(local(path));
  }
}
