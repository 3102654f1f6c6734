package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.storage.Storage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is not there of files that say how many they are: {@code clips-00003-of-00012.jsonl} is the
 * fourth of twelve. Some count from 1.
 */
final class MissingShards {
  private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{3,9})-of-(\\d{3,9})(.*)");
  private static final int MOST_TOLD = 5;

  private MissingShards() {}

  /** What the names of files have in common that are one together. */
  private record Family(String begin, String count, String end) {
    String pattern() {
      return begin + "?".repeat(count.length()) + "-of-" + count + end;
    }
  }

  /** A sentence for each name of which some are missing, in the order of the names. */
  static List<String> of(Collection<String> paths) {
    SortedMap<Family, NavigableSet<Integer>> families =
        new TreeMap<>(Comparator.comparing(Family::pattern));
    for (String path : paths) {
      Matcher name = NUMBERED.matcher(path);
      if (name.matches()) {
        families
            .computeIfAbsent(
                new Family(name.group(1), name.group(3), name.group(4)), f -> new TreeSet<>())
            .add(Integer.parseInt(name.group(2)));
      }
    }
    List<String> sentences = new ArrayList<>();
    families.forEach((family, numbers) -> check(family, numbers, sentences));
    return sentences;
  }

  private static void check(Family family, NavigableSet<Integer> numbers, List<String> sentences) {
    int count = Integer.parseInt(family.count());
    int first = numbers.first() > 0 && numbers.last() == count ? 1 : 0;
    int missing = count - numbers.subSet(first, first + count).size();
    if (missing > 0) {
      String some =
          IntStream.range(first, first + count)
              .filter(n -> !numbers.contains(n))
              .limit(MOST_TOLD)
              .mapToObj(n -> ("%0" + family.count().length() + "d").formatted(n))
              .collect(Collectors.joining(", "));
      sentences.add(
          "of %s, %,d of %,d are missing: %s%s"
              .formatted(
                  Storage.name(family.pattern()),
                  missing,
                  count,
                  some,
                  missing > MOST_TOLD ? " and more" : ""));
    }
  }
}
