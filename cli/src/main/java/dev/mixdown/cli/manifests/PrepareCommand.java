package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.registry.training.TrainingHeader;
import dev.mixdown.storage.Causes;
import java.io.IOException;
import java.io.PrintWriter;
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
        "mixdown prepare [STAGE] --output DIR [--repo DIR] [OPTIONS] [-- BEAM OPTIONS]",
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

  @Option(
      names = "--base-model",
      paramLabel = "MODEL",
      description =
          "What the stage will be trained from: a pretrained model, or another stage's checkpoint."
              + " It goes into training_info.json and the lineage.")
  private @Nullable String baseModel;

  @Option(
      names = "--check-parts",
      description =
          "Compare parts that are there already with their digests, as verify does; without it only"
              + " their sizes are looked at.")
  private boolean checkParts;

  /** A signal ends the process: says what is kept, and how to go on. */
  private void interrupted(Preparation preparation, String workspace) {
    PrintWriter err = err();
    try {
      if (preparation.interrupted()) {
        err.printf(
            "mixdown: interrupted; the manifest that was current still is, and what was read is kept in %s%n"
                + "  Run the same command again to go on%n",
            workspace);
      }
    } catch (IOException e) {
      err.println("mixdown: interrupted, and the run could not be recorded" + Causes.inBrackets(e));
    }
    err.flush();
  }

  private static void keepQuiet(Thread farewell) {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException e) {
      // The process is being ended already: the farewell is under way.
    }
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = registry.in(settings()).with(Settings.OUTPUT, named);
    String output =
        settings.output().orElseThrow(() -> badUsage("Say where manifests go: --output DIR"));
    requireWritable(Settings.OUTPUT, output);
    String registryFolder = settings.registry();
    requireWritable(Settings.REGISTRY, registryFolder);
    PrepareRequest request = request();
    Preparation preparation = new Preparation(request, TerminalProgress.orNone(storage()));
    Thread farewell = new Thread(() -> interrupted(preparation, request.workspace().folder()));
    Runtime.getRuntime().addShutdownHook(farewell);
    Prepared prepared;
    try {
      prepared =
          preparation.prepare(
              new PrepareOutput(
                  output,
                  Optional.ofNullable(baseModel).map(TrainingHeader::baseModel),
                  registryFolder,
                  events(),
                  settings.outboxes(),
                  checkParts));
    } finally {
      keepQuiet(farewell);
    }
    if (json()) {
      print(prepared.json());
    } else {
      print(prepared);
    }
    return 0;
  }

  private void print(Prepared prepared) {
    MixTable.print(prepared.plan(), out());
    out()
        .println(
            switch (prepared.outcome()) {
                  case PREPARED -> "Prepared ";
                  case RENEWED ->
                      "Prepared before: kept the parts, brought up to date what lies beside them, ";
                  case REBASED -> "The same manifest for another base model: noted that in ";
                  case SWITCHED -> "This manifest was prepared before: made current again ";
                  case UNCHANGED -> "Nothing to do: this manifest is there and current, ";
                }
                + prepared.manifest());
  }
}
