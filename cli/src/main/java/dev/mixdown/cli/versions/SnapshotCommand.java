package dev.mixdown.cli.versions;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.WorkersOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.versions.Snapshot;
import dev.mixdown.registry.DatasetVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a dataset as it is now. */
@Command(
    name = "snapshot",
    description = "Record a dataset as it is now: its fingerprint, counts and shards.",
    sortOptions = false)
final class SnapshotCommand extends JsonCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files, globs or folders: together they are the dataset.")
  private List<String> paths = new ArrayList<>();

  @Option(names = "--name", required = true, paramLabel = "N", description = "The dataset's name.")
  private String name = "";

  @Option(names = "--tag", paramLabel = "T", description = "A word to find it by; several may be.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "--description", paramLabel = "D", description = "What it is, or what changed.")
  private @Nullable String description;

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private WorkersOption workers = new WorkersOption();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    if (name.isBlank()) {
      throw badUsage("--name is empty; give the dataset the name that its config entry has");
    }
    Optional<DatasetEntry> entry = data.entry(name);
    Snapshot.Outcome outcome =
        new Snapshot(
                registryOption.registry(),
                registryOption.workspace(),
                workers.settings(),
                TerminalProgress.orNone(storage()))
            .take(
                new Snapshot.Request(
                    name,
                    paths,
                    Optional.ofNullable(description),
                    tags,
                    entry.isPresent() ? entry.get().format() : data.format(),
                    entry.map(DatasetEntry::csv).orElseGet(data::csv)));
    catalog.fill(registryOption.located(), registryOption.registry());
    if (json()) {
      print(outcome.json());
      return 0;
    }
    DatasetVersion version = outcome.version();
    out()
        .printf(
            "%s %s of %s: %s, %s in %s%n",
            outcome.fresh() ? "Recorded version" : "Known already: version",
            version.version(),
            name,
            Counts.of(version.records(), "record"),
            Counts.of(version.bytes(), "byte"),
            Counts.of(version.shards().size(), "shard"));
    outcome.notes().forEach(note -> out().println("Note: " + note));
    return 0;
  }
}
