package dev.mixdown.cli;

import dev.mixdown.configs.syntax.Names;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Shows control characters, and those that change the direction of text, as {@code \\u001b}: names
 * and reasons come from outside and must not steer a terminal. Inside a JSON text it is the same
 * character.
 */
public final class VisibleText extends FilterWriter {
  public VisibleText(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    if (Names.isInvisible(c) && c != '\n' && c != '\r' && c != '\t') {
      out.write(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      out.write(c);
    }
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(text[i]);
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(text.charAt(i));
    }
  }
}
