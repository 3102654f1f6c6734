package dev.mixdown.pipelines.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.transforms.mixing.ExactDecimals;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.shards.InspectedShard;
import java.math.BigDecimal;
import java.util.List;

/**
 * A plan as a JSON document: {@code plan --json}, and the larger part of {@code prepare --json}.
 */
public final class PlanDocument {
  private PlanDocument() {}

  /** The document; see {@code plan.schema.json}. */
  public static ObjectNode json(StagePlan plan) {
    ObjectNode document = Json.object();
    document.put("stage", plan.resolution().stage());
    document.put("variant", plan.resolution().variant().orElse(null));
    document.put("config", plan.resolution().config().file());
    document.put("config_rule", plan.resolution().configRule());
    document.put("samples", plan.mix().total());
    document.set("tasks", Json.tree(plan.resolution().config().tasks()));
    ArrayNode strata = document.putArray("strata");
    strata(plan.mix()).forEach(stratum -> strata.add(stratum.json()));
    document.set("rejected", rejected(plan));
    document.set("filtered", filtered(plan));
    ArrayNode heldOut = document.putArray("held_out");
    plan.heldOut()
        .forEach(
            held ->
                heldOut
                    .addObject()
                    .put("name", held.entry().name())
                    .put("kind", held.entry().kind().key())
                    .put("version", held.version())
                    .put("records", held.records()));
    document.set("notes", Json.tree(plan.notes()));
    return document;
  }

  /** What each stratum was to have, can have and has. */
  public static List<Manifest.Stratum> strata(Mix mix) {
    return mix.strata().stream().map(quota -> stratum(quota, mix.total())).toList();
  }

  private static Manifest.Stratum stratum(Mix.StratumQuota quota, long total) {
    return new Manifest.Stratum(
        quota.stratum().dataset(),
        quota.stratum().category(),
        quota.stratum().level(),
        ExactDecimals.of(quota.share()),
        quota.records(),
        quota.capacity(),
        quota.quota(),
        ExactDecimals.quotient(quota.quota(), total),
        quota.records() == 0
            ? BigDecimal.ZERO
            : ExactDecimals.quotient(quota.quota(), quota.records()),
        quota.reason().isEmpty() ? null : quota.reason());
  }

  /** The bad records that were left out, per shard and reason. */
  private static ArrayNode rejected(StagePlan plan) {
    ArrayNode list = Json.array();
    for (InspectedDataset dataset : plan.datasets()) {
      for (InspectedShard shard : dataset.shards()) {
        if (shard.inspection().rejectedRecords() > 0) {
          list.addObject()
              .put("dataset", dataset.entry().name())
              .put("path", shard.file().path())
              .put("records", shard.inspection().rejectedRecords())
              .set("reasons", Json.tree(shard.inspection().rejected()));
        }
      }
    }
    return list;
  }

  /** The good records that filtering left out, per dataset and rule. */
  private static ArrayNode filtered(StagePlan plan) {
    ArrayNode list = Json.array();
    for (InspectedDataset dataset : plan.datasets()) {
      if (!dataset.filtered().isEmpty()) {
        list.addObject()
            .put("dataset", dataset.entry().name())
            .put("records", dataset.stored() - dataset.records())
            .set("reasons", Json.tree(dataset.filtered()));
      }
    }
    return list;
  }
}
