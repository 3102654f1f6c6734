package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.PlatformSchema;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes dataset versions into the catalog. The platform's table has each content once, under the
 * name that it had first; mixdown's has all names.
 */
final class VersionWriter implements AutoCloseable {
  private static final double MEGABYTE = 1024.0 * 1024.0;

  private final Handle handle;
  private final Rows names;
  private final RowWriter rows;
  private final Set<String> changed = new TreeSet<>();

  VersionWriter(Database database, Handle handle, LiveSchema live) throws SQLException {
    this.handle = handle;
    names =
        new Rows(
            handle.getConnection(),
            "mixdown_version_names",
            "entry, version, dataset, uri, format, bytes, records, description, tags, created_at,"
                + " modified_at");
    rows =
        new RowWriter(database, handle.getConnection(), live, PlatformSchema.VERSIONS, "file_hash");
  }

  /** Adds what one entry tells. */
  void add(DatasetVersion version) throws SQLException {
    names.add(
        version.id(),
        version.version(),
        version.dataset(),
        version.uri(),
        version.format(),
        version.bytes(),
        version.records() == DatasetVersion.UNKNOWN ? null : version.records(),
        version.description(),
        Json.line(Json.tree(version.tags())),
        time(version.createdAt()),
        version.modifiedAt() == null ? null : time(version.modifiedAt()));
    changed.add(version.version());
  }

  /** A time as the platform writes it. */
  private static String time(String written) {
    return Cells.normal(written).orElse("");
  }

  /** Brings the platform's table up to date. */
  void finish() throws SQLException, IOException {
    names.flush();
    for (String version : changed) {
      Boolean owned =
          handle
              .createQuery("SELECT owned FROM mixdown_versions WHERE version = ?")
              .bind(0, version)
              .mapTo(Integer.class)
              .findOne()
              .map(one -> one == 1)
              .orElse(null);
      if (owned == null) {
        boolean there =
            handle
                .createQuery("SELECT 1 FROM dataset_versions WHERE file_hash = ?")
                .bind(0, version)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
        handle.execute("INSERT INTO mixdown_versions VALUES (?, ?)", version, there ? 0 : 1);
        if (!there) {
          ObjectNode row = row(version);
          rows.insert(row::get);
        }
      } else if (owned) {
        ObjectNode row = row(version);
        rows.update(row::get, version);
      }
    }
    rows.flush();
  }

  /** The first telling of a content, with the tags of all. */
  private ObjectNode row(String version) {
    List<ObjectNode> told =
        handle
            .createQuery(
                "SELECT dataset, uri, format, bytes, records, description, tags, created_at,"
                    + " modified_at FROM mixdown_version_names WHERE version = ?"
                    + " ORDER BY created_at, entry")
            .bind(0, version)
            .map(
                (row, context) -> {
                  long bytes = row.getLong(4);
                  long records = row.getLong(5);
                  boolean counted = !row.wasNull();
                  ObjectNode values = Json.object();
                  values.put("dataset_name", row.getString(1));
                  values.put("file_path", row.getString(2));
                  values.put("file_hash", version);
                  values.put("hash_algorithm", "sha256");
                  values.put("file_size", bytes);
                  values.put("file_size_mb", bytes / MEGABYTE);
                  values.put("format", row.getString(3));
                  if (counted) {
                    values.put("num_samples", records);
                  }
                  put(values, "description", row.getString(6));
                  values.set("tags", tags(row.getString(7)));
                  values.put("created_at", row.getString(8));
                  put(values, "modified_at", row.getString(9));
                  return values;
                })
            .list();
    Set<String> tags = new LinkedHashSet<>();
    told.forEach(one -> one.get("tags").forEach(tag -> tags.add(tag.asText())));
    ObjectNode first = told.get(0);
    first.set("tags", Json.tree(tags));
    return first;
  }

  private static void put(ObjectNode values, String column, @Nullable String value) {
    if (value != null) {
      values.put(column, value);
    }
  }

  private static JsonNode tags(String text) {
    return Json.readIfSound(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .orElse(Json.array());
  }

  @Override
  public void close() throws SQLException {
    names.close();
    rows.close();
  }
}
