package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.Manifest;

/**
 * What a manifest was made of and has, as a document to compare: the spec, the data's versions, and
 * what each stratum was asked for and gives. Where files lie, and how they are cut, is left out.
 */
final class ManifestConfig {
  private ManifestConfig() {}

  static ObjectNode of(Manifest manifest) {
    ObjectNode json = Json.object().put("stage", manifest.stage());
    json.put("variant", manifest.variant()).put("epoch", manifest.epoch());
    json.put("samples", manifest.samples()).put("format", manifest.format());
    json.put("planner", manifest.planner());
    json.set("recipe", Json.tree(manifest.recipe()));
    json.set("spec", manifest.spec().json());
    ArrayNode datasets = json.putArray("datasets");
    for (Manifest.Dataset dataset : manifest.datasets()) {
      datasets
          .addObject()
          .put("name", dataset.name())
          .put("version", dataset.version())
          .put("records", dataset.records())
          .put("bytes", dataset.bytes());
    }
    ArrayNode strata = json.putArray("strata");
    for (Manifest.Stratum stratum : manifest.strata()) {
      String level = stratum.difficulty() == null ? "" : "/" + stratum.difficulty();
      ObjectNode one =
          strata.addObject().put("name", stratum.dataset() + "/" + stratum.category() + level);
      one.put("requested_share", stratum.requestedShare());
      one.put("capacity", stratum.capacity()).put("quota", stratum.quota());
      one.put("achieved_share", stratum.achievedShare()).put("passes", stratum.passes());
    }
    return json;
  }
}
