package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.prepare.ManifestDocuments;
import dev.mixdown.transforms.mixing.Mix;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a mix to a person: a row per stratum. */
final class MixTable {
  private MixTable() {}

  static void print(StagePlan plan, PrintWriter out) {
    String variant = plan.resolution().variant().map(v -> ", variant " + v).orElse("");
    out.printf(
        "Stage %s%s (%s)%n", plan.resolution().stage(), variant, plan.resolution().configRule());
    Mix mix = plan.mix();
    boolean levels = mix.strata().stream().anyMatch(p -> p.stratum().level() != null);
    Table table =
        new Table(
            "dataset",
            levels ? "category/level" : "category",
            ">records",
            ">asked",
            ">capacity",
            ">quota",
            ">achieved",
            ">passes",
            "why");
    for (Mix.StratumQuota part : mix.strata()) {
      String level = part.stratum().level();
      table.row(
          part.stratum().dataset(),
          part.stratum().category() + (level == null ? "" : "/" + level),
          number(part.records()),
          percent(part.share().doubleValue()),
          number(part.capacity()),
          number(part.quota()),
          percent((double) part.quota() / mix.total()),
          passes(part),
          part.reason());
    }
    table.row(
        "total",
        "",
        number(mix.strata().stream().mapToLong(Mix.StratumQuota::records).sum()),
        "",
        number(mix.strata().stream().mapToLong(Mix.StratumQuota::capacity).sum()),
        number(mix.total()),
        "",
        "",
        "");
    table.print(out);
    plan.notes().forEach(note -> out.println("Note: " + note));
  }

  private static String passes(Mix.StratumQuota part) {
    // 6.00 would read as six: a pass that has only just begun is shown as 6+.
    double passes = part.records() == 0 ? 0 : (double) part.quota() / part.records();
    String text = String.format(Locale.ROOT, part.rest() == 0 ? "%.0f" : "%.2f", passes);
    return part.rest() > 0 && text.endsWith(".00") ? part.wholePasses() + "+" : text;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }

  static ObjectNode json(StagePlan plan) {
    ObjectNode document = Json.object();
    document.put("stage", plan.resolution().stage());
    document.put("variant", plan.resolution().variant().orElse(null));
    document.put("config", plan.resolution().config().file());
    document.put("config_rule", plan.resolution().configRule());
    document.put("total", plan.mix().total());
    document.set("tasks", Json.tree(plan.resolution().config().tasks()));
    document.set("strata", ManifestDocuments.strata(plan.mix()));
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
    document.set("warnings", Json.tree(plan.notes()));
    return document;
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
