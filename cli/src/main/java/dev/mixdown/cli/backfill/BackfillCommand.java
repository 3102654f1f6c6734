package dev.mixdown.cli.backfill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.EventOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.backfill.Backfill;
import dev.mixdown.pipelines.backfill.Backfill.Report;
import dev.mixdown.pipelines.backfill.DatasetFiles;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.events.EventDataset;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.events.RunEvents;
import io.openlineage.client.utils.UUIDUtils;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes records of the past. */
@Command(
    name = "backfill",
    description = {
      "Make records of the past: dataset versions from old shards, trainings from training_info.json"
          + " files and a job export, each joined to the version that it used.",
      "",
      "What was recorded before is kept, and a second run adds nothing. What cannot be joined is listed,"
          + " with the reason."
    },
    sortOptions = false)
public final class BackfillCommand extends JsonCommand {
  private static final int MOST_LINES = 20;

  /** An event is one message; the records have all. */
  private static final int MOST_INPUTS = 1000;

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

  @Mixin private RegistryOption records = new RegistryOption();

  /** What followed {@code --} on the command line. */
  public void setBeamOptions(List<String> options) {
    runner.setBeamOptions(options);
  }

  @Override
  public Integer call() throws Exception {
    if (datasets.isEmpty() && artifacts == null && jobs == null && manifests == null) {
      throw badUsage("Say where to look: --datasets, --artifacts, --jobs or --manifests");
    }
    Registry store = records.store();
    Backfill backfill =
        new Backfill(
            new Backfill.Request(
                datasets,
                Optional.ofNullable(artifacts),
                Optional.ofNullable(jobs),
                Optional.ofNullable(manifests),
                !quick,
                new DatasetFiles.Written(data.format(), data.csv(), data.entries()),
                records.workspace(),
                runner.settings(),
                TerminalProgress.orNone()),
            store);
    Report report = observed(backfill, store);
    if (json()) {
      print(json(report));
    } else {
      tell(report);
    }
    return report.foundAny() ? 0 : Failures.BAD_CONFIG;
  }

  /** Runs it, and tells whoever listens to lineage events. */
  private Report observed(Backfill backfill, Registry store) throws IOException {
    EventSettings settings = EventOptions.settings(spec());
    UUID run = UUIDUtils.generateNewUUID(Instant.now());
    EventLog log = new EventLog(store.folder(), settings, WorkspaceOption.outboxes());
    RunEvents events =
        new RunEvents(
            settings,
            new RunEvents.Job("backfill", "BACKFILL", Optional.empty()),
            run,
            Version.mixdown());
    log.emit(events.start(Instant.now()));
    try {
      Report report = backfill.run(run);
      log.emit(
          events.complete(
              Instant.now(),
              report.versions().stream().limit(MOST_INPUTS).map(BackfillCommand::input).toList(),
              List.of(),
              Json.object()));
      return report;
    } catch (IOException | RuntimeException e) {
      log.emit(events.fail(Instant.now(), String.valueOf(e.getMessage())));
      throw e;
    } finally {
      log.close();
    }
  }

  private static EventDataset input(DatasetVersion version) {
    return EventDataset.at(version.filePath())
        .with(
            version.fileHash(),
            version.format(),
            version.numSamples(),
            version.fileSize(),
            version.shards().size(),
            Map.of());
  }

  private void tell(Report report) {
    out()
        .printf(
            "%,d dataset %s (%,d new), %,d %s (%,d new), %,d %s (%,d new)%n",
            report.versions().size(),
            report.versions().size() == 1 ? "version" : "versions",
            report.added(EntryKind.VERSION),
            report.manifests(),
            report.manifests() == 1 ? "manifest" : "manifests",
            report.added(EntryKind.MANIFEST),
            report.trainings(),
            report.trainings() == 1 ? "training" : "trainings",
            report.added(EntryKind.TRAINING));
    out()
        .printf(
            "%,d of %,d trainings are joined to what they used%n",
            report.matched(), report.trainings());
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

  private static ObjectNode json(Report report) {
    ObjectNode document = Json.object();
    document.put("versions", report.versions().size());
    document.put("manifests", report.manifests());
    document.put("trainings", report.trainings());
    document.put("matched", report.matched());
    ObjectNode added = document.putObject("added");
    for (EntryKind<?> kind : EntryKind.ALL) {
      added.put(kind.folder(), report.added(kind));
    }
    ArrayNode unmatched = document.putArray("unmatched");
    report
        .unmatched()
        .forEach(
            u -> unmatched.addObject().put("training", u.training()).put("reason", u.reason()));
    document.set("problems", Json.tree(report.problems()));
    return document;
  }
}
