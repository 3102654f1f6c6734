package dev.mixdown.benchmarks;

import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.RemixChoice;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.util.Map;
import java.util.Optional;

/** Plans a remix and writes nothing, in a process whose heap is bounded. */
public final class RemixPlanning {
  private RemixPlanning() {}

  /**
   * Plans, and prints how many bytes of shards were read.
   *
   * @param args repository, output folder, workspace, stage, manifest, position
   */
  public static void main(String[] args) throws Exception {
    try (Settings settings =
        Settings.of(Map.of()).with(Settings.OUTPUT, args[1]).with(Settings.WORKSPACE, args[2])) {
      PrepareRequest request =
          new PrepareRequest(
                  settings.repository(args[0]),
                  StageChoice.of(args[3], Optional.empty()),
                  settings.workspace(),
                  0,
                  ManifestFormat.PARQUET,
                  false,
                  false,
                  MaxRejected.DEFAULT,
                  RunnerSettings.DIRECT,
                  Optional.empty(),
                  RuleSources.of(settings),
                  Optional.empty())
              .remixing(new RemixChoice(args[4], Long.parseLong(args[5]), Map.of()));
      StagePlan plan = new Preparation(request, Progress.NONE).plan();
      System.out.println(plan.metrics().getOrDefault("bytes_read", 0L));
    }
  }
}
