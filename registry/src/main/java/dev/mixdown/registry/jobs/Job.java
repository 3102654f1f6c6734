package dev.mixdown.registry.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.JobStatus;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A job, as its row is understood. Whatever the row lacks, or has in a form that nobody
 * understands, is empty.
 *
 * @param uuid 8 or 36 characters, mostly
 * @param row all that it says
 */
public record Job(String uuid, ObjectNode row) {
  /** What the platform knows: another one's name its programs cannot read. */
  private static final Set<Algorithm> PLATFORM =
      Set.of(Algorithm.SFT, Algorithm.PPO, Algorithm.GRPO, Algorithm.DPO, Algorithm.GSPO);

  /** Its name; its uuid where it has none. */
  public String name() {
    return text("name").orElse(uuid);
  }

  /** How it is; empty where its row has a word that nobody knows. */
  public Optional<JobStatus> status() {
    return text("status").flatMap(JobStatus::of);
  }

  /** How the model is trained; empty where its row has a word that nobody knows. */
  public Optional<Algorithm> algorithm() {
    return text("algorithm").map(String::strip).flatMap(Algorithm::of);
  }

  /** Whether the platform's programs can read its row. */
  public boolean isReadableByPlatform() {
    return status().isPresent() && algorithm().map(PLATFORM::contains).orElse(false);
  }

  /** What it was trained by: {@code recipe_id}, else {@code recipe} in its config. */
  public Optional<String> recipe() {
    return text("recipe_id")
        .or(
            () ->
                Optional.ofNullable(config().get("recipe"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText))
        .filter(text -> !text.isBlank());
  }

  /** Its config; an empty object where there is none, or something else. */
  public ObjectNode config() {
    return row.get("config") instanceof ObjectNode object ? object : Json.object();
  }

  /** A text of its row. */
  public Optional<String> text(String column) {
    return Optional.ofNullable(row.get(column))
        .filter(JsonNode::isValueNode)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  /** A finite number of its row. */
  public OptionalDouble number(String column) {
    JsonNode value = row.get(column);
    return value != null && value.isNumber() && Double.isFinite(value.doubleValue())
        ? OptionalDouble.of(value.doubleValue())
        : OptionalDouble.empty();
  }

  /** A time of its row, in UTC. */
  public Optional<LocalDateTime> time(String column) {
    return text(column).flatMap(Cells::time);
  }
}
