package dev.mixdown.cli.manifests;

import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.plan.StagePlan;
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
          Counts.number(part.records()),
          Counts.percent(part.share().doubleValue()),
          Counts.number(part.capacity()),
          Counts.number(part.quota()),
          Counts.percent((double) part.quota() / mix.total()),
          passes(part),
          part.reason());
    }
    table.row(
        "total",
        "",
        Counts.number(mix.strata().stream().mapToLong(Mix.StratumQuota::records).sum()),
        "",
        Counts.number(mix.strata().stream().mapToLong(Mix.StratumQuota::capacity).sum()),
        Counts.number(mix.total()),
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
}
