package dev.mixdown.registry.streams;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.DocumentJson;
import java.io.IOException;

/**
 * {@code consumers/NAME.json}: how far a trainer has come. It alone writes it.
 *
 * @param name as its file is called
 * @param position the lowest that it still needs
 * @param when it said so
 */
public record Consumer(String name, long position, String when) {
  /** What names may be. */
  public static final String NAMES = "[A-Za-z0-9._-]{1,64}";

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not a consumer's
   */
  public static Consumer read(byte[] bytes) throws IOException {
    return DocumentJson.read(bytes, Consumer.class);
  }

  /** The file of a consumer, seen from the stream's folder. */
  public static String file(String name) {
    return "consumers/" + name + ".json";
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
