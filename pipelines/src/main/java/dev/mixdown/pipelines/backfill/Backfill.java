package dev.mixdown.pipelines.backfill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.backfill.DatasetFiles.Dataset;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.inspect.VersionShards;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.registry.events.EventDataset;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.events.RunEvents;
import dev.mixdown.registry.matching.VersionMatcher;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.storage.Reach;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import io.openlineage.client.utils.UUIDUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes records of the past.
 *
 * <p>The shards of all datasets are listed and read by the same pipeline as those of a prepare, so
 * what was read once, by either, is not read again. Each dataset becomes a version with the time
 * that its files had. Manifests that lie around are recorded with their runs. Then every training
 * that is found, in histories and in a job export, is joined to the version it used.
 *
 * <p>Versions are written before trainings: a run that is killed in between is gone on with by the
 * next, which finds what is there and adds the rest.
 */
public final class Backfill {
  /** The kinds of entries that a backfill makes. */
  private static final List<EntryKind<?>> MADE =
      List.of(EntryKind.VERSION, EntryKind.RUN, EntryKind.MANIFEST, EntryKind.TRAINING);

  /** An event is one message; the entries have all. */
  private static final int MOST_INPUTS = 1000;

  private final Request request;
  private final Registry registry;

  /**
   * What to look through.
   *
   * @param datasets globs, folders and {@code NAME=GLOB}
   * @param artifacts the folder that trainings lie below
   * @param jobs a job export
   * @param manifests the folder that manifests lie below
   * @param full whether every record is parsed
   * @param written how the shards are written
   * @param outboxes where events wait on this machine's disk
   */
  public record Request(
      List<String> datasets,
      Optional<String> artifacts,
      Optional<String> jobs,
      Optional<String> manifests,
      boolean full,
      DatasetFiles.Written written,
      Workspace workspace,
      RunnerSettings runner,
      EventSettings events,
      Path outboxes,
      Progress progress) {}

  /**
   * What was found.
   *
   * @param versions of the datasets that were listed
   * @param trainings all, of histories and of the export
   * @param matched of these, those whose data is known
   * @param unmatched the others, with the reason
   * @param problems files that could not be used, and why
   * @param added how many records are new, by kind
   */
  public record Report(
      List<DatasetVersion> versions,
      int manifests,
      int trainings,
      int matched,
      List<Trainings.Unmatched> unmatched,
      List<String> problems,
      Map<EntryKind<?>, Integer> added) {
    /** New records of one kind. */
    public int added(EntryKind<?> kind) {
      return added.getOrDefault(kind, 0);
    }

    /** Whether there was anything at all. */
    public boolean foundAny() {
      return !versions.isEmpty() || manifests > 0 || trainings > 0;
    }

    /** The document that {@code backfill --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object();
      document.put("versions", versions.size());
      document.put("manifests", manifests);
      document.put("trainings", trainings);
      document.put("matched", matched);
      ObjectNode news = document.putObject("added");
      for (EntryKind<?> kind : MADE) {
        news.put(kind.folder(), added(kind));
      }
      document.set("unmatched", Json.tree(unmatched));
      document.set("notes", Json.tree(problems.stream().map(Note::of).toList()));
      return document;
    }

    /** Whether anything is new. */
    boolean addedAny() {
      return !added.isEmpty();
    }
  }

  public Backfill(Request request, Registry registry) {
    this.request = request;
    this.registry = registry;
  }

  /** Makes the entries, and sends lineage events. */
  public Report run() throws IOException {
    Instant begin = Instant.now();
    UUID run = UUIDUtils.generateNewUUID(begin);
    EventLog log = new EventLog(registry, request.events(), request.outboxes());
    RunEvents events =
        new RunEvents(
            request.events(),
            new RunEvents.Job("backfill", "BACKFILL", Optional.empty()),
            run,
            Version.mixdown());
    log.emit(events.start(begin));
    try {
      Report report = run(run, begin);
      log.emit(
          events.complete(
              Instant.now(),
              report.versions().stream().limit(MOST_INPUTS).map(Backfill::input).toList(),
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
    return EventDataset.at(version.uri())
        .with(
            version.version(),
            version.format(),
            version.records(),
            version.bytes(),
            version.shards().size(),
            Map.of());
  }

  private Report run(UUID run, Instant begin) throws IOException {
    List<String> problems = new ArrayList<>();
    Map<EntryKind<?>, Integer> added = new LinkedHashMap<>();

    Optional<JobExport> jobs =
        request.jobs().isPresent()
            ? Optional.of(JobExport.read(registry.storage(), request.jobs().get()))
            : Optional.empty();
    List<DatasetVersion> versions = versions(problems);
    List<RegistryEntry> old = oldManifests(problems);
    List<RegistryEntry> data = new ArrayList<>(versions);
    data.addAll(old);
    count(added, registry.addAll(data));

    Trainings trainings = trainings(versions, jobs, problems);
    count(added, registry.addAll(trainings.entries()));

    Set<String> counted = new HashSet<>();
    Report report =
        new Report(
            data.stream()
                .filter(DatasetVersion.class::isInstance)
                .map(DatasetVersion.class::cast)
                .filter(version -> counted.add(version.id()))
                .toList(),
            (int) old.stream().filter(ManifestEntry.class::isInstance).count(),
            trainings.entries().size(),
            trainings.matched(),
            trainings.unmatched(),
            problems,
            added);
    if (report.addedAny()) {
      registry.add(record(run, begin, report));
    }
    return report;
  }

  private static void count(Map<EntryKind<?>, Integer> all, Map<EntryKind<?>, Integer> some) {
    some.forEach((kind, number) -> all.merge(kind, number, Integer::sum));
  }

  /** Reads the shards, and makes a version of each dataset all of whose shards are good. */
  private List<DatasetVersion> versions(List<String> problems) throws IOException {
    DatasetFiles files =
        new DatasetFiles(Reach.patient(registry.storage()), request.full(), request.written());
    for (String argument : request.datasets()) {
      files.add(argument);
    }
    files.problems().forEach(problem -> problems.add(problem.toString()));
    problems.addAll(files.notes());
    List<MatchedShard> all =
        files.datasets().stream().flatMap(dataset -> dataset.shards().stream()).toList();
    Inspections.Outcome outcome =
        new Inspections(request.workspace(), request.runner(), request.progress(), "backfill")
            .inspect(all);
    outcome.problems().forEach(problem -> problems.add(problem.toString()));
    List<DatasetVersion> versions = new ArrayList<>();
    for (Dataset dataset : files.datasets()) {
      List<InspectedShard> shards = outcome.of(dataset.shards());
      if (!shards.isEmpty() && shards.size() == dataset.shards().size()) {
        versions.add(version(dataset, VersionShards.of(shards)));
      } else {
        problems.add(
            "dataset \"%s\" has bad shards, so no version of it was made"
                .formatted(dataset.name()));
      }
    }
    return versions;
  }

  private static DatasetVersion version(Dataset dataset, List<Shard> shards) {
    String newest = Objects.requireNonNullElse(DatasetVersion.newest(shards), "");
    return DatasetVersion.of(
        new DatasetVersion.VersionDetails(
            dataset.name(), dataset.path(), null, List.of(), newest, true),
        shards);
  }

  private List<RegistryEntry> oldManifests(List<String> problems) throws IOException {
    if (request.manifests().isEmpty()) {
      return List.of();
    }
    OldManifests manifests = OldManifests.below(registry.storage(), request.manifests().get());
    problems.addAll(manifests.problems());
    return manifests.entries();
  }

  /** Joins the trainings to these versions, and to those that were recorded before. */
  private Trainings trainings(
      List<DatasetVersion> versions, Optional<JobExport> jobs, List<String> problems)
      throws IOException {
    Set<String> ids = new HashSet<>();
    versions.forEach(version -> ids.add(version.id()));
    List<DatasetVersion> known = new ArrayList<>(versions);
    known.addAll(
        registry.readAll(
            EntryKind.VERSION,
            registry.ids(EntryKind.VERSION).stream().filter(id -> !ids.contains(id)).toList()));
    Set<String> manifests = Set.copyOf(registry.ids(EntryKind.MANIFEST));
    Trainings trainings =
        new Trainings(
            new VersionMatcher(known), manifests, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    if (request.artifacts().isPresent()) {
      TrainingHistory history =
          TrainingHistory.below(registry.storage(), request.artifacts().get());
      history.problems().forEach(problem -> problems.add(problem.toString()));
      history.infos().forEach(trainings::add);
      if (history.infos().isEmpty()) {
        problems.add(request.artifacts().get() + " has no training_info.json below it");
      }
    }
    if (jobs.isPresent()) {
      JobExport export = jobs.get();
      problems.addAll(export.problems());
      export.jobs().forEach(trainings::add);
    }
    return trainings;
  }

  private RunEntry record(UUID run, Instant begin, Report report) {
    return new RunEntry(
        run.toString(),
        "backfill",
        "COMPLETE",
        null,
        begin.toString(),
        Instant.now().toString(),
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        Json.object()
            .put("versions", report.added(EntryKind.VERSION))
            .put("manifests", report.added(EntryKind.MANIFEST))
            .put("trainings", report.added(EntryKind.TRAINING))
            .put("matched", report.matched())
            .put("unmatched", report.unmatched().size()),
        Json.object().put("mixdown", Version.mixdown()),
        request.runner().environment(),
        true);
  }
}
