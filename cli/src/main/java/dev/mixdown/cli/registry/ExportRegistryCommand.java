package dev.mixdown.cli.registry;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.export.Export;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.transforms.tables.TableFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the registry as tables. */
@Command(
    name = "export",
    description = {
      "Write jobs, metrics, versions, manifests and the edges of the lineage graph as tables.",
      "",
      "Each table is a folder of Parquet files (or JSON lines, or CSV), which pandas, DuckDB and"
          + " others read."
    },
    sortOptions = false)
final class ExportRegistryCommand extends JsonCommand {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Where the tables go; those that are there are not written over.")
  private String to = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet, jsonl or csv (default: ${DEFAULT-VALUE}).")
  private TableFormat format = TableFormat.PARQUET;

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Mixin private RegistryOption registry = new RegistryOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    try (Catalog current = catalog.current(registry.located(), registry.existing())) {
      Export.Outcome outcome =
          new Export(
                  current, new Export.Request(to, format, registry.workspace(), runner.settings()))
              .run();
      if (json()) {
        print(outcome.json());
        return 0;
      }
      Table table = new Table("table", ">rows", ">files");
      for (Export.Table one : outcome.tables()) {
        table.row(one.name(), Counts.number(one.rows()), Counts.number(one.files().size()));
      }
      table.print(out());
      out().println("Wrote " + outcome.folder());
    }
    return 0;
  }
}
