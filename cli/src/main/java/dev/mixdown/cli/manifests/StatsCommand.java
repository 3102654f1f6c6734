package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.ManifestArgument;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.Bar;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.stats.ManifestStats;
import dev.mixdown.pipelines.stats.ManifestStats.Group;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a manifest uses of its data. */
@Command(
    name = "stats",
    description = {
      "Show what a manifest uses: samples by dataset and category, asked and achieved, and how many"
          + " records are used never, once, twice or more often.",
      "",
      "Everything is counted from the manifest's rows. Bytes are those of the samples' records; rows"
          + " of Parquet and records of compressed shards have none in a manifest."
    },
    sortOptions = false)
public final class StatsCommand extends JsonCommand {
  private static final int BAR_COLUMNS = 20;

  @Mixin private ManifestArgument manifest = new ManifestArgument();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    ManifestStats stats = ManifestStats.of(storage(), manifest.find(registryOption));
    if (json()) {
      print(stats.json());
      return 0;
    }
    out()
        .printf(
            "Manifest %s of %s, %s%n%n",
            stats.manifestId(), stats.stage(), Counts.of(stats.samples(), "sample"));
    shares(stats);
    out().println();
    uses(stats);
    return 0;
  }

  private void shares(ManifestStats stats) {
    Table table = new Table("dataset", "category", ">samples", ">asked", ">achieved", "");
    for (Group group : stats.groups()) {
      double share = stats.samples() == 0 ? 0 : (double) group.samples() / stats.samples();
      table.row(
          group.dataset(),
          group.category(),
          Counts.number(group.samples()),
          group.asked().map(asked -> Counts.percent(asked.doubleValue())).orElse("-"),
          Counts.percent(share),
          Bar.of(share, BAR_COLUMNS));
    }
    table.print(out());
  }

  private void uses(ManifestStats stats) {
    Table table =
        new Table(
            "dataset", "category", ">records", ">never", ">once", ">twice", ">more", ">mean bytes");
    for (Group group : stats.groups()) {
      table.row(
          group.dataset(),
          group.category(),
          Counts.number(group.records()),
          Counts.number(group.used(0)),
          Counts.number(group.used(1)),
          Counts.number(group.used(2)),
          Counts.number(group.usedAtLeast(3)),
          group.bytes().isPresent() && group.samples() > 0
              ? Counts.number(Math.round((double) group.bytes().getAsLong() / group.samples()))
              : "-");
    }
    table.print(out());
  }
}
