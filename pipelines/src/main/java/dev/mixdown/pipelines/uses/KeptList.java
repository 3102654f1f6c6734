package dev.mixdown.pipelines.uses;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What came of some work, kept in a workspace so that it is not done again: sealed JSON. */
public final class KeptList {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private KeptList() {}

  /**
   * Reads it; empty where it is missing or damaged.
   *
   * @param type of an array of its values
   */
  public static <T> Optional<List<T>> read(Storage storage, String file, Class<T[]> type)
      throws IOException {
    Optional<String> json = storage.readText(file).flatMap(SealedText::open);
    try {
      return json.isEmpty()
          ? Optional.empty()
          : Optional.of(Arrays.asList(MAPPER.readValue(json.get(), type)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Writes it. */
  public static void write(Storage storage, String file, List<?> values) throws IOException {
    storage.write(
        file, SealedText.seal(MAPPER.writeValueAsString(values)).getBytes(StandardCharsets.UTF_8));
  }
}
