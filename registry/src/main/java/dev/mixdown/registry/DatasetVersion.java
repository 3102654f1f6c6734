package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.mixdown.storage.Digests;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A dataset at one moment, identified by its content. The same content recorded again, under
 * another name, at another place, or with another tag, is another record with the same {@link
 * #version}.
 *
 * @param id the hash, and eight digits of a digest of the other values
 * @param dataset its name
 * @param uri where it lay: a file, a folder or a glob, in full
 * @param version the SHA-256 of its one shard; of several, the SHA-256 over the sorted list of
 *     their SHA-256 and record counts
 * @param bytes bytes of all shards
 * @param format {@code jsonl}, {@code csv} or {@code parquet}, with its compression where all
 *     shards have the same; {@code mixed}
 * @param records good records of all shards; {@link #UNKNOWN} where nobody has counted them
 * @param tags words that people find it by
 * @param createdAt when this was recorded; of a backfilled version, when its files had last changed
 * @param modifiedAt when the newest of its files had last changed
 * @param shards by path; empty in a {@link #summary}
 * @param backfilled whether it was made from what was found long after
 * @param importedFrom the database that it stood in; null for those that mixdown counted itself
 */
public record DatasetVersion(
    String id,
    @JsonAlias("dataset_name") String dataset,
    @JsonAlias("file_path") String uri,
    @JsonAlias("file_hash") String version,
    @JsonAlias("file_size") long bytes,
    String format,
    @JsonAlias("num_samples") long records,
    @Nullable String description,
    List<String> tags,
    String createdAt,
    @Nullable String modifiedAt,
    List<Shard> shards,
    boolean backfilled,
    @Nullable String importedFrom)
    implements RegistryEntry {
  /** The number of records of a version that was not counted. */
  public static final long UNKNOWN = -1;

  /**
   * One file of a version.
   *
   * @param modifiedAt when it had last changed; null where that is not known
   */
  public record Shard(
      String uri,
      String sha256,
      long bytes,
      long records,
      String format,
      @Nullable String modifiedAt) {}

  public DatasetVersion {
    tags = tags == null ? List.of() : List.copyOf(tags);
    shards = shards == null ? List.of() : List.copyOf(shards);
  }

  /** What is recorded of a version beside its content. */
  public record VersionDetails(
      String dataset,
      String uri,
      @Nullable String description,
      List<String> tags,
      String createdAt,
      boolean backfilled) {}

  /**
   * A version of a dataset.
   *
   * @param shards by path; at least one
   */
  public static DatasetVersion of(VersionDetails details, List<Shard> shards) {
    String hash = hash(shards);
    long bytes = shards.stream().mapToLong(Shard::bytes).sum();
    String places =
        String.join(
            "\u0000",
            details.dataset(),
            details.uri(),
            String.valueOf(details.description()),
            String.join(",", details.tags()),
            String.join("\u0000", shards.stream().map(Shard::uri).toList()));
    return new DatasetVersion(
        hash + "-" + Digests.sha256(places).substring(0, 8),
        details.dataset(),
        details.uri(),
        hash,
        bytes,
        format(shards),
        shards.stream().mapToLong(Shard::records).sum(),
        details.description(),
        details.tags(),
        details.createdAt(),
        newest(shards),
        shards,
        details.backfilled(),
        null);
  }

  private static String format(List<Shard> shards) {
    List<String> formats = shards.stream().map(Shard::format).distinct().toList();
    if (formats.size() > 1) {
      // Some are compressed, perhaps.
      formats = formats.stream().map(f -> f.replaceFirst("\\..*", "")).distinct().toList();
    }
    return formats.size() == 1 ? formats.get(0) : "mixed";
  }

  /** When the newest of some files had last changed; null where that is not known. */
  public static @Nullable String newest(List<Shard> shards) {
    String newest = null;
    for (Shard shard : shards) {
      String modified = shard.modifiedAt();
      if (modified != null && (newest == null || modified.compareTo(newest) > 0)) {
        newest = modified;
      }
    }
    return newest;
  }

  /**
   * What identifies a dataset's content: the SHA-256 of its one shard; of several, the SHA-256 over
   * the sorted lines of their SHA-256 and record counts.
   */
  public static String hash(List<Shard> shards) {
    if (shards.size() == 1) {
      return shards.get(0).sha256();
    }
    StringBuilder lines = new StringBuilder();
    shards.stream().map(s -> s.sha256() + " " + s.records() + "\n").sorted().forEach(lines::append);
    return Digests.sha256(lines.toString());
  }

  @Override
  public EntryKind<DatasetVersion> entryKind() {
    return EntryKind.VERSION;
  }

  @Override
  public DatasetVersion summary() {
    return copy(tags, List.of());
  }

  /** How many records it has; empty where nobody has counted them. */
  public OptionalLong counted() {
    return records == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(records);
  }

  /** The same, with the database that it stood in. */
  public DatasetVersion importedFrom(String database) {
    return new DatasetVersion(
        id,
        dataset,
        uri,
        version,
        bytes,
        format,
        records,
        description,
        tags,
        createdAt,
        modifiedAt,
        shards,
        backfilled,
        database);
  }

  /** The same, with other tags. */
  public DatasetVersion withTags(List<String> other) {
    return copy(other, shards);
  }

  private DatasetVersion copy(List<String> newTags, List<Shard> newShards) {
    return new DatasetVersion(
        id,
        dataset,
        uri,
        version,
        bytes,
        format,
        records,
        description,
        newTags,
        createdAt,
        modifiedAt,
        newShards,
        backfilled,
        importedFrom);
  }
}
