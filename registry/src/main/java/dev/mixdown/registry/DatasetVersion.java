package dev.mixdown.registry;

import dev.mixdown.storage.Digests;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset at one moment, identified by its content. The same content told of again, under another
 * name, at another place, or with another tag, is another record with the same {@link #fileHash}.
 *
 * @param id the hash, and eight digits of a digest of what else is told
 * @param datasetName the dataset's
 * @param filePath where it lay: a file, a folder or a glob, in full
 * @param fileHash the SHA-256 of its one shard; of several, the SHA-256 over the sorted list of
 *     their SHA-256 and record counts
 * @param hashAlgorithm always {@code sha256}
 * @param fileSize bytes of all shards
 * @param fileSizeMb the same in units of 1,048,576 bytes, to two decimals
 * @param format {@code jsonl}, {@code csv} or {@code parquet}, with its compression where all
 *     shards have the same; {@code mixed}
 * @param numSamples good records of all shards
 * @param tags words that people find it by
 * @param createdAt when this was recorded; of a backfilled version, when its files had last changed
 * @param modifiedAt when the newest of its files had last changed
 * @param shards by path; empty in a {@link #summary}
 * @param backfilled whether it was made from what was found long after
 */
public record DatasetVersion(
    String id,
    String datasetName,
    String filePath,
    String fileHash,
    String hashAlgorithm,
    long fileSize,
    BigDecimal fileSizeMb,
    String format,
    long numSamples,
    @Nullable String description,
    List<String> tags,
    String createdAt,
    @Nullable String modifiedAt,
    List<Shard> shards,
    boolean backfilled)
    implements RegistryEntry {

  /**
   * One file of a version.
   *
   * @param modifiedAt when it had last changed; null where nobody looked
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

  /** What is told of a version beside its content. */
  public record VersionDetails(
      String datasetName,
      String filePath,
      @Nullable String description,
      List<String> tags,
      String createdAt,
      boolean backfilled) {}

  /**
   * A version of a dataset.
   *
   * @param shards by path; at least one
   */
  public static DatasetVersion of(VersionDetails telling, List<Shard> shards) {
    String hash = hash(shards);
    long bytes = shards.stream().mapToLong(Shard::bytes).sum();
    String places =
        String.join(
            "\u0000",
            telling.datasetName(),
            telling.filePath(),
            String.valueOf(telling.description()),
            String.join(",", telling.tags()),
            String.join("\u0000", shards.stream().map(Shard::uri).toList()));
    return new DatasetVersion(
        hash + "-" + Digests.sha256(places).substring(0, 8),
        telling.datasetName(),
        telling.filePath(),
        hash,
        "sha256",
        bytes,
        megabytes(bytes),
        format(shards),
        shards.stream().mapToLong(Shard::records).sum(),
        telling.description(),
        telling.tags(),
        telling.createdAt(),
        newest(shards),
        shards,
        telling.backfilled());
  }

  private static String format(List<Shard> shards) {
    List<String> formats = shards.stream().map(Shard::format).distinct().toList();
    if (formats.size() > 1) {
      // Some are compressed, perhaps.
      formats = formats.stream().map(f -> f.replaceFirst("\\..*", "")).distinct().toList();
    }
    return formats.size() == 1 ? formats.get(0) : "mixed";
  }

  private static BigDecimal megabytes(long bytes) {
    BigDecimal megabytes =
        BigDecimal.valueOf(bytes)
            .divide(BigDecimal.valueOf(1 << 20), 2, RoundingMode.HALF_EVEN)
            .stripTrailingZeros();
    return megabytes.scale() < 0 ? megabytes.setScale(0) : megabytes;
  }

  /** When the newest of some files had last changed; null where nobody looked. */
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

  DatasetVersion withTags(List<String> other) {
    return copy(other, shards);
  }

  private DatasetVersion copy(List<String> newTags, List<Shard> newShards) {
    return new DatasetVersion(
        id,
        datasetName,
        filePath,
        fileHash,
        hashAlgorithm,
        fileSize,
        fileSizeMb,
        format,
        numSamples,
        description,
        newTags,
        createdAt,
        modifiedAt,
        newShards,
        backfilled);
  }
}
