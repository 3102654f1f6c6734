package dev.mixdown.cli.online;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.mixdown.transforms.mixing.Ranking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A stream as plain lists of records, by the words of the specification and with nothing of the
 * code that it checks but the rank value of a record. Strata are datasets; shortage is {@code
 * wait}.
 */
final class StreamOracle {
  final int block;
  final long seed;
  long seq;
  long position;

  // The mix.
  Map<String, BigFraction> shares = new TreeMap<>();
  long mixFrom;
  Map<String, Long> base = new TreeMap<>();

  final TreeMap<String, Long> given = new TreeMap<>();

  /** By stratum, what waits, in its order. */
  final TreeMap<String, List<Waiting>> waiting = new TreeMap<>();

  /** By path, what it has brought and that was not struck, with what was given. */
  final Map<String, List<String>> brought = new HashMap<>();

  /** By path, its content as the stream has seen it last. */
  final Map<String, List<String>> latest = new HashMap<>();

  /** By dataset, by content, the paths that ever had it. */
  final Map<String, Map<List<String>, Set<String>>> contents = new HashMap<>();

  /**
   * A record that waits.
   *
   * @param content the newest of its path that holds it
   */
  record Waiting(String record, String path, List<String> content) {}

  StreamOracle(int block, long seed) {
    this.block = block;
    this.seed = seed;
  }

  static long identity(String record) {
    return Hashing.xxh3_64().hashBytesToLong(record.getBytes(StandardCharsets.UTF_8));
  }

  /** What one step would publish. */
  record Step(List<Map<String, Integer>> blocks, TreeMap<String, List<String>> given) {
    long samples(int block) {
      return (long) blocks.size() * block;
    }
  }

  /** What new files and new contents bring, by dataset and path. */
  private record Arriving(TreeMap<String, List<Waiting>> records, List<Runnable> effects) {}

  private Arriving arriving(Map<String, Map<String, List<String>>> folders) {
    TreeMap<String, List<Waiting>> records = new TreeMap<>();
    List<Runnable> effects = new ArrayList<>();
    folders.forEach(
        (dataset, files) -> {
          List<List<String>> now = new ArrayList<>();
          new TreeMap<>(files)
              .forEach(
                  (path, content) -> {
                    List<String> before = latest.get(path);
                    if (content.equals(before)) {
                      return;
                    }
                    List<String> fresh = new ArrayList<>();
                    if (!now.contains(content)) {
                      fresh.addAll(beyond(dataset, path, content));
                    }
                    now.add(content);
                    fresh.forEach(
                        r ->
                            records
                                .computeIfAbsent(dataset, d -> new ArrayList<>())
                                .add(new Waiting(r, path, content)));
                    boolean kept =
                        files.entrySet().stream()
                            .anyMatch(e -> !e.getKey().equals(path) && e.getValue().equals(before));
                    effects.add(() -> accept(dataset, path, content, fresh, before, kept));
                  });
        });
    return new Arriving(records, effects);
  }

  /** What a content has beyond what its path, and others that ever had it, have brought. */
  private List<String> beyond(String dataset, String path, List<String> content) {
    Set<String> paths =
        new TreeSet<>(contents.getOrDefault(dataset, Map.of()).getOrDefault(content, Set.of()));
    paths.add(path);
    List<String> left = new ArrayList<>();
    paths.forEach(p -> left.addAll(brought.getOrDefault(p, List.of())));
    List<String> beyond = new ArrayList<>();
    for (String record : content) {
      if (!left.remove(record)) {
        beyond.add(record);
      }
    }
    return beyond;
  }

  private void accept(
      String dataset,
      String path,
      List<String> content,
      List<String> fresh,
      List<String> before,
      boolean kept) {
    latest.put(path, content);
    contents
        .computeIfAbsent(dataset, d -> new HashMap<>())
        .computeIfAbsent(content, c -> new TreeSet<>())
        .add(path);
    List<String> had = brought.computeIfAbsent(path, p -> new ArrayList<>());
    List<Waiting> waits = waiting.getOrDefault(dataset, new ArrayList<>());
    if (before != null) {
      // Of equal records, those that were given and that come first have the new content's.
      Map<String, Integer> there = counts(content);
      Map<String, Integer> left = counts(had);
      for (int i = waits.size() - 1; i >= 0; i--) {
        Waiting one = waits.get(i);
        if (!one.path().equals(path)) {
          continue;
        }
        if (left.get(one.record()) <= there.getOrDefault(one.record(), 0)) {
          waits.set(i, new Waiting(one.record(), path, content));
        } else {
          left.merge(one.record(), -1, Integer::sum);
          if (!kept) {
            waits.remove(i);
            had.remove(one.record());
          }
        }
      }
    }
    had.addAll(fresh);
  }

  private static Map<String, Integer> counts(List<String> records) {
    Map<String, Integer> counts = new HashMap<>();
    records.forEach(record -> counts.merge(record, 1, Integer::sum));
    return counts;
  }

  /** Another mix begins here. */
  void mix(Map<String, BigFraction> asked) {
    if (!asked.equals(shares)) {
      shares = new TreeMap<>(asked);
      mixFrom = position;
      base = new TreeMap<>();
      given.forEach((stratum, n) -> base.put(stratum, n));
    }
  }

  /**
   * Does a step.
   *
   * @param folders by dataset, by path: the files that are there, as lists of records
   * @param enough the least samples of an increment
   * @return what is published; null where nothing is
   */
  Step step(Map<String, Map<String, List<String>>> folders, long enough) {
    Arriving arriving = arriving(folders);
    // Strikes happen with the increment; what they leave is what can be given.
    TreeMap<String, List<Waiting>> kept = new TreeMap<>();
    waiting.forEach((s, w) -> kept.put(s, new ArrayList<>(w)));
    Map<String, List<String>> keptBrought = new HashMap<>();
    brought.forEach((p, b) -> keptBrought.put(p, new ArrayList<>(b)));
    Map<String, List<String>> keptLatest = new HashMap<>(latest);
    Map<String, Map<List<String>, Set<String>>> keptContents = new HashMap<>();
    contents.forEach(
        (d, c) -> {
          Map<List<String>, Set<String>> copy = new HashMap<>();
          c.forEach((k, v) -> copy.put(k, new TreeSet<>(v)));
          keptContents.put(d, copy);
        });
    arriving.effects().forEach(Runnable::run);
    arriving
        .records()
        .forEach(
            (dataset, fresh) -> {
              Ranking ranking = Ranking.ofPass(seed, seq + 1, dataset, 0);
              List<Waiting> sorted = new ArrayList<>(fresh);
              sorted.sort(
                  Comparator.comparing(
                      w -> ranking.value(identity(w.record())), Long::compareUnsigned));
              waiting.computeIfAbsent(dataset, d -> new ArrayList<>()).addAll(sorted);
            });
    List<Map<String, Integer>> blocks = new ArrayList<>();
    TreeMap<String, Long> counts = new TreeMap<>(given);
    TreeMap<String, Integer> used = new TreeMap<>();
    TreeMap<String, Integer> readable = readable(folders);
    while (true) {
      Map<String, Integer> next = block(counts, position + (blocks.size() + 1L) * block);
      boolean all = true;
      for (Map.Entry<String, Integer> one : next.entrySet()) {
        all &=
            used.getOrDefault(one.getKey(), 0) + one.getValue()
                <= readable.getOrDefault(one.getKey(), 0);
      }
      if (!all) {
        break;
      }
      next.forEach(
          (s, n) -> {
            used.merge(s, n, Integer::sum);
            counts.merge(s, (long) n, Long::sum);
          });
      blocks.add(next);
    }
    if ((long) blocks.size() * block < Math.max(enough, 1)) {
      waiting.clear();
      waiting.putAll(kept);
      brought.clear();
      brought.putAll(keptBrought);
      latest.clear();
      latest.putAll(keptLatest);
      contents.clear();
      contents.putAll(keptContents);
      return null;
    }
    TreeMap<String, List<String>> out = new TreeMap<>();
    used.forEach(
        (stratum, n) -> {
          List<Waiting> first = waiting.getOrDefault(stratum, new ArrayList<>()).subList(0, n);
          out.put(stratum, first.stream().map(Waiting::record).toList());
          first.clear();
        });
    given.putAll(counts);
    position += (long) blocks.size() * block;
    seq++;
    return new Step(blocks, out);
  }

  /** By stratum, how many records come before the first of a file that is gone. */
  private TreeMap<String, Integer> readable(Map<String, Map<String, List<String>>> folders) {
    TreeMap<String, Integer> readable = new TreeMap<>();
    waiting.forEach(
        (stratum, waits) -> {
          int n = 0;
          Map<String, List<String>> files = folders.getOrDefault(stratum, Map.of());
          for (Waiting one : waits) {
            if (!one.content().equals(files.get(one.path()))
                && files.values().stream().noneMatch(c -> c.equals(one.content()))) {
              break;
            }
            n++;
          }
          readable.put(stratum, n);
        });
    return readable;
  }

  /** First what is due, then by earliest deadline among those that are less than one ahead. */
  private Map<String, Integer> block(Map<String, Long> counts, long end) {
    TreeMap<String, Integer> block = new TreeMap<>();
    int seats = this.block;
    for (String stratum : shares.keySet()) {
      long due = floor(target(stratum, end));
      int n = (int) Math.max(0, due - counts.getOrDefault(stratum, 0L));
      block.put(stratum, n);
      seats -= n;
    }
    List<String> next = new ArrayList<>();
    for (String stratum : shares.keySet()) {
      BigFraction target = target(stratum, end);
      boolean begun = target.compareTo(BigFraction.of(floor(target))) > 0;
      if (begun && counts.getOrDefault(stratum, 0L) + block.get(stratum) == floor(target)) {
        next.add(stratum);
      }
    }
    next.sort(
        Comparator.comparing(
                (String s) -> deadline(s, counts.getOrDefault(s, 0L) + block.get(s) + 1))
            .thenComparing(s -> s));
    for (String stratum : next.subList(0, seats)) {
      block.merge(stratum, 1, Integer::sum);
    }
    return block;
  }

  private BigFraction target(String stratum, long at) {
    return shares.get(stratum).multiply(at - mixFrom).add(base.getOrDefault(stratum, 0L));
  }

  private static long floor(BigFraction value) {
    return value.getNumerator().divide(value.getDenominator()).longValueExact();
  }

  /** By looking at one position after the other. */
  private long deadline(String stratum, long sample) {
    long at = Math.max(mixFrom, position);
    while (target(stratum, at).compareTo(BigFraction.of(sample)) < 0) {
      at++;
    }
    return at;
  }
}
