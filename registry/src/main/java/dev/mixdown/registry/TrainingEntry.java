package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.registry.JobReports.Told;
import dev.mixdown.registry.platform.Cells;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model trained for some steps on some data: one entry of a {@code training_info.json}, or a job
 * of a job export.
 *
 * @param id of a job, its UUID; of an entry, a digest of its file's place, its number and content;
 *     with {@code -open} while it is not known what it used
 * @param job the job's UUID, where it is known
 * @param name the job's
 * @param status the job's
 * @param file the {@code training_info.json}; null for a job that is in none
 * @param previous the entry before it in the same file
 * @param manifest the id of the manifest that it followed
 * @param versions the dataset versions that it was trained on
 * @param baseModel what it began from, as written: a pretrained model, or a checkpoint
 * @param checkpoint what it made, in full
 * @param consumed how far it took the samples of its manifest; null where that is not known
 * @param recordedAt when this was recorded
 * @param backfilled whether it was found long after, and not recorded by the training itself
 */
public record TrainingEntry(
    String id,
    @Nullable String job,
    @Nullable String name,
    @Nullable String status,
    @Nullable String recipe,
    @Nullable String modelName,
    @Nullable String stage,
    @Nullable String dataset,
    @Nullable Long steps,
    @Nullable JsonNode epochs,
    @Nullable JsonNode metrics,
    @Nullable JsonNode hyperparams,
    @Nullable String startTime,
    @Nullable String endTime,
    @Nullable String file,
    @Nullable String previous,
    @Nullable String manifest,
    List<Used> versions,
    @Nullable String baseModel,
    @Nullable String checkpoint,
    @Nullable JsonNode git,
    @Nullable JsonNode environment,
    @Nullable Consumed consumed,
    String recordedAt,
    boolean backfilled)
    implements RegistryEntry {

  /**
   * A dataset version that a training used.
   *
   * @param version its content hash
   * @param match how that is known; null where the training itself recorded it
   */
  public record Used(String name, String version, @Nullable Match match) {}

  /**
   * How surely a training of the past used a version.
   *
   * @param by {@code hash}, {@code path} or {@code name}
   * @param confidence from 0 to 1
   * @param why in words
   */
  public record Match(String by, double confidence, String why) {}

  /**
   * How far a training took the samples of its manifest.
   *
   * @param samples the position behind the last one
   * @param estimate whether that is steps times the batch, and was not counted
   */
  public record Consumed(long samples, boolean estimate) {}

  private static final String OPEN = "-open";

  /** A job as a training: what lineage tells of it. */
  static TrainingEntry of(Told told) {
    JobReport job = told.report();
    boolean completed = "COMPLETED".equalsIgnoreCase(text(job, "status"));
    JsonNode steps = job.row().get("current_step");
    String began = time(job, "started_at");
    return new TrainingEntry(
        job.uuid(),
        job.uuid(),
        text(job, "name"),
        lower(text(job, "status")),
        text(job, "recipe_id"),
        null,
        null,
        text(job, "train_data_path"),
        steps == null ? null : steps.asLong(),
        null,
        null,
        null,
        began == null ? time(job, "created_at") : began,
        time(job, "completed_at"),
        null,
        null,
        job.manifest(),
        job.versions(),
        text(job, "model_path"),
        completed ? text(job, "output_path") : null,
        null,
        null,
        null,
        told.recordedAt(),
        false);
  }

  private static @Nullable String text(JobReport job, String column) {
    JsonNode value = job.row().get(column);
    return value == null ? null : value.asText();
  }

  private static @Nullable String lower(@Nullable String word) {
    return word == null ? null : word.toLowerCase(Locale.ROOT);
  }

  /** A time in UTC, to the second. */
  private static @Nullable String time(JobReport job, String column) {
    String text = text(job, column);
    return text == null
        ? null
        : Cells.normal(text).map(t -> t.substring(0, 19).replace(' ', 'T') + "Z").orElse(null);
  }

  /** The same, with the versions that were found out. */
  public TrainingEntry using(List<Used> found) {
    return copy(id, metrics, hyperparams, git, environment, found);
  }

  /**
   * The same, as long as it is not known what it used: an entry beside the one that will say it,
   * which then takes its place.
   */
  public TrainingEntry open() {
    return copy(id + OPEN, metrics, hyperparams, git, environment, versions);
  }

  /** Whether it was not known what it used when this was recorded. */
  @JsonIgnore
  public boolean isOpen() {
    return id.endsWith(OPEN);
  }

  /** The training's id, which is the record's but for {@link #open} ones. */
  public String training() {
    return isOpen() ? id.substring(0, id.length() - OPEN.length()) : id;
  }

  public TrainingEntry {
    versions = versions == null ? List.of() : List.copyOf(versions);
  }

  @Override
  public EntryKind<TrainingEntry> entryKind() {
    return EntryKind.TRAINING;
  }

  @Override
  public TrainingEntry summary() {
    return copy(id, null, null, null, null, versions);
  }

  private TrainingEntry copy(
      String newId,
      @Nullable JsonNode newMetrics,
      @Nullable JsonNode newHyperparams,
      @Nullable JsonNode newGit,
      @Nullable JsonNode newEnvironment,
      List<Used> newVersions) {
    return new TrainingEntry(
        newId,
        job,
        name,
        status,
        recipe,
        modelName,
        stage,
        dataset,
        steps,
        epochs,
        newMetrics,
        newHyperparams,
        startTime,
        endTime,
        file,
        previous,
        manifest,
        newVersions,
        baseModel,
        checkpoint,
        newGit,
        newEnvironment,
        consumed,
        recordedAt,
        backfilled);
  }
}
