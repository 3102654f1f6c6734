package dev.mixdown.cli.manifests;

import dev.mixdown.cli.output.Table;
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
}
