package dev.mixdown.configs.syntax;

import org.jspecify.annotations.Nullable;

/**
 * Where in its document a value stands, as a chain of keys: values are many, and few of them are
 * ever asked for the text of it.
 *
 * @param parent of the object or list that holds it; null for the root
 * @param key of the value there, or its number from 0
 */
public record Pointer(@Nullable Pointer parent, String key) {
  /** The document itself. */
  public static final Pointer ROOT = new Pointer(null, "");

  /** The value under a key. */
  public Pointer child(String childKey) {
    return new Pointer(this, childKey);
  }

  /** The value of a number. */
  public Pointer child(int number) {
    return new Pointer(this, String.valueOf(number));
  }

  /** A JSON pointer (RFC 6901); empty for the root. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    if (parent != null) {
      parent.write(text);
      text.append('/').append(key.replace("~", "~0").replace("/", "~1"));
    }
  }
}
