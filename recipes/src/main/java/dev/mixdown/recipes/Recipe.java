package dev.mixdown.recipes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.storage.Digests;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training config that somebody has tried, with what it needs of the data and of the machine.
 * What it extends is in it.
 *
 * @param defaultConfig the parameters; {@code batch_size} is the global one
 * @param sources where values come from, by the keys that lead to them, joined by dots
 * @param notes why a value is as it is, by its key
 * @param sizeHint how large the models are that it was made for
 * @param minGpus fewer are too few
 * @param recommendedGpus what it was tried on
 */
public record Recipe(
    String id,
    Version version,
    String name,
    String description,
    TaskType taskType,
    Algorithm algorithm,
    Node.Mapping defaultConfig,
    Map<String, String> sources,
    DataRequirements dataRequirements,
    List<String> tips,
    Map<String, String> notes,
    SizeClass sizeHint,
    int minGpus,
    int recommendedGpus,
    List<String> tags,
    String author) {
  /** Its id and version, as people write them. */
  public String fullName() {
    return id + "@" + version;
  }

  /**
   * The whole recipe as a document: the keys of the platform, with {@code notes} and {@code
   * sources}.
   */
  public ObjectNode json() {
    ObjectNode json = Json.object().put("id", id).put("name", name);
    json.put("description", description).put("task_type", taskType.word());
    json.put("recommended_algorithm", algorithm.word());
    json.set("default_config", Json.tree(defaultConfig.plain()));
    json.set("data_requirements", dataRequirements.json());
    json.put("model_size_hint", sizeHint.word());
    json.put("min_gpus", minGpus).put("recommended_gpus", recommendedGpus);
    json.set("tips", Json.tree(tips));
    json.set("tags", Json.tree(tags));
    json.put("author", author).put("version", version.text());
    json.set("notes", Json.tree(notes));
    json.set("sources", Json.tree(sources));
    return json;
  }

  /**
   * The identity of its content: SHA-256 of its document in one line, with keys in the order of
   * their characters and numbers by value. How its file is written, and what it extends, makes no
   * difference.
   */
  public String sha256() {
    return Digests.sha256(Json.line(canonical(json())));
  }

  private static JsonNode canonical(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      object.properties().forEach(field -> sorted.put(field.getKey(), canonical(field.getValue())));
      ObjectNode canonical = Json.object();
      sorted.forEach(canonical::set);
      return canonical;
    }
    if (node instanceof ArrayNode list) {
      ArrayNode canonical = Json.array();
      list.forEach(item -> canonical.add(canonical(item)));
      return canonical;
    }
    if (node.isNumber()) {
      BigDecimal value = node.decimalValue();
      return DecimalNode.valueOf(
          value.signum() == 0
              ? BigDecimal.ZERO
              : new BigDecimal(value.stripTrailingZeros().toPlainString()));
    }
    return node;
  }

  /** What documents name it by: id, version and hash. */
  public ObjectNode reference() {
    return Json.object().put("id", id).put("version", version.text()).put("sha256", sha256());
  }
}
