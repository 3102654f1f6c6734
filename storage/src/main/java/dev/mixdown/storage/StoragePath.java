package dev.mixdown.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths as text, with a scheme ({@code s3://bucket/key}) or without one ({@code data/a.jsonl}):
 * what one can say of them without asking a store.
 */
public final class StoragePath {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://.*", Pattern.DOTALL);

  /** Those that the stores of this class path have. */
  private static final NavigableSet<String> SCHEMES = schemes();

  private StoragePath() {}

  private static NavigableSet<String> schemes() {
    NavigableSet<String> schemes = new TreeSet<>();
    for (StoreProvider provider : providers()) {
      schemes.addAll(provider.schemes());
    }
    return Collections.unmodifiableNavigableSet(schemes);
  }

  static ServiceLoader<StoreProvider> providers() {
    return ServiceLoader.load(StoreProvider.class, StoreProvider.class.getClassLoader());
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

  /** Whether a path is one of this machine: without a scheme, or with {@code file://}. */
  public static boolean isLocal(String path) {
    return scheme(path).map("file"::equals).orElse(true);
  }

  /**
   * The file of this machine that a path means.
   *
   * @param path one that {@link #isLocal}
   */
  public static Path local(String path) {
    return Path.of(scheme(path).isPresent() ? localText(path) : path);
  }

  /**
   * The path that a {@code file://} form means. Characters that a URI writes as {@code %20} are
   * read so; where a file of the name as it is written is there, that one is meant.
   */
  private static String localText(String uri) {
    String raw = uri.substring(uri.indexOf("://") + 3).replaceFirst("^localhost(?=/)", "");
    String decoded = decoded(raw);
    return Files.exists(Path.of(decoded)) || !Files.exists(Path.of(raw)) ? decoded : raw;
  }

  private static String decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
      if (low >= 0) {
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Whether {@code path} is in a place that can be opened. */
  public static boolean isSupported(String path) {
    return scheme(path).map(SCHEMES::contains).orElse(true);
  }

  /** The message about a path that is not supported. */
  public static String cannotOpen(String path) {
    StringBuilder can = new StringBuilder("local paths");
    SCHEMES.stream()
        .filter(scheme -> !scheme.equals("file"))
        .forEach(scheme -> can.append(", ").append(scheme).append("://"));
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
    return isLocal(path) ? local(path).toAbsolutePath().normalize().toString() : path;
  }
}
