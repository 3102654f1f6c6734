package dev.mixdown.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mixdown.registry.JobReports.Told;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All entries of a registry, in summary. Entries never change, so what was read once is kept in a
 * cache: only names are listed, and only those are read that are not in it yet. Without a cache, or
 * with a damaged one, everything is read.
 *
 * @param versions all dataset versions, by name and time
 * @param runs all runs, by time
 * @param manifests all manifests, by time
 * @param trainings all trainings, by time
 */
public record RegistryIndex(
    List<DatasetVersion> versions,
    List<RunEntry> runs,
    List<ManifestEntry> manifests,
    List<TrainingEntry> trainings) {
  private static final int BATCH = 4096;

  /** Changes whenever summaries say more, or less, than before. */
  private static final int FORMAT = 3;

  /**
   * Looks at all entries of a registry.
   *
   * @param workspace where the cache is kept
   */
  public static RegistryIndex of(Registry registry, String workspace) throws IOException {
    return new RegistryIndex(
        sorted(versions(registry, workspace), v -> v.dataset() + "\u0000" + v.createdAt()),
        sorted(all(registry, EntryKind.RUN, workspace), RunEntry::startedAt),
        manifests(registry, workspace),
        sorted(trainings(registry, workspace), t -> Objects.requireNonNullElse(t.startTime(), "")));
  }

  /** Ids say nothing to people: what is listed comes by name, or by time. */
  private static <T extends RegistryEntry> List<T> sorted(
      List<T> entries, Function<T, String> key) {
    return entries.stream()
        .sorted(Comparator.comparing(key).thenComparing(RegistryEntry::id))
        .toList();
  }

  /** All dataset versions of a registry, in summary. */
  public static List<DatasetVersion> versions(Registry registry, String workspace)
      throws IOException {
    return all(registry, EntryKind.VERSION, workspace);
  }

  /** All manifests of a registry, by time. */
  public static List<ManifestEntry> manifests(Registry registry, String workspace)
      throws IOException {
    return sorted(all(registry, EntryKind.MANIFEST, workspace), ManifestEntry::createdAt);
  }

  /** All trainings of a registry, in summary; each once. Jobs are trainings too. */
  private static List<TrainingEntry> trainings(Registry registry, String workspace)
      throws IOException {
    List<TrainingEntry> trainings = jobs(all(registry, EntryKind.JOBS, workspace));
    Set<String> known = new HashSet<>();
    trainings.forEach(job -> known.add(job.id()));
    List<TrainingEntry> all = all(registry, EntryKind.TRAINING, workspace);
    Set<String> joined = new HashSet<>();
    all.stream().filter(t -> !t.isOpen()).forEach(t -> joined.add(t.id()));
    all.stream()
        .filter(t -> !t.isOpen() || !joined.contains(t.training()))
        .filter(t -> !known.contains(t.training()))
        .forEach(trainings::add);
    return trainings;
  }

  private static List<TrainingEntry> jobs(List<JobsEntry> entries) {
    Map<String, List<Told>> reports = new LinkedHashMap<>();
    for (JobsEntry entry : entries) {
      for (JobReport job : entry.jobs()) {
        reports
            .computeIfAbsent(job.uuid(), u -> new ArrayList<>())
            .add(new Told(Told.JOB, entry.recordedAt(), entry.id(), job));
      }
    }
    List<TrainingEntry> jobs = new ArrayList<>();
    reports.values().forEach(told -> jobs.add(TrainingEntry.of(JobReports.merged(told))));
    return jobs;
  }

  private static <T extends RegistryEntry> List<T> all(
      Registry registry, EntryKind<T> kind, String workspace) throws IOException {
    List<String> ids = registry.ids(kind);
    String cache = cache(registry, kind, workspace);
    Map<String, T> known = ids.isEmpty() ? new HashMap<>() : cached(registry, cache, kind);
    List<String> unknown = ids.stream().filter(id -> !known.containsKey(id)).toList();
    for (int from = 0; from < unknown.size(); from += BATCH) {
      List<String> some = unknown.subList(from, Math.min(from + BATCH, unknown.size()));
      for (T entry : registry.readAll(kind, some)) {
        known.put(entry.id(), kind.type().cast(entry.summary()));
      }
    }
    List<T> all = new ArrayList<>(ids.size());
    for (String id : ids) {
      T entry = known.get(id);
      if (entry != null) {
        all.add(entry);
      }
    }
    if (!unknown.isEmpty()) {
      registry.removeAbandonedDrafts(kind);
      keep(registry, cache, all);
    }
    return all;
  }

  private static String cache(Registry registry, EntryKind<?> kind, String workspace) {
    String name = Digests.sha256(registry.folder()).substring(0, 16);
    return StoragePath.resolve(
        workspace, "records/" + FORMAT + "-" + name + "/" + kind.folder() + ".jsonl");
  }

  private static <T extends RegistryEntry> Map<String, T> cached(
      Registry registry, String cache, EntryKind<T> kind) throws IOException {
    Optional<String> lines = registry.storage().readText(cache);
    Map<String, T> known = new HashMap<>();
    for (String line : lines.orElse("").lines().toList()) {
      try {
        T entry = EntryJson.read(line, kind.type());
        known.put(entry.id(), entry);
      } catch (JsonProcessingException e) {
        // Torn: it is read again.
      }
    }
    return known;
  }

  private static void keep(Registry registry, String cache, List<? extends RegistryEntry> entries) {
    StringBuilder lines = new StringBuilder();
    for (RegistryEntry entry : entries) {
      lines.append(EntryJson.line(entry)).append('\n');
    }
    try {
      registry.storage().write(cache, lines.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Without a cache, the next command takes a little longer.
    }
  }
}
