package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a release repository says that mixdown does not use: kept for the trainer, and shown as not
 * used.
 *
 * @param values in the order in which they were read, each with its place
 */
public record Carried(List<Value> values) {
  /** Nothing. */
  public static final Carried NONE = new Carried(List.of());

  /**
   * One value.
   *
   * @param path the keys that lead to it, joined by dots, with an item of a list by its name
   * @param used whether mixdown uses it too: a batch size, for example
   */
  public record Value(List<String> path, Node node, boolean used) {
    /** The keys as people write them. */
    public String name() {
      return String.join(".", path);
    }
  }

  /** These values and others. */
  public Carried and(Carried others) {
    List<Value> all = new ArrayList<>(values);
    all.addAll(others.values);
    return new Carried(List.copyOf(all));
  }

  /**
   * The values as one document that has the form of the files: objects in objects, and the entries
   * of a list as objects with their names.
   */
  public ObjectNode document() {
    ObjectNode document = Json.object();
    for (Value value : values) {
      ObjectNode at = document;
      for (int i = 0; i < value.path().size() - 1; i++) {
        at = child(at, value.path().get(i));
      }
      at.set(value.path().get(value.path().size() - 1), Json.tree(value.node().plain()));
    }
    return document;
  }

  private static ObjectNode child(ObjectNode parent, String key) {
    int bracket = key.indexOf('[');
    if (bracket < 0) {
      return parent.withObjectProperty(key);
    }
    String name = key.substring(bracket + 1, key.length() - 1);
    ArrayNode list = parent.withArrayProperty(key.substring(0, bracket));
    for (JsonNode item : list) {
      if (item instanceof ObjectNode object && object.path("name").asText().equals(name)) {
        return object;
      }
    }
    return list.addObject().put("name", name);
  }
}
