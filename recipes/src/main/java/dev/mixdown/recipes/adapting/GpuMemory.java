package dev.mixdown.recipes.adapting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of a GPU. What vendors call 80 GB are 80 times 2^30 bytes, or a little less. */
public final class GpuMemory {
  /** What is taken where nothing is said: A100 and H100. */
  public static final long USUAL = 80L << 30;

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\s*(?:GB|GiB|G)?");

  private GpuMemory() {}

  /**
   * Reads a memory: {@code 80GB}, or {@code 80}.
   *
   * @throws IllegalArgumentException with a message for people, when it is none
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
      throw new IllegalArgumentException(
          "\"%s\" is no memory of a GPU; write it as 80GB".formatted(text));
    }
    return Long.parseLong(matcher.group(1)) << 30;
  }

  static String text(long bytes) {
    return (bytes >> 30) + " GB";
  }
}
