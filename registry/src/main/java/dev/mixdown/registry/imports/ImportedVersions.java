package dev.mixdown.registry.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.DatasetVersion.VersionDetails;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.PlatformRows.PlatformRow;
import dev.mixdown.registry.platform.PlatformRows.UnreadCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows of the table of dataset versions as entries. */
final class ImportedVersions {
  private ImportedVersions() {}

  /**
   * A row as a version; empty where it is none.
   *
   * @param moved where its file is now
   */
  static Optional<DatasetVersion> of(
      PlatformRow row, String from, UnaryOperator<String> moved, Consumer<UnreadCell> unread) {
    String hash = row.text("file_hash");
    String algorithm = Objects.requireNonNullElse(row.text("hash_algorithm"), "sha256");
    if (hash == null || !algorithm.equalsIgnoreCase("sha256") || !hash.matches("[0-9a-fA-F]{64}")) {
      unread.accept(
          new UnreadCell(
              "dataset_versions",
              row.id(),
              "file_hash",
              "is %s (%s), which is not a SHA-256; the row was left out"
                  .formatted(hash, algorithm)));
      return Optional.empty();
    }
    String path = moved.apply(Objects.requireNonNullElse(row.text("file_path"), ""));
    String name = row.text("dataset_name");
    String format = Objects.requireNonNullElse(row.text("format"), "");
    String created = Objects.requireNonNullElse(time(row.text("created_at")), "");
    Shard shard =
        new Shard(
            path,
            hash.toLowerCase(java.util.Locale.ROOT),
            number(row.values().get("file_size"), 0),
            number(row.values().get("num_samples"), DatasetVersion.UNKNOWN),
            format,
            time(row.text("modified_at")));
    List<String> tags = new ArrayList<>();
    row.values().path("tags").forEach(tag -> tags.add(tag.asText()));
    return Optional.of(
        DatasetVersion.of(
                new VersionDetails(
                    name == null ? path : name, path, row.text("description"), tags, created, true),
                List.of(shard))
            .importedFrom(from));
  }

  private static long number(@Nullable JsonNode value, long absent) {
    return value == null ? absent : value.asLong();
  }

  private static @Nullable String time(@Nullable String text) {
    return text == null
        ? null
        : Cells.time(text).map(time -> Cells.time(time).replace(' ', 'T') + "Z").orElse(null);
  }
}
