package dev.mixdown.service.pages;

/** Times for people and for the script that shows them in the reader's zone. */
public final class Times {
  private Times() {}

  /** As {@code datetime} wants it: UTC, with its mark. */
  public static String machine(String time) {
    String marked = time.strip().replace(' ', 'T');
    return marked.matches(".*(Z|[+-]\\d\\d:\\d\\d)$") ? marked : marked + "Z";
  }

  /** In UTC, to the minute. */
  public static String people(String time) {
    String utc = machine(time);
    return utc.length() >= 16 ? utc.substring(0, 16).replace('T', ' ') + " UTC" : utc;
  }
}
