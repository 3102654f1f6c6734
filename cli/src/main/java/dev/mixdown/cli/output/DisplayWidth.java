package dev.mixdown.cli.output;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * How many columns of a terminal text takes. East Asian characters take two, and marks that combine
 * with the one before take none (Unicode Standard Annex 11, as far as scripts tell it).
 */
final class DisplayWidth {
  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);

  private DisplayWidth() {}

  static int of(String text) {
    return text.codePoints().map(DisplayWidth::of).sum();
  }

  static int of(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean halfKatakana = c >= 0xFF61 && c <= 0xFFDC;
    // CJK punctuation, full-width forms, and pictures.
    boolean wide =
        (c >= 0x3000 && c <= 0x303E)
            || (c >= 0xFF01 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1FAFF);
    return wide || (!halfKatakana && WIDE.contains(UnicodeScript.of(c))) ? 2 : 1;
  }
}
