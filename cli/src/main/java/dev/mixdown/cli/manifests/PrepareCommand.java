package dev.mixdown.cli.manifests;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.AllStages;
import dev.mixdown.pipelines.prepare.PlannedRecipe;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.recipes.RecipeSources;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.training.TrainingHeader;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prepares a stage's manifest. */
@Command(
    name = "prepare",
    description = {
      "Prepare a stage's manifest: every sample, in order.",
      "",
      "Shards that did not change are not read again, and a manifest that is there is not made"
          + " again: a second run of the same work does nothing and says so."
    },
    customSynopsis =
        "mixdown prepare [STAGE | --all] --output DIR [--repo DIR] [OPTIONS] [-- BEAM OPTIONS]",
    footer = {
      "",
      "BEAM OPTIONS are Beam's own, such as --flinkMaster=HOST:PORT; they win over mixdown's."
    },
    sortOptions = false)
public final class PrepareCommand extends MixCommand {
  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description =
          "Where manifests go: DIR/STAGE[/VARIANT]/MANIFEST_ID (default: $MIXDOWN_OUTPUT).")
  private @Nullable String named;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--base-model",
      paramLabel = "MODEL",
      description =
          "What the stage will be trained from: a pretrained model, or another stage's checkpoint."
              + " It goes into training_info.json and the lineage.")
  private @Nullable String baseModel;

  @Option(
      names = "--recipe",
      paramLabel = "ID",
      description =
          "The recipe that the stage will be trained by, ID or ID@VERSION, or its file. Its id,"
              + " version and hash go into the manifest, training_info.json and the run's entry.")
  private @Nullable String recipe;

  @Option(
      names = "--check-data",
      description =
          "Check that records are what the recipe requires, in the same reading; nothing is"
              + " published where they are not.")
  private boolean checkData;

  @Option(
      names = "--all",
      description =
          "Prepare every stage and variant, without online stages. Shards that stages share are read"
              + " once; a stage that fails does not stop the others.")
  private boolean all;

  @Option(
      names = "--check-parts",
      description =
          "Compare parts that are there already with their digests, as verify does; without it only"
              + " their sizes are looked at.")
  private boolean checkParts;

  @Override
  Settings located() {
    return registry.in(settings()).with(Settings.OUTPUT, named);
  }

  @Override
  Optional<PlannedRecipe> recipe() throws IOException {
    if (recipe == null) {
      if (checkData) {
        throw badUsage("--check-data checks what a recipe requires; name one with --recipe");
      }
      return Optional.empty();
    }
    Settings settings = located();
    RecipeSources sources = new RecipeSources(storage(), repository().folder(), registry(settings));
    Recipe found = sources.find(sources.library(), recipe).recipe();
    return Optional.of(new PlannedRecipe(found, checkData));
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = located();
    String output =
        settings.output().orElseThrow(() -> badUsage("Say where manifests go: --output DIR"));
    requireWritable(Settings.OUTPUT, output);
    String registryFolder = settings.registry();
    requireWritable(Settings.REGISTRY, registryFolder);
    PrepareRequest request = request();
    PrepareOutput to =
        new PrepareOutput(
            output,
            Optional.ofNullable(baseModel).map(TrainingHeader::baseModel),
            registryFolder,
            events(),
            settings.outboxes(),
            checkParts,
            true);
    Progress progress = TerminalProgress.orNone(storage());
    int code = all ? prepareAll(request, to, progress) : prepareOne(request, to, progress);
    catalog.fill(
        settings.with(Settings.WORKSPACE, request.workspace().folder()), registry(settings));
    return code;
  }

  private Registry registry(Settings settings) throws IOException {
    return new Registry(storage(), settings.registry(), damage -> err().println("Note: " + damage));
  }

  private int prepareOne(PrepareRequest request, PrepareOutput to, Progress progress)
      throws Exception {
    Preparation preparation = new Preparation(request, progress);
    Prepared prepared =
        InterruptNotice.during(
            preparation::interrupted,
            request.workspace().folder(),
            err(),
            () -> preparation.prepare(to));
    if (json()) {
      print(prepared.json());
    } else {
      StageOutcomes.print(prepared, out());
    }
    return 0;
  }

  private int prepareAll(PrepareRequest request, PrepareOutput to, Progress progress)
      throws Exception {
    refuseOne(request);
    AllStages stages = new AllStages(request, progress);
    StageOutcomes outcomes =
        new StageOutcomes(json() ? Optional.empty() : Optional.of(out()), err());
    InterruptNotice.during(
        stages::interrupted,
        request.workspace().folder(),
        err(),
        () -> {
          stages.prepare(to, outcomes);
          return outcomes;
        });
    if (json()) {
      print(outcomes.json());
    }
    return outcomes.code();
  }

  /** All stages have their own configs: one by hand would hold for each of them. */
  private void refuseOne(PrepareRequest request) {
    StageChoice choice = request.choice();
    if (choice.stage().isPresent() || choice.variant().isPresent() || choice.config().isPresent()) {
      throw badUsage("--all prepares every stage; leave out STAGE, --variant and --config");
    }
    if (request.repository().forcedConfig().isPresent()) {
      throw badUsage("--all prepares every stage with its own config; unset FORCE_DATASET_CONFIG");
    }
  }
}
