package dev.mixdown.cli.samples;

import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.leaks.LeakReport;
import dev.mixdown.pipelines.leaks.Leaks;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.uses.ModelManifests;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for records that are trained on although they are held out. */
@Command(
    name = "leaks",
    description = {
      "Check whether evaluation data is trained on: by what records say, whatever format, order of"
          + " keys or number form they have.",
      "",
      "Without STAGE, every stage is held against what it holds out itself (validation_dataset,"
          + " benchmark_datasets, samples.hold_out) and every stage for evaluation. A stage that is"
          + " prepared counts by its manifest, else by its data. Ends with 3 where a leak is found,"
          + " with 0 where there is none."
    },
    sortOptions = false)
public final class LeaksCommand extends JsonCommand {
  private static final int MOST_SHOWN = 20;

  /** How leaks are told. */
  enum Format {
    TEXT,
    GITHUB,
    JUNIT
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "STAGE",
      description = "A stage, or STAGE/VARIANT (default: all but those for evaluation).")
  private @Nullable String stage;

  @Option(
      names = "--model",
      paramLabel = "CHECKPOINT",
      description =
          "Check the manifests that this model was trained on, on the whole way to it, in place of a"
              + " stage.")
  private @Nullable String model;

  @Option(
      names = "--against",
      paramLabel = "STAGE|PATH",
      description =
          "What is held out, in place of what the repository says: a stage, a file, a glob or a"
              + " folder. May be repeated.")
  private List<String> against = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text; github for annotations of a workflow; junit for JUnit XML (default:"
              + " ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where manifests lie (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String output;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Override
  public Integer call() throws Exception {
    if (stage != null && model != null) {
      throw badUsage("STAGE and --model are two questions; ask one of them");
    }
    Settings settings = registry.in(workspace.in(settings())).with(Settings.OUTPUT, output);
    Leaks leaks =
        new Leaks(
            repository.repository(),
            RuleSources.of(settings),
            settings.workspace(),
            runner.settings(),
            TerminalProgress.orNone(storage()));
    if (model != null) {
      Registry known =
          new Registry(storage(), settings.registry(), damage -> err().println("Note: " + damage));
      leaks.ofModel(
          ModelManifests.of(
              RegistryIndex.of(known, settings.workspace().folder()),
              storage(),
              known.folder(),
              model),
          against);
    } else if (stage != null) {
      leaks.ofStage(repository.repository().resolve(StageChoice.ofArm(stage)), against);
    } else {
      leaks.ofAll(against);
    }
    LeakReport report = leaks.report();
    if (json()) {
      print(report.json());
    } else {
      switch (format) {
        case TEXT -> text(report);
        case GITHUB -> LeakFormats.github(report).forEach(out()::println);
        case JUNIT -> out().print(LeakFormats.junit(report));
      }
    }
    return report.count() == 0 ? 0 : Failure.BAD_DATA;
  }

  private void text(LeakReport report) {
    for (LeakReport.Checked one : report.checked()) {
      out()
          .printf(
              "%s%s against %s: %s%n",
              one.subject(),
              one.manifest().isEmpty()
                  ? " (by its data: it is not prepared)"
                  : one.subject().contains(one.manifest())
                      ? ""
                      : " (manifest " + one.manifest() + ")",
              one.against().isEmpty() ? "nothing" : String.join(", ", one.against()),
              one.leaks() == 0 ? "no leak" : Counts.of(one.leaks(), "leak"));
    }
    report.leaks().stream()
        .limit(MOST_SHOWN)
        .forEach(leak -> out().println("  " + leak.subject() + ": " + leak.text()));
    if (report.count() > MOST_SHOWN) {
      out().printf("  and %,d more; --json shows all%n", report.count() - MOST_SHOWN);
    }
  }
}
