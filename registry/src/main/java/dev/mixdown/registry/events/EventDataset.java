package dev.mixdown.registry.events;

import dev.mixdown.storage.StoragePath;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dataset as OpenLineage names it: a bucket and a key, or, on a local disk, a path.
 *
 * @param namespace {@code s3://bucket} or {@code obs://bucket}; of a local one the word file
 * @param name the path in it
 * @param version its content hash, or a manifest's id; null where that is not known
 * @param format as files are written: {@code jsonl}, {@code parquet}; null where that is not known
 * @param rows records or samples; -1 where that is not known
 * @param fields names and types of its columns, as far as they are known
 */
public record EventDataset(
    String namespace,
    String name,
    @Nullable String version,
    @Nullable String format,
    long rows,
    long bytes,
    long files,
    Map<String, String> fields) {
  private static final Pattern BUCKET = Pattern.compile("(\\w+://[^/]+)/*(.*)");

  /** A dataset at a place, of which nothing else is known. */
  public static EventDataset at(String path) {
    String full = StoragePath.absolute(path).replaceAll("(?<=[^/])/+$", "");
    Matcher bucket = BUCKET.matcher(full);
    boolean far = bucket.matches() && !full.startsWith("file:");
    return new EventDataset(
        far ? bucket.group(1) : "file",
        far ? (bucket.group(2).isEmpty() ? "/" : bucket.group(2)) : full,
        null,
        null,
        -1,
        -1,
        -1,
        Map.of());
  }

  /** The same, with what is in it. */
  public EventDataset with(
      String version,
      @Nullable String format,
      long rows,
      long bytes,
      long files,
      Map<String, String> fields) {
    return new EventDataset(namespace, name, version, format, rows, bytes, files, fields);
  }

  /** The kind of place that it lies in. */
  String storage() {
    Optional<String> scheme = StoragePath.scheme(namespace);
    return scheme.orElse("file");
  }
}
