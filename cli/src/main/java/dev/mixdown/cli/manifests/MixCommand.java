package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.BadRecordOptions;
import dev.mixdown.cli.options.CheckOption;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.prepare.PlannedRecipe;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every command that reads a stage's shards. */
abstract class MixCommand extends JsonCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STAGE",
      description =
          "The stage. Without it: TRAINING_STAGE, else the active stage, else the default stage.")
  private @Nullable String stage;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Option(
      names = "--epoch",
      paramLabel = "N",
      defaultValue = "0",
      description = "Which epoch's choice and order, from 0 (default: ${DEFAULT-VALUE}).")
  private long epoch;

  @Option(
      names = "--manifest-format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet or jsonl (default: ${DEFAULT-VALUE}).")
  private ManifestFormat format = ManifestFormat.PARQUET;

  @Mixin private CheckOption check = new CheckOption();

  @Mixin private BadRecordOptions badRecords = new BadRecordOptions();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  /** What the stage will be trained by, where a command can say it. */
  Optional<PlannedRecipe> recipe() throws IOException {
    return Optional.empty();
  }

  /** The settings, with where manifests and the registry lie. */
  Settings located() {
    return settings();
  }

  /** The repository that the command is about. */
  ReleaseRepository repository() {
    return repository.repository();
  }

  PrepareRequest request() throws IOException {
    if (epoch < 0) {
      throw badUsage("--epoch is " + epoch + "; it may not be below 0");
    }
    Workspace folder = workspace.workspace();
    requireWritable(Settings.WORKSPACE, folder.folder());
    return new PrepareRequest(
        repository(),
        config.choice(stage),
        folder,
        epoch,
        format,
        check.full(),
        badRecords.skip(),
        badRecords.maxRejected(),
        runner.settings(),
        recipe(),
        RuleSources.of(located().with(Settings.WORKSPACE, folder.folder())),
        Optional.empty());
  }
}
