package dev.mixdown.registry;

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

  /** The reports without what was measured, and without configs. */
  @Override
  public JobsEntry summary() {
    return new JobsEntry(
        id,
        recordedAt,
        importedFrom,
        jobs.stream()
            .map(
                job ->
                    new JobReport(
                        job.uuid(),
                        job.row().deepCopy().without(List.of("config")),
                        job.sha256(),
                        null,
                        job.versions(),
                        job.manifest(),
                        job.partial()))
            .toList());
  }
}
