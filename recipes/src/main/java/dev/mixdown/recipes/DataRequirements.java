package dev.mixdown.recipes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Digests;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe needs of each record, and of all together.
 *
 * @param shapes of which a record has to have one; none where anything will do
 * @param different two fields that may not say the same; empty for none
 * @param minSamples fewer than this are too few; null where any number will do
 */
public record DataRequirements(
    List<Shape> shapes, List<String> different, @Nullable Long minSamples) implements Serializable {
  /** None. */
  public static final DataRequirements NONE = new DataRequirements(List.of(), List.of(), null);

  /** The field that says how many tokens a record has, where records have it. */
  public static final String TOKENS = "num_tokens";

  /**
   * Fields that belong together.
   *
   * @param names of the fields, in the order of the recipe
   * @param types of the fields, in the same order
   */
  public record Shape(List<String> names, List<FieldType> types) implements Serializable {
    public Shape {
      names = new ArrayList<>(names);
      types = new ArrayList<>(types);
    }
  }

  public DataRequirements {
    shapes = new ArrayList<>(shapes);
    different = new ArrayList<>(different);
  }

  /** The fields that are looked at, each once. */
  public List<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    shapes.forEach(shape -> fields.addAll(shape.names()));
    if (!shapes.isEmpty()) {
      fields.add(TOKENS);
    }
    return List.copyOf(fields);
  }

  /** Fewer samples than this are too few. */
  public Optional<Long> least() {
    return Optional.ofNullable(minSamples);
  }

  /** A short name of what is looked for in records: two of the same find the same. */
  public String digest() {
    return Digests.sha256("v1" + shapes + different).substring(0, 12);
  }

  /** The requirements as documents have them. */
  public ObjectNode json() {
    ObjectNode json = Json.object();
    if (!shapes.isEmpty()) {
      ArrayNode list = json.putArray("any_of");
      for (Shape shape : shapes) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < shape.names().size(); i++) {
          fields.put(shape.names().get(i), shape.types().get(i).word());
        }
        list.add(Json.tree(fields));
      }
    }
    if (!different.isEmpty()) {
      json.set("different", Json.tree(different));
    }
    if (minSamples != null) {
      json.put("min_samples", minSamples);
    }
    return json;
  }
}
