package dev.mixdown.configs.syntax;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The text of a file that people wrote: UTF-8, with or without a byte order mark. */
public final class FileText {
  private FileText() {}

  /**
   * The text in some bytes; a problem where they are not UTF-8.
   *
   * @param file what messages call it
   */
  public static Optional<String> of(byte[] bytes, String file, Problems problems) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      problems.add(file, "the file is not UTF-8 text");
      return Optional.empty();
    }
  }
}
