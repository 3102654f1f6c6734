package dev.mixdown.pipelines.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;

/** A version for programs. */
public final class VersionJson {
  private VersionJson() {}

  /** All that its entry says, but for its shards. */
  public static ObjectNode of(DatasetVersion version) {
    ObjectNode json = Json.object();
    json.put("id", version.id());
    json.put("dataset", version.dataset());
    json.put("uri", version.uri());
    json.put("version", version.version());
    json.put("bytes", version.bytes());
    json.put("format", version.format());
    json.put("records", version.counted().isPresent() ? version.records() : null);
    json.put("description", version.description());
    json.set("tags", Json.tree(version.tags()));
    json.put("created_at", version.createdAt());
    json.put("modified_at", version.modifiedAt());
    json.put("backfilled", version.backfilled());
    if (version.importedFrom() != null) {
      json.put("imported_from", version.importedFrom());
    }
    return json;
  }

  /** A time as people want it: to the second. */
  public static String seconds(String time) {
    return time.replaceFirst("\\.\\d+(?=Z$)", "");
  }
}
