package dev.mixdown.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.storage.Digests;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was told of some jobs at one time: of one that somebody recorded, or of many that stood in a
 * database. Jobs change while they run; the newest report of each counts.
 *
 * @param id a digest of what the reports say
 * @param recordedAt when
 * @param importedFrom the database that they stood in; null for those that were recorded
 * @param jobs the reports
 */
public record JobsEntry(
    String id, String recordedAt, @Nullable String importedFrom, List<JobReport> jobs)
    implements RegistryEntry {
  private static final int ID = 32;
  private static final List<String> SUMMARY =
      List.of(
          "name",
          "status",
          "recipe_id",
          "model_path",
          "train_data_path",
          "output_path",
          "current_step",
          "created_at",
          "started_at",
          "completed_at",
          "updated_at");

  public JobsEntry {
    jobs = List.copyOf(jobs);
  }

  /** An entry of some reports. */
  public static JobsEntry of(
      List<JobReport> jobs, String recordedAt, @Nullable String importedFrom) {
    StringBuilder said = new StringBuilder();
    for (JobReport job : jobs) {
      said.append(job.uuid()).append(' ').append(job.sha256()).append(' ');
      if (job.metrics() != null) {
        said.append(job.metrics().after()).append(' ').append(job.metrics().sha256());
      }
      said.append(' ').append(job.versions()).append(' ').append(job.manifest()).append('\n');
    }
    String id = Digests.sha256(said.toString()).substring(0, ID);
    return new JobsEntry(id, recordedAt, importedFrom, jobs);
  }

  @Override
  public EntryKind<JobsEntry> entryKind() {
    return EntryKind.JOBS;
  }

  /** The reports with what lineage tells of jobs, and without what was measured. */
  @Override
  public JobsEntry summary() {
    return new JobsEntry(
        id, recordedAt, importedFrom, jobs.stream().map(JobsEntry::summary).toList());
  }

  private static JobReport summary(JobReport job) {
    ObjectNode row = job.row().deepCopy().retain(SUMMARY);
    JsonNode recipe = job.row().path("config").get("recipe");
    if (!row.has("recipe_id") && recipe != null && recipe.isTextual()) {
      row.set("recipe_id", recipe);
    }
    return new JobReport(
        job.uuid(), row, job.sha256(), null, job.versions(), job.manifest(), job.partial());
  }
}
