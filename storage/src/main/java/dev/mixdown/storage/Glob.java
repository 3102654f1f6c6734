package dev.mixdown.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern of paths, as Python's {@code glob} and git have it: {@code *} and {@code ?} stay inside
 * a name, {@code [a-z]} and {@code [!a-z]} are one character, {@code {a,b}} is a choice, and {@code
 * **} is any number of folders, none included. A backslash takes the next character as it is, and a
 * bracket or brace that nothing closes is only a character.
 *
 * <p>Names that begin with {@code .} or {@code _} are hidden: they fit only where the pattern
 * itself writes that character.
 */
public final class Glob {
  private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");
  private static final int MOST_CHOICES = 1000;

  /** The pattern without its braces, each choice as the names of its way down. */
  private final List<List<Name>> choices = new ArrayList<>();

  /** How a path fits. */
  public enum Fit {
    /** It does not. */
    NO,
    /** It would, if no name in it were hidden. */
    HIDDEN,
    /** It does. */
    YES
  }

  /**
   * The pattern of one name on the way.
   *
   * @param text as written
   * @param pattern null for {@code **}
   */
  private record Name(String text, @org.jspecify.annotations.Nullable Pattern pattern) {
    boolean isAnyFolders() {
      return pattern == null;
    }

    boolean fits(String name) {
      return pattern != null && pattern.matcher(name).matches();
    }

    /** Whether the pattern itself writes the character that hides a name. */
    boolean shows(String name) {
      if (!isHidden(name)) {
        return true;
      }
      char first = name.charAt(0);
      return text.startsWith(String.valueOf(first))
          || text.startsWith("\\" + first)
          || (text.startsWith("[") && text.indexOf(']') > text.indexOf(first) && fits(name));
    }
  }

  /**
   * @param pattern with {@code /} between names
   * @throws IllegalArgumentException when its braces are more choices than can be meant
   */
  public Glob(String pattern) {
    for (String choice : expand(pattern)) {
      List<Name> names = new ArrayList<>();
      for (String text : choice.split("/", -1)) {
        add(text, names);
      }
      choices.add(names);
    }
  }

  private static void add(String text, List<Name> names) {
    int any = text.indexOf("**");
    if (any < 0) {
      names.add(new Name(text, Pattern.compile(regex(text), Pattern.DOTALL)));
      return;
    }
    // a**b is a name that begins so, any folders, and a name that ends so.
    if (any > 0) {
      add(text.substring(0, any) + "*", names);
    }
    names.add(new Name("**", null));
    String rest = text.substring(any).replaceFirst("^\\*+", "");
    if (!rest.isEmpty()) {
      add("*" + rest, names);
    }
  }

  /** Whether a text has a character that makes it a pattern. */
  public static boolean isGlob(String text) {
    return SPECIAL.matcher(text).find();
  }

  /** Whether a name is left out unless it is asked for. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** Whether a path fits, hidden names included. */
  public boolean matches(String path) {
    return fit(path) != Fit.NO;
  }

  /** How a path fits, seen from where the pattern begins. */
  public Fit fit(String path) {
    String[] names = path.split("/", -1);
    Fit best = Fit.NO;
    for (List<Name> choice : choices) {
      if (fits(choice, 0, names, 0, true)) {
        return Fit.YES;
      }
      if (best == Fit.NO && fits(choice, 0, names, 0, false)) {
        best = Fit.HIDDEN;
      }
    }
    return best;
  }

  /** How many names deep the paths are that can fit; {@link Integer#MAX_VALUE} without a bound. */
  public int depth() {
    int depth = 0;
    for (List<Name> choice : choices) {
      if (choice.stream().anyMatch(Name::isAnyFolders)) {
        return Integer.MAX_VALUE;
      }
      depth = Math.max(depth, choice.size());
    }
    return depth;
  }

  /** Whether something in a folder could fit, hidden names included. */
  public boolean couldFit(String folder) {
    return leadsTo(folder, false);
  }

  /** Whether something in a folder could fit, if it is not hidden itself. */
  public boolean couldShow(String folder) {
    return leadsTo(folder, true);
  }

  private boolean leadsTo(String folder, boolean visibleOnly) {
    String[] names = folder.split("/", -1);
    return choices.stream().anyMatch(choice -> leads(choice, 0, names, 0, visibleOnly));
  }

  private static boolean leads(
      List<Name> pattern, int p, String[] names, int n, boolean visibleOnly) {
    if (n == names.length) {
      return p < pattern.size();
    }
    if (p == pattern.size()) {
      return false;
    }
    Name next = pattern.get(p);
    if (next.isAnyFolders()) {
      return leads(pattern, p + 1, names, n, visibleOnly)
          || (!(visibleOnly && isHidden(names[n])) && leads(pattern, p, names, n + 1, visibleOnly));
    }
    return next.fits(names[n])
        && !(visibleOnly && !next.shows(names[n]))
        && leads(pattern, p + 1, names, n + 1, visibleOnly);
  }

  private static boolean fits(
      List<Name> pattern, int p, String[] names, int n, boolean visibleOnly) {
    if (p == pattern.size()) {
      return n == names.length;
    }
    Name next = pattern.get(p);
    if (next.isAnyFolders()) {
      if (fits(pattern, p + 1, names, n, visibleOnly)) {
        return true;
      }
      return n < names.length
          && !(visibleOnly && isHidden(names[n]))
          && fits(pattern, p, names, n + 1, visibleOnly);
    }
    return n < names.length
        && next.fits(names[n])
        && !(visibleOnly && !next.shows(names[n]))
        && fits(pattern, p + 1, names, n + 1, visibleOnly);
  }

  /** Every choice of the braces, written out. */
  private static List<String> expand(String pattern) {
    List<String> done = new ArrayList<>();
    List<String> open = new ArrayList<>(List.of(pattern));
    while (!open.isEmpty()) {
      String text = open.remove(open.size() - 1);
      int begin = brace(text);
      if (begin < 0) {
        done.add(text);
        continue;
      }
      int end = closing(text, begin);
      List<String> parts = parts(text.substring(begin + 1, end));
      for (int i = parts.size() - 1; i >= 0; i--) {
        open.add(text.substring(0, begin) + parts.get(i) + text.substring(end + 1));
      }
      if (open.size() + done.size() > MOST_CHOICES) {
        throw new IllegalArgumentException(
            "the braces are more than %,d choices; name a folder, or use *"
                .formatted(MOST_CHOICES));
      }
    }
    return done;
  }

  /** The first brace that is closed; -1 where there is none. */
  private static int brace(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '{' && closing(text, i) > 0) {
        return i;
      }
    }
    return -1;
  }

  private static int closing(String text, int begin) {
    int depth = 0;
    for (int i = begin; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> parts(String inside) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(inside.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(inside.substring(from));
    return parts;
  }

  private static String regex(String text) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int end = c == '[' ? classEnd(text, i) : -1;
      if (end > 0) {
        regex.append(characters(text.substring(i + 1, end)));
        i = end + 1;
        continue;
      }
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        regex.append(Pattern.quote(String.valueOf(text.charAt(i))));
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
      i++;
    }
    return regex.toString();
  }

  /** Where a class of characters is closed; a bracket right at its beginning is one of them. */
  private static int classEnd(String text, int begin) {
    int first = begin + 1;
    if (first < text.length() && (text.charAt(first) == '!' || text.charAt(first) == '^')) {
      first++;
    }
    return text.indexOf(']', first + 1);
  }

  private static String characters(String inside) {
    boolean not = inside.startsWith("!") || inside.startsWith("^");
    StringBuilder set = new StringBuilder(not ? "[^" : "[");
    for (char c : inside.substring(not ? 1 : 0).toCharArray()) {
      set.append(c == '-' ? "-" : Pattern.matches("\\w", String.valueOf(c)) ? c : "\\" + c);
    }
    return set.append(']').toString();
  }
}
