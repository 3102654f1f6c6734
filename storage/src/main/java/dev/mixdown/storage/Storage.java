package dev.mixdown.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where every file of a run is read and written: the release repository, shards, workspace and
 * output. Paths are text, so that a path with a scheme ({@code s3://}) fits wherever a local one
 * does; each is answered by the {@link Store} of its scheme.
 */
public final class Storage {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://.*", Pattern.DOTALL);

  private static final Store LOCAL = new LocalFiles();
  private static final Map<String, Store> STORES = stores();

  private Storage() {}

  private static Map<String, Store> stores() {
    Map<String, Store> stores = new HashMap<>();
    for (Store store : ServiceLoader.load(Store.class, Store.class.getClassLoader())) {
      store.schemes().forEach(scheme -> stores.put(scheme, store));
    }
    LOCAL.schemes().forEach(scheme -> stores.put(scheme, LOCAL));
    return Map.copyOf(stores);
  }

  private static Store store(String path) {
    Optional<String> scheme = scheme(path);
    Store store = scheme.isEmpty() ? LOCAL : STORES.get(scheme.get());
    if (store == null) {
      throw new UnsupportedOperationException(path + ": " + cannotOpen(path));
    }
    return store;
  }

  /**
   * The scheme of a path that names one, in lower case.
   *
   * @return empty for a local path
   */
  public static Optional<String> scheme(String path) {
    Matcher matcher = SCHEME.matcher(path);
    return matcher.matches()
        ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private static boolean isLocal(String path) {
    return store(path) == LOCAL;
  }

  /** Whether {@code path} is in a place that can be opened. */
  public static boolean isSupported(String path) {
    return scheme(path).map(STORES::containsKey).orElse(true);
  }

  /** What to tell somebody whose path is not supported. */
  public static String cannotOpen(String path) {
    StringBuilder can = new StringBuilder("local paths");
    for (String scheme : new TreeSet<>(STORES.keySet())) {
      if (!scheme.equals("file")) {
        can.append(", ").append(scheme).append("://");
      }
    }
    return scheme(path).orElse("") + ":// paths cannot be opened; these can: " + can;
  }

  /** {@code path} as seen from {@code folder}; absolute paths and those with a scheme stay. */
  public static String resolve(String folder, String path) {
    if (scheme(path).isPresent()) {
      return path;
    }
    if (scheme(folder).isPresent() && !path.startsWith("/")) {
      return normalize(folder.replaceAll("/+$", "") + "/" + path);
    }
    String resolved = Path.of(folder).resolve(path).normalize().toString();
    // A trailing slash says "a folder" and is lost by Path.
    return path.endsWith("/") ? resolved + "/" : resolved;
  }

  /** Object stores have no folders that {@code ..} could mean. */
  private static String normalize(String path) {
    int root = path.indexOf("://") + 3;
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.substring(root).split("/", -1)) {
      if (name.equals("..") && names.size() > 1) {
        names.removeLast();
      } else if (!name.equals(".") && !name.equals("..")) {
        names.addLast(name);
      }
    }
    return path.substring(0, root) + String.join("/", names);
  }

  /** The folder that {@code path} lies in; a bucket lies in itself. */
  public static String folder(String path) {
    int root = scheme(path).isPresent() ? path.indexOf("://") + 3 : 0;
    String trimmed = path.replaceAll("/+$", "");
    int slash = trimmed.lastIndexOf('/');
    if (slash < root) {
      return root > 0 ? trimmed : slash < 0 ? "." : "/";
    }
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  /** The last name of {@code path}. */
  public static String name(String path) {
    String trimmed = path.replaceAll("/+$", "");
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  /** The path in full, as it goes into records that are read elsewhere. */
  public static String absolute(String path) {
    return isSupported(path) && isLocal(path) ? LocalFiles.absolute(path) : path;
  }

  /** What is known of the file at {@code path}; empty when there is none. */
  public static Optional<FileInfo> stat(String path) throws IOException {
    return store(path).stat(path);
  }

  /**
   * The files that {@code pattern} means, by path: one file, all files below a folder (a path that
   * ends in {@code /}, or is a folder), or those that a {@link Glob} fits. What is there under the
   * name as it is written is taken first. Hidden files and those that begin with {@code _} are left
   * out, as everywhere in this field.
   *
   * @param folder from which a relative pattern is seen; nothing in it is a pattern
   */
  public static Matched match(String folder, String pattern) throws IOException {
    Store store = store(scheme(pattern).isPresent() || pattern.startsWith("/") ? pattern : folder);
    return store.match(folder, pattern);
  }

  /** The files that a pattern means, seen from where the process runs. */
  public static Matched match(String pattern) throws IOException {
    return match("", pattern);
  }

  /** Opens a file for reading from its beginning. */
  public static InputStream open(String path) throws IOException {
    return store(path).open(path);
  }

  /**
   * Opens a file, as it was listed, for reading from its beginning. Where the store can tell, a
   * file that was replaced since then gives a {@link FileChangedException}.
   */
  public static InputStream open(FileInfo file) throws IOException {
    return store(file.path()).open(file);
  }

  /** Whether a file that has just been read is the one that was listed. */
  public static boolean isUnchanged(FileInfo file) throws IOException {
    return store(file.path()).isUnchanged(file);
  }

  /** Opens a file, as it was listed, for reading anywhere in it. */
  public static SeekableByteChannel openChannel(FileInfo file) throws IOException {
    return store(file.path()).openChannel(file);
  }

  /** A small file, whole; empty when there is none. */
  public static Optional<byte[]> read(String path) throws IOException {
    return store(path).read(path);
  }

  /** Small files of one store, whole; empty where there is none. Far ones are read side by side. */
  public static List<Optional<byte[]>> readAll(List<String> paths) throws IOException {
    return paths.isEmpty() ? List.of() : store(paths.get(0)).readAll(paths);
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
    return store(path).replace(path, old, bytes);
  }

  /**
   * Adds a line to a file that has none like it yet; makes the file where there is none. Lines of
   * several who do so at once are all kept, each whole.
   *
   * @param line without its end
   */
  public static void addLine(String path, String line) throws IOException {
    store(path).addLine(path, line);
  }

  /** Makes an empty file, with its folder, where there is none; else only finds it writable. */
  public static void touch(String path) throws IOException {
    store(path).touch(path);
  }

  /** Whether there is a symbolic link of this name. */
  public static boolean isLink(String path) throws IOException {
    return store(path).isLink(path);
  }

  /**
   * Whether files can be made in a folder, which need not be there yet.
   *
   * @throws IOException when the store cannot be asked, or says why not
   */
  public static boolean isWritable(String folder) throws IOException {
    return isSupported(folder) && store(folder).isWritable(folder);
  }

  /** Makes a folder, and those above it, where stores have folders. */
  public static void makeFolder(String folder) throws IOException {
    store(folder).makeFolder(folder);
  }

  /** Begins a file that will lie in {@code folder}, and have its name only when it is whole. */
  public static Draft draft(String folder) throws IOException {
    return store(folder).draft(folder);
  }

  /** Removes the drafts in a folder that processes left which were killed. */
  public static void removeAbandonedDrafts(String folder) throws IOException {
    store(folder).removeAbandonedDrafts(folder);
  }

  /** Removes the files in a folder that did not change for a while. */
  public static void removeOlderThan(String folder, Duration age) throws IOException {
    store(folder).removeOlderThan(folder, age);
  }

  /** The names of the files directly in a folder; none when there is no such folder. */
  public static List<String> names(String folder) throws IOException {
    return store(folder).names(folder);
  }

  /** Removes files of one store, those that are there. */
  public static void delete(Collection<String> paths) throws IOException {
    if (!paths.isEmpty()) {
      store(paths.iterator().next()).delete(paths);
    }
  }
}
