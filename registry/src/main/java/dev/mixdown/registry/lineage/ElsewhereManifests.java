package dev.mixdown.registry.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds manifests that were recorded in another store than the trainings that followed them: by the
 * place that {@code training_info.json} names.
 */
final class ElsewhereManifests {
  private ElsewhereManifests() {}

  /** What is to be said of a training's manifest, as far as it can be found. */
  static String detail(TrainingEntry training) {
    return document(training)
        .map(
            manifest ->
                String.format(
                    Locale.ROOT,
                    "%s, %,d samples, recorded elsewhere",
                    manifest.path("stage").asText("unknown stage"),
                    manifest.path("total").longValue()))
        .orElse("recorded elsewhere");
  }

  private static Optional<JsonNode> document(TrainingEntry training) {
    if (training.file() == null) {
      return Optional.empty();
    }
    for (JsonNode data : data(read(training.file()))) {
      if (data.path("manifest_id").asText().equals(training.manifest())) {
        String place = data.path("manifest").asText();
        return read(Storage.resolve(place, "manifest.json"));
      }
    }
    return Optional.empty();
  }

  /** What a history says of its data: as a whole, and for each entry. */
  private static List<JsonNode> data(Optional<JsonNode> info) {
    List<JsonNode> data = new ArrayList<>();
    info.ifPresent(
        i -> {
          i.path("training_history").forEach(entry -> data.add(entry.path("data")));
          data.add(i.path("data"));
        });
    return data;
  }

  private static Optional<JsonNode> read(String path) {
    try {
      return Storage.isSupported(path) ? Storage.read(path).map(Json::read) : Optional.empty();
    } catch (IOException | UncheckedIOException e) {
      // It is told to others and decides nothing.
      return Optional.empty();
    }
  }
}
