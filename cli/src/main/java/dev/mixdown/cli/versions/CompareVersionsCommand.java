package dev.mixdown.cli.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.versions.SharedRecords;
import dev.mixdown.pipelines.versions.VersionJson;
import dev.mixdown.pipelines.versions.WholeVersions;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.VersionComparison;
import dev.mixdown.registry.VersionComparison.Change;
import java.io.IOException;
import java.util.List;
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
      "Records are told apart by their bytes. Where a version's shards are no more as they were, and"
          + " the workspace has no index of them, how many records are shared is not known."
    },
    sortOptions = false)
final class CompareVersionsCommand extends JsonCommand {
  @Parameters(index = "0", paramLabel = "A", description = "A version's hash, or its beginning.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another's.")
  private String second = "";

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private RegistryOption records = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Registry store = records.store();
    DatasetVersion a = last(WholeVersions.find(store, records.workspace(), first));
    DatasetVersion b = last(WholeVersions.find(store, records.workspace(), second));
    VersionComparison comparison = VersionComparison.of(a, b);
    SharedRecords.Result shared =
        new SharedRecords(records.workspace(), csv(a), TerminalProgress.orNone()).count(a, b);
    if (json()) {
      print(json(comparison, shared));
      return 0;
    }
    if (comparison.sameContent()) {
      out().printf("Same content: both are %s%n", a.fileHash());
    } else {
      out().printf("Different content%n");
    }
    Table table = new Table("", "A", "B", "change");
    table.row("dataset", a.datasetName(), b.datasetName(), "");
    table.row("version", a.fileHash().substring(0, 12), b.fileHash().substring(0, 12), "");
    table.row("created", a.createdAt(), b.createdAt(), "");
    row(table, "records", a.numSamples(), b.numSamples());
    row(table, "bytes", a.fileSize(), b.fileSize());
    row(table, "shards", a.shards().size(), b.shards().size());
    table.print(out());
    for (Change change : comparison.shards()) {
      out().printf("  %-8s %s%n", change.kind(), change.told());
    }
    out().println(shared.line());
    return 0;
  }

  private CsvOptions csv(DatasetVersion version) throws IOException {
    Optional<DatasetEntry> entry = data.entry(version.datasetName());
    return entry.map(DatasetEntry::csv).orElseGet(data::csv);
  }

  private static DatasetVersion last(List<DatasetVersion> tellings) {
    return tellings.get(tellings.size() - 1);
  }

  private static void row(Table table, String name, long a, long b) {
    table.row(name, number(a), number(b), a == b ? "" : String.format(Locale.ROOT, "%+,d", b - a));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static ObjectNode json(VersionComparison comparison, SharedRecords.Result shared) {
    ObjectNode document = Json.object();
    document.set("a", VersionJson.of(comparison.a()));
    document.set("b", VersionJson.of(comparison.b()));
    document.put("same_content", comparison.sameContent());
    document.put("records_change", comparison.b().numSamples() - comparison.a().numSamples());
    document.put("bytes_change", comparison.b().fileSize() - comparison.a().fileSize());
    ArrayNode shards = document.putArray("shards");
    for (Change change : comparison.shards()) {
      shards
          .addObject()
          .put("change", change.kind())
          .put("from", change.from())
          .put("to", change.to())
          .put("records_change", change.records());
    }
    if (shared.known()) {
      document.put("shared_records", shared.shared());
    } else {
      document.putNull("shared_records").put("shared_records_unknown_because", shared.why());
    }
    return document;
  }
}
