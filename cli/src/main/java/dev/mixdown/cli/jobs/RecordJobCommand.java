package dev.mixdown.cli.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.ConfigFile;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.jobs.JobData;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.platform.PlatformSchema;
import dev.mixdown.registry.recording.JobRecorder;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a job, or what has changed. */
@Command(
    name = "record",
    description = {
      "Record that a job was made, or began, or is at some step with some metrics.",
      "",
      "Without a UUID it is a new job, which needs --algorithm. Of a job that is known, only what is"
          + " said changes."
    },
    sortOptions = false)
final class RecordJobCommand extends JsonCommand {
  /** What has an option of its own, or is not for people to say. */
  private static final Set<String> OTHERS =
      Set.of("id", "uuid", "status", "config", "updated_at", "metrics_last_offset");

  @Parameters(
      arity = "0..1",
      paramLabel = "UUID",
      description = "A job that is known, or the uuid of a new one (default: a new one).")
  private @Nullable String uuid;

  @Option(names = "--name", paramLabel = "N", description = "Its name.")
  private @Nullable String name;

  @Option(
      names = "--status",
      paramLabel = "S",
      description =
          "pending, queued, running, paused, completed, failed, cancelled (a new job: pending).")
  private @Nullable String status;

  @Option(names = "--algorithm", paramLabel = "A", description = "sft, ppo, grpo, dpo, gspo.")
  private @Nullable String algorithm;

  @Option(names = "--recipe", paramLabel = "ID", description = "The recipe that it is trained by.")
  private @Nullable String recipe;

  @Option(
      names = "--config-file",
      paramLabel = "FILE",
      description = "Its config, JSON or YAML; what is secret by its name is masked.")
  private @Nullable String config;

  @Option(
      names = "--manifest",
      paramLabel = "MANIFEST",
      description = "The manifest that it follows: its folder, its stage's, or its id.")
  private @Nullable String manifest;

  @Option(
      names = "--set",
      paramLabel = "COLUMN=VALUE",
      description =
          "A column of the platform's table, as learning_rate=1e-6 or num_gpus=8; may be repeated.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Mixin private JobValues values = new JobValues();

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Mixin private CatalogOption catalogOption = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    Registry registry = registryOption.registry();
    boolean isNew = registryOption.mustBeMade();
    Map<String, String> columns = columns();
    Optional<JobData> data =
        manifest == null ? Optional.empty() : Optional.of(data(registry, manifest));
    try (Catalog catalog = catalogOption.current(registryOption.located(), registry)) {
      String recorded =
          new JobRecorder(catalog, Instant.now())
              .record(
                  new JobRecorder.Request(
                      Optional.ofNullable(uuid),
                      Optional.ofNullable(status).map(this::status),
                      columns,
                      config == null ? Optional.empty() : Optional.of(config(config)),
                      Metrics.of(values.metrics, this::badUsage),
                      Optional.ofNullable(values.step),
                      data.map(JobData::manifest),
                      data.map(JobData::versions).orElse(List.of())));
      if (isNew) {
        err()
            .println("Note: " + registry.folder() + " is a new registry; --registry names another");
      }
      Recorded.tell(this.json(), out(), catalog, recorded);
    }
    return 0;
  }

  private JobStatus status(String word) {
    return JobStatus.of(word)
        .orElseThrow(
            () ->
                badUsage(
                    "--status is \"%s\"%s"
                        .formatted(word, DidYouMean.hint(word, JobStatus.words()))));
  }

  private Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    List<String> known =
        PlatformSchema.JOBS.columns().stream()
            .map(Column::name)
            .filter(column -> !OTHERS.contains(column))
            .toList();
    set.forEach(
        (column, value) -> {
          if (!known.contains(column)) {
            throw badUsage(
                "--set %s: there is no such column%s"
                    .formatted(column, DidYouMean.hint(column, known)));
          }
          columns.put(column, value);
        });
    put(columns, "name", name);
    put(columns, "algorithm", algorithm);
    put(columns, "recipe_id", recipe);
    return columns;
  }

  private static void put(Map<String, String> columns, String column, @Nullable String value) {
    if (value != null) {
      columns.put(column, value);
    }
  }

  private JobData data(Registry registry, String named) throws IOException {
    return JobData.of(
        new ManifestFinder(
                registry, registryOption.workspace(), RootCommand.of(spec()).settings().output())
            .find(named));
  }

  private ObjectNode config(String file) throws IOException {
    return (ObjectNode) Json.tree(ConfigFile.read(storage(), file).plain());
  }
}
