package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.plan.PlanDocument;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.StoragePath;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a preparation.
 *
 * @param folder the manifest's
 * @param metrics what the jobs counted, by name
 * @param seconds that it took
 * @param changes since the manifest that was current; empty where there was none, or it is this one
 */
public record Prepared(
    StagePlan plan,
    String manifestId,
    String folder,
    Outcome outcome,
    Map<String, Long> metrics,
    double seconds,
    Optional<ManifestChanges> changes) {
  /** Where the {@code manifest.json} lies. */
  public String manifest() {
    return StoragePath.resolve(folder, Manifest.FILE);
  }

  /** The document that {@code prepare --json} prints; see {@code prepared.schema.json}. */
  public ObjectNode json() {
    ObjectNode document = PlanDocument.json(plan);
    document.put("outcome", outcome.word());
    document.put("manifest_id", manifestId);
    document.put("manifest", manifest());
    document.set("changed", changes.map(ManifestChanges::json).orElse(null));
    document.put("seconds", seconds);
    document.set("metrics", Json.tree(metrics));
    return document;
  }
}
