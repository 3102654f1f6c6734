package dev.mixdown.recipes.diff;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Names;
import dev.mixdown.configs.syntax.Node;
import java.util.regex.Pattern;

/** Values as people read them: numbers as they were written, text in quotes where it needs them. */
public final class ScalarText {
  /** What would be read as something else than text, or not as one word. */
  private static final Pattern NEEDS_QUOTES =
      Pattern.compile(
          "|~|null|true|false|nan|[-+]?\\.?inf(inity)?|\\.nan|[-+.]?\\d.*|\\s.*|.*\\s|.* -> .*|[\"'{\\[].*",
          Pattern.CASE_INSENSITIVE);

  private ScalarText() {}

  /** A value in one line; objects and lists as JSON. */
  public static String of(Node value) {
    if (value instanceof Node.Decimal number) {
      return number.written();
    }
    if (value instanceof Node.Text text) {
      boolean plain =
          !NEEDS_QUOTES.matcher(text.value()).matches()
              && text.value().codePoints().noneMatch(Names::isInvisible);
      return plain ? text.value() : Json.spaced(text.value());
    }
    return value instanceof Node.NonFinite number ? number.written() : Json.spaced(value.plain());
  }
}
