package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.Causes;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A {@code training_info.json}: a model's whole history, in the directory of its stage, beside its
 * checkpoints. Keys that mixdown does not know are kept as they are.
 */
public final class TrainingInfo {
  /** The file's name. */
  public static final String FILE = "training_info.json";

  /** What it is called where it cannot be used. */
  public static final String WHAT = "the training record";

  private static final String HISTORY = "training_history";

  private static final String RECIPE = "recipe";

  /** The status before the first training. */
  private static final String PREPARED = "prepared";

  private final String path;
  private final ObjectNode json;

  private TrainingInfo(String path, ObjectNode json) {
    this.path = path;
    this.json = json;
  }

  /**
   * Reads a file's content.
   *
   * @param path where it lies, in full
   * @throws ConfigException with everything that is wrong with it
   */
  public static TrainingInfo parse(String path, byte[] bytes) {
    Problems problems = new Problems(WHAT);
    try {
      if (Json.read(bytes) instanceof ObjectNode json) {
        check(json, path, problems);
        problems.throwIfAny();
        return new TrainingInfo(path, json);
      }
      problems.add(path, "is not a JSON object; a training's record is one");
    } catch (UncheckedIOException e) {
      problems.add(path, "is not JSON" + Causes.inBrackets(e));
    }
    throw new ConfigException(WHAT, problems.list());
  }

  private static void check(ObjectNode json, String path, Problems problems) {
    JsonNode history = json.get(HISTORY);
    if (history == null || !history.isArray()) {
      problems.add(path, HISTORY + " is missing, or is not a list");
      return;
    }
    for (int i = 0; i < history.size(); i++) {
      JsonNode entry = history.get(i);
      String name = HISTORY + "[" + i + "]";
      if (!entry.path("dataset").isTextual()) {
        problems.add(path, name + ".dataset is missing, or is not text");
      }
      if (!entry.path("steps").isIntegralNumber() || entry.path("steps").asLong() < 0) {
        problems.add(path, name + ".steps is missing, or no whole number of at least 0");
      }
      for (String time : List.of("start_time", "end_time")) {
        if (Timestamps.parse(entry.path(time).asText()).isEmpty()) {
          problems.add(path, name + "." + time + " is missing, or no time as 2025-12-11T10:30:00");
        }
      }
    }
  }

  /** A new history. */
  static TrainingInfo empty(String path) {
    ObjectNode json = Json.object();
    for (String key :
        List.of("model_name", "stage", "final_checkpoint", "base_model", "created_at")) {
      json.putNull(key);
    }
    json.putNull("last_updated");
    json.put("total_steps", 0);
    json.putNull("last_dataset");
    json.putArray(HISTORY);
    return new TrainingInfo(path, json);
  }

  /**
   * A history that no training has begun.
   *
   * @param baseModel what the stage will be trained from
   * @param recipe what it will be trained by: id, version and SHA-256
   * @param data the manifest, and what it was made of
   */
  public static TrainingInfo prepared(
      String path,
      String stage,
      Optional<String> baseModel,
      Optional<ObjectNode> recipe,
      ObjectNode data,
      Instant now) {
    TrainingInfo info = empty(path);
    info.json.put("stage", stage);
    info.json.put("base_model", baseModel.orElse(null));
    info.json.put("created_at", Training.time(now));
    info.json.put("last_updated", Training.time(now));
    info.json.put("status", PREPARED);
    recipe.ifPresent(r -> info.json.set(RECIPE, r));
    info.json.set("data", data);
    return info;
  }

  /**
   * The same for another base model or recipe; empty where that changes nothing, or a training has
   * begun. What is not said stays.
   *
   * @param bytes of a file, which a trainer may have left unreadable
   */
  public static Optional<byte[]> planned(
      byte[] bytes, Optional<String> baseModel, Optional<ObjectNode> recipe) {
    Optional<ObjectNode> info =
        Json.readIfSound(bytes)
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast)
            .filter(document -> document.path("status").asText().equals(PREPARED));
    if (info.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode planned = info.get().deepCopy();
    baseModel.ifPresent(model -> planned.put("base_model", model));
    recipe.ifPresent(r -> planned.set(RECIPE, r));
    return planned.equals(info.get()) ? Optional.empty() : Optional.of(Json.write(planned));
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(json);
  }

  /** Where it lies, in full. */
  public String path() {
    return path;
  }

  /** The whole document. */
  public ObjectNode json() {
    return json;
  }

  /** The text under a key of the document; empty where it is null, or not there. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(json.get(key)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** The id of the recipe that it was prepared for. */
  Optional<String> recipe() {
    return Optional.of(json.path(RECIPE).path("id").asText()).filter(id -> !id.isEmpty());
  }

  /** The entries, oldest first. */
  public List<JsonNode> history() {
    List<JsonNode> entries = new ArrayList<>();
    json.path(HISTORY).forEach(entries::add);
    return entries;
  }

  /** The steps of all entries. */
  public long totalSteps() {
    return history().stream().mapToLong(entry -> entry.path("steps").asLong()).sum();
  }

  /** The data that an entry trained on: its own, else what the file was prepared for. */
  public JsonNode data(JsonNode entry) {
    JsonNode own = entry.path("data");
    return own.isObject() ? own : json.path("data");
  }

  /** The folder of a manifest that a training followed, as this file names it. */
  public Optional<String> manifestPlace(String manifestId) {
    return Stream.concat(
            history().stream().map(entry -> entry.path("data")), Stream.of(json.path("data")))
        .filter(data -> data.path("manifest_id").asText().equals(manifestId))
        .map(data -> data.path("manifest").asText())
        .filter(place -> !place.isEmpty())
        .findFirst();
  }

  /** A copy that can be changed. */
  TrainingInfo copy() {
    return new TrainingInfo(path, json.deepCopy());
  }

  ArrayNode entries() {
    return json.withArray(HISTORY);
  }
}
