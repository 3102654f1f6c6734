package dev.mixdown.cli.backfill;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.backfill.Backfill;
import dev.mixdown.pipelines.backfill.Backfill.Report;
import dev.mixdown.pipelines.backfill.DatasetFiles;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes registry entries of the past. */
@Command(
    name = "backfill",
    description = {
      "Make registry entries of the past: dataset versions from old shards, trainings from training_info.json"
          + " files and a job export, each joined to the version that it used.",
      "",
      "What was recorded before is kept, and a second run adds nothing. What cannot be joined is listed,"
          + " with the reason."
    },
    sortOptions = false)
public final class BackfillCommand extends JsonCommand {
  private static final int MOST_LINES = 20;

  @Option(
      names = "--datasets",
      arity = "1..*",
      paramLabel = "GLOB",
      description =
          "Old shards. A folder/ is one dataset; NAME=GLOB too; else each file is, numbered shards"
              + " together.")
  private List<String> datasets = new ArrayList<>();

  @Option(
      names = "--artifacts",
      paramLabel = "DIR",
      description = "Where trainings lie: every training_info.json below is read.")
  private @Nullable String artifacts;

  @Option(
      names = "--jobs",
      paramLabel = "FILE",
      description =
          "A job export, JSONL or CSV: uuid, name, status, dataset_path, recipe, created_at, config.")
  private @Nullable String jobs;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description = "Where manifests lie that were made without a registry.")
  private @Nullable String manifests;

  @Option(
      names = "--quick",
      description = "Look only at the ends of records; full parsing finds damaged ones.")
  private boolean quick;

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    if (datasets.isEmpty() && artifacts == null && jobs == null && manifests == null) {
      throw badUsage("Say where to look: --datasets, --artifacts, --jobs or --manifests");
    }
    Registry registry = registryOption.registry();
    Backfill backfill =
        new Backfill(
            new Backfill.Request(
                datasets,
                Optional.ofNullable(artifacts),
                Optional.ofNullable(jobs),
                Optional.ofNullable(manifests),
                !quick,
                new DatasetFiles.Written(data.format(), data.csv(), data.entries()),
                registryOption.workspace(),
                runner.settings(),
                events(),
                settings().outboxes(),
                TerminalProgress.orNone(storage())),
            registry);
    Report report = backfill.run();
    catalog.fill(registryOption.located(), registry);
    if (json()) {
      print(report.json());
    } else {
      tell(report);
    }
    return report.foundAny() ? 0 : Failure.BAD_CONFIG;
  }

  private void tell(Report report) {
    out()
        .printf(
            "%s (%,d new), %s (%,d new), %s (%,d new)%n",
            Counts.of(report.versions().size(), "dataset version"),
            report.added(EntryKind.VERSION),
            Counts.of(report.manifests(), "manifest"),
            report.added(EntryKind.MANIFEST),
            Counts.of(report.trainings(), "training"),
            report.added(EntryKind.TRAINING));
    out()
        .printf(
            "%,d of %s joined to what they used%n",
            report.matched(), Counts.of(report.trainings(), "training is", "trainings are"));
    list(
        "Not joined",
        report.unmatched().stream().map(u -> u.training() + ": " + u.reason()).toList());
    list("Not used", report.problems());
  }

  private void list(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    out().printf("%s:%n", title);
    lines.stream().limit(MOST_LINES).forEach(line -> out().println("  " + line));
    if (lines.size() > MOST_LINES) {
      out().printf("  and %,d more; --json has all%n", lines.size() - MOST_LINES);
    }
  }
}
