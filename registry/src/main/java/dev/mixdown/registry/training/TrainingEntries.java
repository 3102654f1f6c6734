package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The registry's entries of a history's trainings. An entry's id depends on the file's place, the
 * training's number and what it says: it is the same whoever makes it, and when.
 */
public final class TrainingEntries {
  private static final int ID = 20;

  private TrainingEntries() {}

  /**
   * An entry for each training.
   *
   * @param recordedAt now
   * @param backfilled whether they are found long after
   */
  public static List<TrainingEntry> of(TrainingInfo info, String recordedAt, boolean backfilled) {
    List<TrainingEntry> entries = new ArrayList<>();
    List<JsonNode> history = info.history();
    for (int i = 0; i < history.size(); i++) {
      JsonNode entry = history.get(i);
      boolean last = i == history.size() - 1;
      entries.add(
          new TrainingEntry(
              id(info.path(), i, entry),
              text(entry, "job"),
              null,
              null,
              recipe(info, entry),
              info.text("model_name").orElse(null),
              info.text("stage").orElse(null),
              text(entry, "dataset"),
              entry.path("steps").asLong(),
              present(entry, "epochs"),
              present(entry, "metrics"),
              present(entry, "hyperparams"),
              text(entry, "start_time"),
              text(entry, "end_time"),
              info.path(),
              i == 0 ? null : entries.get(i - 1).id(),
              text(info.data(entry), "manifest_id"),
              versions(info.data(entry)),
              info.text("base_model").orElse(null),
              checkpoint(info, entry, last),
              present(entry, "git"),
              present(entry, "environment"),
              consumed(entry),
              recordedAt,
              backfilled));
    }
    return entries;
  }

  /** How far a training took its manifest, where its history says it. */
  private static TrainingEntry.@Nullable Consumed consumed(JsonNode entry) {
    JsonNode consumed = entry.path("consumed");
    return consumed.path("samples").canConvertToLong()
        ? new TrainingEntry.Consumed(
            consumed.path("samples").asLong(), consumed.path("estimate").asBoolean())
        : null;
  }

  private static String id(String path, int number, JsonNode entry) {
    String text = path + "\n" + number + "\n" + canonical(entry);
    return Digests.sha256(text).substring(0, ID);
  }

  /** A value as text that is the same for equal values: a file may have 2e-5 or 0.00002. */
  private static String canonical(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().stripTrailingZeros().toPlainString();
    }
    if (value.isObject()) {
      Map<String, String> sorted = new TreeMap<>();
      value.properties().forEach(field -> sorted.put(field.getKey(), canonical(field.getValue())));
      return sorted.toString();
    }
    if (value.isArray()) {
      List<String> values = new ArrayList<>();
      value.forEach(one -> values.add(canonical(one)));
      return values.toString();
    }
    return value.toString();
  }

  /** The versions that stand in the file for the manifest that an entry followed. */
  private static List<Used> versions(JsonNode data) {
    List<Used> used = new ArrayList<>();
    for (JsonNode version : data.path("dataset_versions")) {
      used.add(new Used(version.path("name").asText(), version.path("version").asText(), null));
    }
    return used;
  }

  /** What an entry made, in full: files say it only of their last one, mixdown of each. */
  private static @Nullable String checkpoint(TrainingInfo info, JsonNode entry, boolean last) {
    String written = text(entry, "checkpoint");
    if (written == null && last) {
      written = info.text("final_checkpoint").orElse(null);
    }
    return written == null ? null : StoragePath.resolve(StoragePath.folder(info.path()), written);
  }

  /** A training's own recipe, else the one that its stage was prepared for. */
  private static @Nullable String recipe(TrainingInfo info, JsonNode entry) {
    String own = text(entry, "recipe");
    return own == null ? info.recipe().orElse(null) : own;
  }

  private static @Nullable String text(JsonNode node, String key) {
    JsonNode value = node.get(key);
    return value != null && value.isTextual() ? value.asText() : null;
  }

  private static @Nullable JsonNode present(JsonNode node, String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** The part of a file that says what data it is about. */
  public static ObjectNode data(String manifest, String uri, List<Used> versions) {
    ObjectNode data = Json.object().put("manifest_id", manifest).put("manifest", uri);
    for (Used used : versions) {
      data.withArray("dataset_versions")
          .addObject()
          .put("name", used.name())
          .put("version", used.version());
    }
    return data;
  }
}
