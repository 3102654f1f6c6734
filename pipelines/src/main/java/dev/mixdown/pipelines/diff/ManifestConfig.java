package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.plan.PlanDocument;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.registry.manifests.Manifest;
import java.util.List;

/**
 * What a manifest was made of and has, as a document to compare: the spec, the data's versions, and
 * what each stratum was asked for and gives. Where files lie, and how they are cut, is left out.
 */
public final class ManifestConfig {
  private ManifestConfig() {}

  public static ObjectNode of(Manifest manifest) {
    ObjectNode json = Json.object().put("stage", manifest.stage());
    json.put("variant", manifest.variant()).put("epoch", manifest.epoch());
    json.put("samples", manifest.samples()).put("format", manifest.format());
    json.put("planner", manifest.planner());
    json.set("recipe", Json.tree(manifest.recipe()));
    json.set("spec", manifest.spec().json());
    ArrayNode datasets = json.putArray("datasets");
    for (Manifest.Dataset dataset : manifest.datasets()) {
      dataset(datasets, dataset.name(), dataset.version(), dataset.records(), dataset.bytes());
    }
    strata(json, manifest.strata());
    return json;
  }

  /** What a plan would make: the data's versions and the strata. */
  static ObjectNode of(StagePlan plan) {
    ObjectNode json = Json.object().put("samples", plan.mix().total());
    ArrayNode datasets = json.putArray("datasets");
    for (InspectedDataset dataset : plan.datasets()) {
      dataset(
          datasets, dataset.entry().name(), dataset.version(), dataset.records(), dataset.bytes());
    }
    strata(json, PlanDocument.strata(plan.mix()));
    return json;
  }

  private static void dataset(
      ArrayNode datasets, String name, String version, long records, long bytes) {
    datasets
        .addObject()
        .put("name", name)
        .put("version", version)
        .put("records", records)
        .put("bytes", bytes);
  }

  private static void strata(ObjectNode json, List<Manifest.Stratum> all) {
    ArrayNode strata = json.putArray("strata");
    for (Manifest.Stratum stratum : all) {
      String level = stratum.difficulty() == null ? "" : "/" + stratum.difficulty();
      ObjectNode one =
          strata.addObject().put("name", stratum.dataset() + "/" + stratum.category() + level);
      one.put("requested_share", stratum.requestedShare());
      one.put("capacity", stratum.capacity()).put("quota", stratum.quota());
      one.put("achieved_share", stratum.achievedShare()).put("passes", stratum.passes());
    }
  }
}
