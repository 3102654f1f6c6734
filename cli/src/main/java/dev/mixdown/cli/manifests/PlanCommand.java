package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.plan.PlanDocument;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.prepare.Preparation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a stage's mix without preparing it. */
@Command(
    name = "plan",
    description = {
      "Show the mix that prepare would make, and why.",
      "",
      "Per stratum: the share asked, capacity, quota, passes. Writes no manifest. Shards that the"
          + " ledger does not know are read; the rest is arithmetic."
    },
    customSynopsis = "mixdown plan [STAGE] [--repo DIR] [OPTIONS] [-- BEAM OPTIONS]",
    footer = {
      "",
      "BEAM OPTIONS are Beam's own, such as --flinkMaster=HOST:PORT; they win over mixdown's."
    },
    sortOptions = false)
public final class PlanCommand extends MixCommand {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Where manifests lie that the rules of samples name (default: $MIXDOWN_OUTPUT, else out);"
              + " nothing is written there.")
  private @Nullable String output;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Override
  Settings located() {
    return registry.in(settings()).with(Settings.OUTPUT, output);
  }

  @Override
  public Integer call() throws Exception {
    StagePlan plan = new Preparation(request(), TerminalProgress.orNone(storage())).plan();
    if (json()) {
      print(PlanDocument.json(plan));
    } else {
      MixTable.print(plan, out());
    }
    return 0;
  }
}
