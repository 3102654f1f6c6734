package dev.mixdown.cli.jobs;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.recording.JobRecorder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records how a job ended. */
@Command(name = "end", description = "Record that a job has ended, and how.", sortOptions = false)
final class EndJobCommand extends JsonCommand {
  private static final List<String> ENDS =
      List.of(JobStatus.COMPLETED.word(), JobStatus.FAILED.word(), JobStatus.CANCELLED.word());

  @Parameters(paramLabel = "UUID", description = "A job's uuid, or its beginning.")
  private String uuid = "";

  @Option(
      names = "--status",
      paramLabel = "S",
      defaultValue = "completed",
      description = "completed, failed or cancelled (default: ${DEFAULT-VALUE}).")
  private String status = "";

  @Mixin private JobValues values = new JobValues();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Mixin private CatalogOption catalogOption = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    JobStatus end =
        JobStatus.of(status)
            .filter(JobStatus::isOver)
            .orElseThrow(
                () ->
                    badUsage(
                        "--status is \"%s\"%s".formatted(status, DidYouMean.hint(status, ENDS))));
    Registry registry = registryOption.existing();
    try (Catalog catalog = catalogOption.current(registryOption.located(), registry)) {
      CatalogJob job = new CatalogJobs(catalog).find(uuid);
      if (JobStatus.of(String.valueOf(job.status())).map(JobStatus::isOver).orElse(false)) {
        throw badUsage(
            "job %s has ended already: it is %s; \"mixdown jobs record %s --status ...\" changes that"
                .formatted(job.uuid(), job.status(), job.uuid()));
      }
      new JobRecorder(catalog, Instant.now())
          .record(
              new JobRecorder.Request(
                  Optional.of(job.uuid()),
                  Optional.of(end),
                  Map.of(),
                  Optional.empty(),
                  Metrics.of(values.metrics, this::badUsage),
                  Optional.ofNullable(values.step),
                  Optional.empty(),
                  List.of()));
      Recorded.tell(json(), out(), catalog, job.uuid());
    }
    return 0;
  }
}
