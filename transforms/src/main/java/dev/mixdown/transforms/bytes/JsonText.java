package dev.mixdown.transforms.bytes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Decodes the rare JSON string that has escapes. */
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /**
   * The UTF-8 text of the string literal {@code b[from..to)}, quotes included. Half a surrogate
   * pair, which JSON can write and UTF-8 cannot, becomes the three bytes that UTF-8 would use (as
   * in WTF-8): it stays different from any character.
   */
  public static byte[] decode(byte[] b, int from, int to) {
    try (JsonParser parser = FACTORY.createParser(b, from, to - from)) {
      parser.nextToken();
      String text = parser.getText();
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return text.codePoints().anyMatch(JsonText::isHalf) ? withHalves(text) : utf8;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static byte[] withHalves(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            c -> {
              if (isHalf(c)) {
                bytes.write(0xE0 | (c >> 12));
                bytes.write(0x80 | ((c >> 6) & 0x3F));
                bytes.write(0x80 | (c & 0x3F));
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
