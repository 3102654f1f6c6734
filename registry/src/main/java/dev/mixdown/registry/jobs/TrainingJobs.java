package dev.mixdown.registry.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.JobReport.MetricsDigest;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.platform.PlatformSchema;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trainings as jobs: an entry of a {@code training_info.json} is a job that has ended. Its
 * hyperparameters become the columns that they are, by any of their names.
 */
public final class TrainingJobs {
  /** What a training is that does not say how it was trained: it learned from its data. */
  private static final Algorithm USUAL = Algorithm.SFT;

  private TrainingJobs() {}

  /** The report of a training. */
  public static JobReport of(TrainingEntry training) {
    ObjectNode row = Json.object();
    row.put("uuid", training.training());
    put(row, "name", name(training));
    row.put("status", status(training).name());
    row.put("algorithm", algorithm(training).name());
    put(row, "model_path", training.baseModel());
    put(row, "train_data_path", training.dataset());
    put(row, "recipe_id", recipe(training));
    put(row, "output_path", training.checkpoint());
    hyperparameters(training, row);
    if (training.steps() != null) {
      row.put("current_step", training.steps());
      row.put("total_steps", training.steps());
    }
    if (training.epochs() != null && training.epochs().isNumber()) {
      row.put("current_epoch", training.epochs().asLong());
    }
    String start = time(training.startTime());
    String end = time(training.endTime());
    String recorded = time(training.recordedAt());
    put(row, "created_at", start == null ? (end == null ? recorded : end) : start);
    put(row, "started_at", start);
    put(row, "completed_at", end);
    put(row, "updated_at", end == null ? (start == null ? recorded : start) : end);
    return JobReport.whole(
        training.training(),
        row,
        metrics(training, end == null ? start : end),
        training.versions(),
        training.manifest());
  }

  private static void put(ObjectNode row, String column, @Nullable String value) {
    if (value != null) {
      row.put(column, value);
    }
  }

  private static String name(TrainingEntry training) {
    if (training.name() != null) {
      return training.name();
    }
    List<String> words = new ArrayList<>();
    if (training.modelName() != null) {
      words.add(training.modelName());
    }
    if (training.stage() != null) {
      words.add(training.stage());
    }
    return words.isEmpty() ? training.training() : String.join(" ", words);
  }

  private static JobStatus status(TrainingEntry training) {
    return Optional.ofNullable(training.status())
        .flatMap(JobStatus::of)
        .orElse(JobStatus.COMPLETED);
  }

  private static Algorithm algorithm(TrainingEntry training) {
    JsonNode said = training.hyperparams() == null ? null : training.hyperparams().get("algorithm");
    return Optional.ofNullable(said).map(JsonNode::asText).flatMap(Algorithm::of).orElse(USUAL);
  }

  /** A recipe's id, without its version. */
  private static @Nullable String recipe(TrainingEntry training) {
    return training.recipe() == null ? null : training.recipe().replaceFirst("@.*", "");
  }

  private static void hyperparameters(TrainingEntry training, ObjectNode row) {
    if (!(training.hyperparams() instanceof ObjectNode hyperparameters)) {
      return;
    }
    row.set("config", hyperparameters);
    hyperparameters
        .properties()
        .forEach(
            field -> {
              String parameter =
                  ImportanceTable.standard().parameter(field.getKey()).orElse(field.getKey());
              Optional<Column> column = PlatformSchema.JOBS.column(parameter);
              boolean fits =
                  column.isPresent()
                      && field.getValue().isNumber()
                      && (column.get().type() == Column.Type.REAL
                          || (column.get().type() == Column.Type.INTEGER
                              && field.getValue().decimalValue().stripTrailingZeros().scale()
                                  <= 0));
              if (fits && !row.has(parameter)) {
                row.set(parameter, field.getValue());
              }
            });
  }

  /** A time in UTC, as the platform writes it. */
  private static @Nullable String time(@Nullable String written) {
    return written == null
        ? null
        : Timestamps.instant(written)
            .map(moment -> Cells.time(LocalDateTime.ofInstant(moment, ZoneOffset.UTC)))
            .orElse(null);
  }

  private static @Nullable Metrics metrics(TrainingEntry training, @Nullable String at) {
    if (!(training.metrics() instanceof ObjectNode measured) || measured.isEmpty() || at == null) {
      return null;
    }
    List<String> columns = List.of("epoch", "extra_metrics", "step", "timestamp");
    List<@Nullable JsonNode> values = new ArrayList<>();
    values.add(Json.tree(training.epochs() == null ? 0 : training.epochs().asLong()));
    values.add(measured);
    values.add(Json.tree(training.steps() == null ? 0L : training.steps()));
    values.add(Json.tree(at));
    String before = new MetricsDigest().value();
    MetricsDigest digest = new MetricsDigest();
    digest.add(columns, values);
    return new Metrics(0, before, columns, List.of(values), digest.value());
  }
}
