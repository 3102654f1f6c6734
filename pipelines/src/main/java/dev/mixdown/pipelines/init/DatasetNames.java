package dev.mixdown.pipelines.init;

import dev.mixdown.storage.Glob;
import dev.mixdown.storage.StoragePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names for datasets that nobody has named, from where they lie. */
final class DatasetNames {
  private DatasetNames() {}

  /**
   * A name for each path: the file's or folder's own, with the folder above it where two would be
   * called the same.
   */
  static Map<String, String> of(List<String> paths) {
    Map<String, Integer> times = new HashMap<>();
    paths.forEach(path -> times.merge(word(path), 1, Integer::sum));
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (String path : paths) {
      String name = word(path);
      if (times.getOrDefault(name, 0) > 1) {
        name = word(StoragePath.folder(trimmed(path))) + "_" + name;
      }
      String unique = name;
      for (int n = 2; !taken.add(unique); n++) {
        unique = name + "_" + n;
      }
      names.put(path, unique);
    }
    return names;
  }

  /** The last part of a path without its endings, in letters, digits and underscores. */
  private static String word(String path) {
    String name = StoragePath.name(trimmed(path));
    if (Glob.isGlob(name)) {
      // The part before the first wildcard, else the folder's name.
      String before = name.replaceFirst("[*?\\[{].*", "").replaceFirst("[^\\p{L}\\p{N}]+$", "");
      name =
          before.isEmpty() ? StoragePath.name(trimmed(StoragePath.folder(trimmed(path)))) : before;
    }
    String stem = path.endsWith("/") ? name : name.replaceFirst("(?<=.)\\..*", "");
    String word = stem.replaceAll("[^\\p{L}\\p{N}]+", "_").replaceAll("^_+|_+$", "");
    return word.isEmpty() ? "data" : word;
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
