package dev.mixdown.cli.versions;

import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.versions.ComparedVersions;
import dev.mixdown.pipelines.versions.VersionJson;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.versions.VersionComparison;
import dev.mixdown.registry.versions.VersionComparison.Change;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares two versions. */
@Command(
    name = "compare",
    description = {
      "Compare two versions: shards that came, went and changed, and the records they share.",
      "",
      "Records are compared by their bytes. Where a version's shards have changed, and"
          + " the workspace has no index of them, how many records are shared is not known."
    },
    sortOptions = false)
final class CompareVersionsCommand extends JsonCommand {
  @Parameters(index = "0", paramLabel = "A", description = "A version's hash, or its beginning.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another's.")
  private String second = "";

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    ComparedVersions compared =
        ComparedVersions.of(
            registryOption.registry(),
            registryOption.workspace(),
            first,
            second,
            this::csv,
            TerminalProgress.orNone(storage()));
    if (json()) {
      print(compared.json());
      return 0;
    }
    VersionComparison comparison = compared.comparison();
    DatasetVersion a = comparison.a();
    DatasetVersion b = comparison.b();
    if (comparison.sameContent()) {
      out().printf("Same content: both are %s%n", a.version());
    } else {
      out().printf("Different content%n");
    }
    Table table = new Table("", "A", "B", "change");
    table.row("dataset", a.dataset(), b.dataset(), "");
    table.row("version", a.version().substring(0, 12), b.version().substring(0, 12), "");
    table.row(
        "created", VersionJson.seconds(a.createdAt()), VersionJson.seconds(b.createdAt()), "");
    if (a.counted().isPresent() && b.counted().isPresent()) {
      row(table, "records", a.records(), b.records());
    }
    row(table, "bytes", a.bytes(), b.bytes());
    row(table, "shards", a.shards().size(), b.shards().size());
    table.print(out());
    for (Change change : comparison.shards()) {
      out().printf("  %-8s %s%n", change.kind(), change.text());
    }
    out().println(compared.shared().line());
    return 0;
  }

  private CsvOptions csv(String dataset) throws IOException {
    Optional<DatasetEntry> entry = data.entry(dataset);
    return entry.map(DatasetEntry::csv).orElseGet(data::csv);
  }

  private static void row(Table table, String name, long a, long b) {
    table.row(
        name,
        Counts.number(a),
        Counts.number(b),
        a == b ? "" : String.format(Locale.ROOT, "%+,d", b - a));
  }
}
