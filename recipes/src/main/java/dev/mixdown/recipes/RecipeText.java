package dev.mixdown.recipes;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.RecipeLibrary.Found;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes recipes, and configs made from them, as YAML that YAML 1.1 reads in the same way. */
public final class RecipeText {
  private RecipeText() {}

  /** A recipe with everything that it extends. */
  public static String whole(Recipe recipe) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("id", recipe.id());
    document.put("version", recipe.version().text());
    Map<?, ?> json = Json.convert(recipe.json(), Map.class);
    json.forEach((key, value) -> document.putIfAbsent(String.valueOf(key), value));
    document.put("default_config", recipe.defaultConfig().plain());
    document.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
    return yaml(document);
  }

  /** A config. */
  public static String config(Node.Mapping config) {
    return yaml(config.plain());
  }

  /**
   * A copy to edit, with an id of its own; of the same id, with a version of its own.
   *
   * @param id of the copy; empty for the recipe's own
   */
  public static String copy(Found found, Optional<String> id) {
    Recipe recipe = found.recipe();
    String newId = id.orElse(recipe.id());
    String version = newId.equals(recipe.id()) ? recipe.version().nextMinor().text() : "1.0.0";
    String text = found.file().text();
    if (!text.matches("(?s)(.*\n)?id:.*")) {
      text = whole(recipe);
    }
    text = replaced(text, "id", newId);
    text = replaced(text, "version", version);
    text = replaced(text, "name", RecipeReader.title(newId));
    return "# Copied from %s, %s.\n".formatted(recipe.fullName(), recipe.sha256().substring(0, 12))
        + text;
  }

  private static String replaced(String text, String key, String value) {
    return text.replaceFirst("(?m)^" + key + ":.*$", Matcher.quoteReplacement(key + ": " + value));
  }

  private static String yaml(Map<String, @Nullable Object> document) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setDefaultScalarStyle(ScalarStyle.PLAIN)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(120)
            .build();
    return new Dump(settings, new Numbers(settings)).dumpToString(document);
  }

  /** Writes numbers out in digits: YAML 1.1 takes 1E-7 for text. */
  private static final class Numbers extends StandardRepresenter {
    Numbers(DumpSettings settings) {
      super(settings);
      representers.put(
          BigDecimal.class,
          data -> {
            BigDecimal number = (BigDecimal) data;
            return representScalar(
                number.scale() <= 0 ? Tag.INT : Tag.FLOAT, number.toPlainString());
          });
    }
  }
}
