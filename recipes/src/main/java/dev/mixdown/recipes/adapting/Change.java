package dev.mixdown.recipes.adapting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.diff.ScalarText;
import org.jspecify.annotations.Nullable;

/**
 * How one value of a config came to be.
 *
 * @param from what the recipe has; null where it has none
 * @param to what the config has
 * @param why in words
 * @param source where the value or its rule comes from: a publication, {@code estimated}, {@code
 *     --set}, or the recipe
 */
public record Change(String parameter, @Nullable Node from, Node to, String why, String source) {
  /** Whether the config has another value than the recipe. */
  public boolean isChanged() {
    return from == null || !from.says(to);
  }

  /** For people: {@code 4 -> 2}, or the value alone. */
  public String values() {
    String now = ScalarText.of(to);
    return from == null || !isChanged() ? now : ScalarText.of(from) + " -> " + now;
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("parameter", parameter);
    json.set("from", Json.tree(from == null ? null : from.plain()));
    json.set("to", Json.tree(to.plain()));
    return json.put("why", why).put("source", source);
  }
}
