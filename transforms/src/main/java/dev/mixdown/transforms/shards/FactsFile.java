package dev.mixdown.transforms.shards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.recipes.checking.ShardFacts;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a recipe requires of a shard's records, as it is kept in a workspace: sealed JSON. */
public final class FactsFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FactsFile() {}

  static void write(Storage storage, String path, ShardFacts facts) throws IOException {
    String sealed = SealedText.seal(MAPPER.writeValueAsString(facts));
    storage.write(path, sealed.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a file; empty where it is missing, or damaged. */
  public static Optional<ShardFacts> read(Storage storage, String path) throws IOException {
    Optional<String> json = storage.readText(path).flatMap(SealedText::open);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readValue(json.get(), ShardFacts.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
