package dev.mixdown.pipelines.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;

/** A version for programs. */
public final class VersionJson {
  private VersionJson() {}

  /** All that its record says, but for its shards. */
  public static ObjectNode of(DatasetVersion version) {
    ObjectNode json = Json.object();
    json.put("id", version.id());
    json.put("dataset_name", version.datasetName());
    json.put("file_path", version.filePath());
    json.put("file_hash", version.fileHash());
    json.put("hash_algorithm", version.hashAlgorithm());
    json.put("file_size", version.fileSize());
    json.put("file_size_mb", version.fileSizeMb());
    json.put("format", version.format());
    json.put("num_samples", version.numSamples());
    json.put("description", version.description());
    json.set("tags", Json.tree(version.tags()));
    json.put("created_at", version.createdAt());
    json.put("modified_at", version.modifiedAt());
    json.put("backfilled", version.backfilled());
    return json;
  }
}
