package dev.mixdown.storage;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/**
 * What a library's error says to people: the message at its root, without what only its programmers
 * understand.
 */
public final class Causes {
  /** A place as Jackson writes it, in the middle of a sentence. */
  private static final Pattern PLACE =
      Pattern.compile("\\[Source: [^\\]]*; line: (\\d+), column: (\\d+)\\]");

  private static final Pattern INSIDE =
      Pattern.compile(
          // Where Jackson thinks that it is.
          "\\s*\\(?at?\\s*\\[Source:.*|\\s*\\(start marker at .*"
              // What Thrift was reading.
              + "|!? Struct: .*"
              // Names of classes, with or without their packages, and the method behind them.
              + "|\\b(?:[a-z][\\w$]*\\.)+[A-Z][\\w$]*(?:[.#]\\w+(?:\\(\\))?)?:?\\s*"
              + "|\\b[A-Z]\\w*(?:Exception|Error)\\b:?\\s*"
              + "|\\s*\\([^()]*`[A-Z]\\w+\\.\\w+\\(\\)`[^()]*\\)",
          Pattern.DOTALL);

  private static final String DENIED = "may not be read or written by this user";

  private Causes() {}

  /** What is wrong with a file, without its name. */
  public static String reason(FileSystemException error) {
    if (error instanceof AccessDeniedException) {
      return DENIED;
    }
    return error.getReason() == null ? "it cannot be read" : error.getReason();
  }

  /** What was thrown first. */
  public static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  /** What the error says, in one line; empty where it says nothing that people understand. */
  public static String text(Throwable error) {
    Throwable root = root(error);
    if (root instanceof NoSuchFileException none) {
      return "there is no " + none.getFile();
    }
    if (root instanceof AccessDeniedException denied) {
      return denied.getFile() + " " + DENIED;
    }
    if (root instanceof FileSystemException file) {
      return file.getFile() + (file.getReason() == null ? "" : ": " + file.getReason());
    }
    return root.getMessage() == null ? "" : plain(root.getMessage());
  }

  /** The first line of a library's message, without what only its programmers understand. */
  public static String plain(String message) {
    String line =
        PLACE.matcher(message.lines().findFirst().orElse("")).replaceAll("line $1, column $2");
    return INSIDE.matcher(line).replaceAll("").strip().replaceAll("[:;,]$", "");
  }

  /**
   * The same in brackets behind a space, to be put behind a sentence; nothing where it is empty.
   */
  public static String inBrackets(Throwable error) {
    String text = text(error);
    return text.isEmpty() ? "" : " (" + text + ")";
  }
}
