package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.Map;

/** JSON without NaN and infinities, which it does not have. */
final class FiniteNumbers {
  private static final String TEXT = "_text";

  private FiniteNumbers() {}

  /** A document in which they are null; in an object, their text is beside them. */
  static JsonNode in(JsonNode node) {
    if (!hasOther(node)) {
      return node;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode finite = Json.object();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (isOther(field.getValue())) {
          finite.putNull(field.getKey());
          finite.put(field.getKey() + TEXT, text(field.getValue().doubleValue()));
        } else {
          finite.set(field.getKey(), in(field.getValue()));
        }
      }
      return finite;
    }
    if (node instanceof ArrayNode list) {
      ArrayNode finite = Json.array();
      list.forEach(item -> finite.add(isOther(item) ? Json.tree(null) : in(item)));
      return finite;
    }
    return Json.tree(null);
  }

  private static boolean hasOther(JsonNode node) {
    if (node.isContainerNode()) {
      for (JsonNode item : node) {
        if (hasOther(item)) {
          return true;
        }
      }
      return false;
    }
    return isOther(node);
  }

  private static boolean isOther(JsonNode node) {
    return (node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue());
  }

  /** As Python writes them. */
  private static String text(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
}
