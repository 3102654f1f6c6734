package dev.mixdown.cli.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.WorkersOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.pipelines.inspect.VersionShards;
import dev.mixdown.pipelines.versions.VersionJson;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.shards.InspectedShard;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
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

  @Mixin private RegistryOption records = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    if (name.isBlank()) {
      throw badUsage("--name is empty; give the dataset the name that its config entry has");
    }
    Optional<DatasetEntry> entry = data.entry(name);
    FileInspection.Inspected found =
        new FileInspection(records.workspace(), workers.settings(), TerminalProgress.orNone())
            .inspect(
                paths,
                entry.isPresent() ? entry.get().format() : data.format(),
                entry.map(DatasetEntry::csv).orElseGet(data::csv),
                true);
    List<InspectedShard> shards =
        found.shards().stream().sorted(Comparator.comparing(shard -> shard.file().path())).toList();
    String where = String.join(", ", paths.stream().map(Storage::absolute).toList());
    DatasetVersion version =
        DatasetVersion.of(
            new DatasetVersion.VersionDetails(
                name,
                where,
                description,
                tags,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                false),
            VersionShards.of(shards));
    Registry store = records.store();
    boolean fresh = store.add(version);
    if (json()) {
      ObjectNode document = VersionJson.of(version).put("recorded", fresh);
      document.set("notes", Json.tree(found.notes()));
      print(document);
      return 0;
    }
    out()
        .printf(
            "%s %s of %s: %,d records, %,d bytes in %,d %s%n",
            fresh ? "Recorded version" : "Known already: version",
            version.fileHash(),
            name,
            version.numSamples(),
            version.fileSize(),
            version.shards().size(),
            version.shards().size() == 1 ? "shard" : "shards");
    found.notes().forEach(note -> out().println("Note: " + note));
    return 0;
  }
}
