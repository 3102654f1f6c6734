package dev.mixdown.pipelines.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.backfill.JobExport.Job;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.matching.ReportedData;
import dev.mixdown.registry.matching.VersionMatcher;
import dev.mixdown.registry.matching.VersionMatcher.MatchResult;
import dev.mixdown.registry.training.TrainingEntries;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Digests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins trainings of the past to the dataset versions that they used. */
public final class Trainings {
  /** Where people write the path of their data, in an entry or its hyperparameters. */
  private static final List<String> PATH_KEYS = List.of("dataset_path", "data_path", "train_file");

  private final VersionMatcher matcher;
  private final Set<String> manifests;
  private final String now;
  private final List<TrainingEntry> records = new ArrayList<>();
  private final List<Unmatched> unmatched = new ArrayList<>();
  private final Set<String> jobs = new HashSet<>();
  private int matched;

  /**
   * A training that no version was found for.
   *
   * @param training where it stands
   */
  public record Unmatched(String training, String reason) {}

  /**
   * @param manifests the ids of those that are known: what they were made of is known exactly
   */
  Trainings(VersionMatcher matcher, Set<String> manifests, Instant now) {
    this.matcher = matcher;
    this.manifests = manifests;
    this.now = now.toString();
  }

  List<TrainingEntry> entries() {
    return records;
  }

  List<Unmatched> unmatched() {
    return unmatched;
  }

  /** How many trainings are joined to what they used. */
  int matched() {
    return matched;
  }

  /** Joins the entries of a history. */
  void add(TrainingInfo info) {
    List<TrainingEntry> entries = TrainingEntries.of(info, now, true);
    for (int i = 0; i < entries.size(); i++) {
      TrainingEntry record = entries.get(i);
      boolean known =
          !record.versions().isEmpty()
              || (record.manifest() != null && manifests.contains(record.manifest()));
      if (known) {
        matched++;
        records.add(record);
      } else {
        JsonNode entry = info.history().get(i);
        ReportedData hint =
            new ReportedData(
                text(entry, "dataset_version"),
                path(entry),
                Optional.ofNullable(record.dataset()),
                instant(record.startTime()));
        join(record, hint, info.path() + " training " + (i + 1));
      }
    }
  }

  private static Optional<String> path(JsonNode entry) {
    for (String key : PATH_KEYS) {
      Optional<String> path = text(entry, key).or(() -> text(entry.path("hyperparams"), key));
      if (path.isPresent()) {
        return path;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(JsonNode node, String key) {
    return Optional.ofNullable(node.get(key)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static Optional<Instant> instant(@Nullable String time) {
    return Optional.ofNullable(time).flatMap(Timestamps::instant);
  }

  /** Joins a job of an export. */
  void add(Job job) {
    if (!jobs.add(job.uuid())) {
      unmatched.add(
          new Unmatched("job " + job.uuid(), "is in the export twice; its first row counts"));
      return;
    }
    TrainingEntry record =
        new TrainingEntry(
            fileName(job.uuid()),
            job.uuid(),
            job.name().orElse(null),
            job.status().orElse(null),
            job.recipe().orElse(null),
            job.setting("model_name").orElse(null),
            job.setting("stage").orElse(null),
            job.datasetPath().orElse(null),
            null,
            null,
            null,
            job.config().isEmpty() ? null : Secrets.without(job.config()),
            job.created().orElse(null),
            null,
            null,
            null,
            null,
            List.of(),
            job.setting("base_model").or(() -> job.setting("model_path")).orElse(null),
            job.setting("checkpoint").orElse(null),
            null,
            null,
            null,
            now,
            true);
    ReportedData hint =
        new ReportedData(
            job.setting("dataset_version_hash"),
            job.datasetPath(),
            job.setting("dataset_name"),
            job.at());
    join(record, hint, "job " + job.uuid());
  }

  /** Ids are names of files: what a file's name cannot have is left out of them. */
  private static String fileName(String uuid) {
    String name = uuid.replaceAll("[^A-Za-z0-9_-]", "_");
    return name.equals(uuid) ? uuid : name + "-" + Digests.sha256(uuid).substring(0, 8);
  }

  private void join(TrainingEntry record, ReportedData hint, String where) {
    MatchResult found;
    try {
      found = matcher.find(hint);
    } catch (IllegalArgumentException e) {
      // A path that is none.
      found = new MatchResult(Optional.empty(), String.valueOf(e.getMessage()));
    }
    if (found.used().isPresent()) {
      matched++;
      records.add(record.using(List.of(found.used().get())));
    } else {
      unmatched.add(new Unmatched(where, found.reason()));
      records.add(record.open());
    }
  }
}
