package dev.mixdown.service.pictures;

import java.util.Locale;

/**
 * Writes SVG. Texts and attributes are escaped; looks are attributes, since pages allow no styles.
 */
final class Svg {
  private final StringBuilder text = new StringBuilder();

  /**
   * @param role {@code img}, or {@code group} where there are links in it
   */
  Svg(double width, double height, String role, String title, String attributes) {
    text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(number(width))
        .append(' ')
        .append(number(height))
        .append("\" width=\"")
        .append(number(width))
        .append("\" height=\"")
        .append(number(height))
        .append("\" role=\"")
        .append(role)
        .append("\" aria-label=\"")
        .append(escaped(title))
        .append("\" font-family=\"system-ui, sans-serif\" font-size=\"12\"")
        .append(attributes.isEmpty() ? "" : " " + attributes)
        .append('>');
  }

  /** Opens an element; attributes as name, value, name, value. */
  Svg open(String name, Object... attributes) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      text.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(value instanceof Double number ? number(number) : escaped(value.toString()))
          .append('"');
    }
    text.append('>');
    return this;
  }

  Svg close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  /** An element without content. */
  Svg add(String name, Object... attributes) {
    return open(name, attributes).close(name);
  }

  /** An element with a text. */
  Svg text(String name, String content, Object... attributes) {
    open(name, attributes);
    text.append(escaped(content));
    return close(name);
  }

  /** The whole picture. */
  String end() {
    return text.append("</svg>").toString();
  }

  static String number(double value) {
    long rounded = Math.round(value * 10);
    return rounded % 10 == 0
        ? String.valueOf(rounded / 10)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? ' ' : c);
      }
    }
    return out.toString();
  }
}
