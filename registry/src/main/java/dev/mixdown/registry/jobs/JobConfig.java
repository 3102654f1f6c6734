package dev.mixdown.registry.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a job was trained with: the columns of its row, and its config. What a column says
 * counts more than the config.
 *
 * @param config the columns first
 * @param conflicts keys of the config that say something else than the column, with both values
 */
public record JobConfig(ObjectNode config, List<String> conflicts) {
  /** Columns that say how a job is trained, by the names that configs have for them. */
  private static final Map<String, String> COLUMNS = columns();

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column :
        List.of(
            "algorithm",
            "model_path",
            "train_data_path",
            "eval_data_path",
            "num_gpus",
            "gpu_type",
            "learning_rate",
            "batch_size",
            "num_epochs",
            "max_steps",
            "context_length",
            "kl_coef",
            "rollout_n",
            "lora_enabled",
            "lora_rank")) {
      columns.put(column, column);
    }
    columns.put("recipe_id", "recipe");
    columns.put("dataset_version_hash", "dataset_version_hash");
    return columns;
  }

  /** The columns and the config of a job. */
  public static JobConfig of(Job job) {
    ObjectNode merged = Json.object();
    List<String> conflicts = new ArrayList<>();
    COLUMNS.forEach(
        (column, key) -> {
          JsonNode value = value(job, column);
          if (value != null && means(job, column)) {
            merged.set(key, value);
          }
        });
    job.config()
        .properties()
        .forEach(
            field -> {
              JsonNode column = merged.get(field.getKey());
              if (column == null) {
                merged.set(field.getKey(), field.getValue());
              } else if (!equal(column, field.getValue())) {
                conflicts.add(
                    "%s is %s in its column, which counts, and %s in its config"
                        .formatted(field.getKey(), column, field.getValue()));
              }
            });
    return new JobConfig(merged, conflicts);
  }

  private static @Nullable JsonNode value(Job job, String column) {
    JsonNode value = job.row().get(column);
    if (value == null || value.isNull()) {
      return null;
    }
    return switch (column) {
      case "algorithm" ->
          TextNode.valueOf(job.algorithm().map(Algorithm::word).orElse(value.asText()));
      case "lora_enabled" -> BooleanNode.valueOf(value.asInt() != 0);
      default -> value;
    };
  }

  /** The platform fills in what an algorithm does not use, and the rank of a LoRA that is off. */
  private static boolean means(Job job, String column) {
    if (column.equals(Parameters.LORA_RANK)) {
      return job.row().path(Parameters.LORA_ENABLED).asInt(1) != 0;
    }
    return job.algorithm()
        .flatMap(algorithm -> Parameters.standard().find(column).map(p -> p.isUsedBy(algorithm)))
        .orElse(true);
  }

  private static boolean equal(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    return a.equals(b)
        || (a.isTextual() && b.isTextual() && a.asText().equalsIgnoreCase(b.asText()));
  }
}
