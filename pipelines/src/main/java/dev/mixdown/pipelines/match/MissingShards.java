package dev.mixdown.pipelines.match;

import dev.mixdown.storage.StoragePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is not there of files that say how many they are: {@code clips-00003-of-00012.jsonl} is the
 * fourth of twelve. Some count from 1, and some end in a hash of their own.
 */
final class MissingShards {
  private static final Pattern NUMBERED =
      Pattern.compile("(.*?)(?<!\\d)(\\d{1,9})-of-(\\d{3,9})(?!\\d)(-[0-9a-f]{8,}(?!\\w))?(.*)");

  private static final int MOST_TOLD = 5;

  private final String name;
  private final int count;
  private final NavigableSet<Integer> numbers = new TreeSet<>();
  private int digits = Integer.MAX_VALUE;

  private MissingShards(String name, int count) {
    this.name = name;
    this.count = count;
  }

  /** Sentences about the first few names of which some are missing, in the order of the names. */
  static List<String> of(Collection<String> paths) {
    SortedMap<String, MissingShards> byName = new TreeMap<>();
    for (String path : paths) {
      String file = StoragePath.name(path);
      Matcher matcher = NUMBERED.matcher(file);
      if (matcher.matches()) {
        String name =
            path.substring(0, path.length() - file.length())
                + matcher.group(1)
                + "*-of-"
                + matcher.group(3)
                + (matcher.group(4) == null ? "" : "-*")
                + matcher.group(5);
        MissingShards shards =
            byName.computeIfAbsent(
                name, n -> new MissingShards(n, Integer.parseInt(matcher.group(3))));
        shards.numbers.add(Integer.parseInt(matcher.group(2)));
        shards.digits = Math.min(shards.digits, matcher.group(2).length());
      }
    }
    return byName.values().stream()
        .filter(shards -> shards.missing() > 0)
        .limit(MOST_TOLD)
        .map(MissingShards::sentence)
        .toList();
  }

  /** Whether they count from 0; if not, from 1. */
  private boolean fromZero() {
    return numbers.first() == 0 || numbers.last() != count;
  }

  private int missing() {
    int first = fromZero() ? 0 : 1;
    return count - numbers.subSet(first, first + count).size();
  }

  private String sentence() {
    List<String> some = new ArrayList<>();
    if (!numbers.contains(0) && !numbers.contains(count)) {
      some.add(number(0) + " or " + number(count));
    }
    for (int n = fromZero() ? 0 : 1; n <= count && some.size() < MOST_TOLD; n++) {
      if (n > 0 && n < count && !numbers.contains(n)) {
        some.add(number(n));
      }
    }
    int missing = missing();
    return "%,d of %,d files %s are missing: %s%s"
        .formatted(
            missing,
            count,
            name,
            String.join(", ", some),
            missing > some.size() ? " and more" : "");
  }

  private String number(int n) {
    return ("%0" + digits + "d").formatted(n);
  }
}
