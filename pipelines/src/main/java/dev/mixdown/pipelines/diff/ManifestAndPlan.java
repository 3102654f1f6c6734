package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.registry.manifests.Manifest;
import java.util.List;
import java.util.Set;

/** What a stage would have today, beside what a manifest of it has. */
public final class ManifestAndPlan {
  private static final List<String> BOTH = List.of("samples", "datasets", "strata");

  private ManifestAndPlan() {}

  /** The differences in samples, dataset versions, shares and quotas. */
  public static ConfigDiff diff(Manifest manifest, StagePlan plan) {
    return ConfigDiff.of(
        config("manifest " + manifest.id(), ManifestConfig.of(manifest).retain(BOTH)),
        config("planned today", ManifestConfig.of(plan)),
        ImportanceTable.standard(),
        Set.of());
  }

  private static Config config(String name, ObjectNode document) {
    return new Config(
        name, JsonTree.values(Json.line(document), name, new Problems()).orElseThrow());
  }
}
