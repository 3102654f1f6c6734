package dev.mixdown.pipelines.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.SealedText;
import dev.mixdown.transforms.selection.SelectedShard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What was selected, as it is kept in a workspace: sealed JSON beside the indexes. */
final class KeptSelection {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private KeptSelection() {}

  /** Reads it; empty where it is missing or damaged, or one of its indexes is missing. */
  static Optional<List<SelectedShard>> read(Storage storage, String file) throws IOException {
    Optional<String> json = storage.readText(file).flatMap(SealedText::open);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<SelectedShard> selected =
          Arrays.asList(MAPPER.readValue(json.get(), SelectedShard[].class));
      for (SelectedShard shard : selected) {
        if (storage.stat(shard.index()).isEmpty()) {
          return Optional.empty();
        }
      }
      return Optional.of(selected);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static void write(Storage storage, String file, List<SelectedShard> selected) throws IOException {
    storage.write(
        file,
        SealedText.seal(MAPPER.writeValueAsString(selected)).getBytes(StandardCharsets.UTF_8));
  }
}
