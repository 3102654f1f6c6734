package dev.mixdown.cli.versions;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.versions.VersionUses;
import dev.mixdown.registry.TrainingEntry;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows who used a version. */
@Command(
    name = "lineage",
    description = {
      "Show what a version went into: manifests, trainings, checkpoints, and how many of each.",
      "",
      "\"mixdown lineage HASH\" shows the way from one to the other."
    },
    sortOptions = false)
final class VersionLineageCommand extends JsonCommand {
  @Parameters(paramLabel = "HASH", description = "A version's hash, or its beginning.")
  private String hash = "";

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    VersionUses uses = VersionUses.of(registryOption.registry(), registryOption.workspace(), hash);
    if (json()) {
      print(uses.json());
      return 0;
    }
    out()
        .printf(
            "Version %s went into %s, %s and %s%n",
            uses.version().substring(0, 12),
            Counts.of(uses.manifests().size(), "manifest"),
            Counts.of(uses.trainings().size(), "training"),
            Counts.of(uses.checkpoints().size(), "checkpoint"));
    Table table = new Table("training", "name", "status", "created", "checkpoint");
    for (TrainingEntry training : uses.trainings()) {
      table.row(
          VersionUses.uuid(training),
          VersionUses.name(training),
          Objects.requireNonNullElse(training.status(), ""),
          VersionUses.created(training),
          Objects.requireNonNullElse(training.checkpoint(), ""));
    }
    if (!uses.trainings().isEmpty()) {
      table.print(out());
    }
    return 0;
  }
}
