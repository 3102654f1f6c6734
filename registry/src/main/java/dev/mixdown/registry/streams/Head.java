package dev.mixdown.registry.streams;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.DocumentJson;
import java.io.IOException;

/**
 * {@code head.json}: a hint of where a stream's chain ends. It may be late; the next increment's
 * file tells.
 */
public record Head(long seq, String id, long position) {
  /** The name of the file in a stream's folder. */
  public static final String FILE = "head.json";

  /** The head with an increment at its end. */
  public static Head of(Increment increment) {
    return new Head(increment.seq(), increment.id(), increment.positions().to());
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not a head
   */
  public static Head read(byte[] bytes) throws IOException {
    return DocumentJson.read(bytes, Head.class);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
