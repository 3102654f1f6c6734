package dev.mixdown.transforms.shards;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Decodes the rare JSON string that has escapes. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /** The UTF-8 text of the string literal {@code b[from..to)}, quotes included. */
  static byte[] decode(byte[] b, int from, int to) {
    try (JsonParser parser = FACTORY.createParser(b, from, to - from)) {
      parser.nextToken();
      return parser.getText().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
