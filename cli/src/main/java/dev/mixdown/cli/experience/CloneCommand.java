package dev.mixdown.cli.experience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.diff.ManifestAndPlan;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.experience.ClonedJob;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Clones a job. */
@Command(
    name = "clone",
    description = {
      "Make the config of a past job the config of a new one: its columns and config, where it came"
          + " from, and the manifest that it followed."
    },
    sortOptions = false)
final class CloneCommand extends CatalogQuestion {
  @Parameters(paramLabel = "JOB", description = "A job's uuid, or its beginning.")
  private String uuid = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A value that differs from the job's, as learning_rate=1e-6; may be repeated.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = {"-o", "--output-file"},
      paramLabel = "FILE",
      description = "Write the config here; a file that is there is not replaced.")
  private @Nullable String file;

  @Option(
      names = "--replan",
      description =
          "Plan the job's stage with the release repository (--repo) and the data of today, and show"
              + " what differs from the job's manifest.")
  private boolean replan;

  @Override
  public Integer call() throws Exception {
    Problems problems = new Problems("the config");
    Overrides overrides = Overrides.parse(set, problems);
    problems.throwIfAny();
    try (Catalog catalog = catalog()) {
      CatalogJob job = new CatalogJobs(catalog).find(uuid);
      ClonedJob cloned =
          ClonedJob.of(job, catalog.job(job.uuid()).orElseThrow(), overrides, Instant.now());
      Optional<ConfigDiff> today = replan ? Optional.of(today(cloned)) : Optional.empty();
      write(cloned.config());
      if (json()) {
        ObjectNode document = cloned.json();
        document.set("today", today.map(ConfigDiff::json).orElse(null));
        print(document);
        return 0;
      }
      cloned.notes().forEach(note -> err().println("Note: " + note));
      if (file == null) {
        out().println(Json.text(cloned.config()));
      } else {
        out().println("Wrote " + file);
      }
      today.ifPresent(
          diff ->
              err()
                  .println(
                      diff.isEmpty()
                          ? "Note: planned today, the manifest is the same"
                          : diff.report()));
    }
    return 0;
  }

  /** What the job's stage would have today. */
  private ConfigDiff today(ClonedJob cloned) throws java.io.IOException {
    if (cloned.manifest() == null) {
      throw badUsage(
          "--replan: no manifest of job %s is known; leave it out"
              .formatted(cloned.source().uuid()));
    }
    Manifest manifest = registry().manifests().find(cloned.manifest()).manifest();
    StagePlan plan =
        new Preparation(
                new PrepareRequest(
                    settings().repository(registry().repository()),
                    StageChoice.of(manifest.stage(), Optional.ofNullable(manifest.variant())),
                    registry().workspace(),
                    manifest.epoch(),
                    ManifestFormat.PARQUET,
                    true,
                    false,
                    MaxRejected.DEFAULT,
                    RunnerSettings.DIRECT,
                    Optional.empty(),
                    RuleSources.of(registry().located()),
                    Optional.empty()),
                TerminalProgress.orNone(storage()))
            .plan();
    return ManifestAndPlan.diff(manifest, plan);
  }

  private void write(ObjectNode config) throws java.io.IOException {
    if (file != null) {
      byte[] bytes = (Json.text(config) + "\n").getBytes(StandardCharsets.UTF_8);
      if (!storage().replace(file, Optional.empty(), bytes)) {
        throw badUsage(file + " is there already; name another file, or remove it");
      }
    }
  }
}
