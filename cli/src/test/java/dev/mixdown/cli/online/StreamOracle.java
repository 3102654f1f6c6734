package dev.mixdown.cli.online;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.mixdown.transforms.mixing.Ranking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** All contents that came, by dataset. */
  final Map<String, List<List<String>>> contents = new HashMap<>();

  record Waiting(String record, String path) {}

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
  private record Arriving(
      TreeMap<String, List<Waiting>> records, List<Runnable> effects, boolean any) {}

  private Arriving arriving(Map<String, Map<String, List<String>>> folders) {
    TreeMap<String, List<Waiting>> records = new TreeMap<>();
    List<Runnable> effects = new ArrayList<>();
    boolean[] any = {false};
    folders.forEach(
        (dataset, files) -> {
          List<List<String>> seen = new ArrayList<>(contents.getOrDefault(dataset, List.of()));
          new TreeMap<>(files)
              .forEach(
                  (path, content) -> {
                    List<String> before = latest.get(path);
                    if (content.equals(before)) {
                      return;
                    }
                    any[0] = true;
                    boolean sameElsewhere = before == null ? seen.contains(content) : false;
                    seen.add(content);
                    List<String> fresh = new ArrayList<>();
                    if (!sameElsewhere) {
                      List<String> left = new ArrayList<>(brought.getOrDefault(path, List.of()));
                      for (String record : content) {
                        if (!left.remove(record)) {
                          fresh.add(record);
                        }
                      }
                    }
                    fresh.forEach(
                        r ->
                            records
                                .computeIfAbsent(dataset, d -> new ArrayList<>())
                                .add(new Waiting(r, path)));
                    effects.add(() -> accept(dataset, path, content, fresh, before));
                  });
        });
    return new Arriving(records, effects, any[0]);
  }

  private void accept(
      String dataset, String path, List<String> content, List<String> fresh, List<String> before) {
    latest.put(path, content);
    contents.computeIfAbsent(dataset, d -> new ArrayList<>()).add(content);
    brought.computeIfAbsent(path, p -> new ArrayList<>()).addAll(fresh);
    if (before == null || isElsewhere(path, before)) {
      return;
    }
    // Waiting records that the new content lacks are struck: the last of equal ones.
    List<Waiting> waits = waiting.getOrDefault(dataset, new ArrayList<>());
    Map<String, Integer> there = counts(content);
    Map<String, Integer> had = counts(brought.get(path));
    for (int i = waits.size() - 1; i >= 0; i--) {
      Waiting one = waits.get(i);
      if (one.path().equals(path) && had.get(one.record()) > there.getOrDefault(one.record(), 0)) {
        waits.remove(i);
        brought.get(path).remove(one.record());
        had.merge(one.record(), -1, Integer::sum);
      }
    }
  }

  /** Whether a content lies at another path. */
  private boolean isElsewhere(String path, List<String> content) {
    return latest.entrySet().stream()
        .anyMatch(e -> !e.getKey().equals(path) && e.getValue().equals(content));
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
    StreamOracle after = this;
    // Strikes happen with the increment; what they leave is what can be given.
    TreeMap<String, List<Waiting>> kept = new TreeMap<>();
    waiting.forEach((s, w) -> kept.put(s, new ArrayList<>(w)));
    Map<String, List<String>> keptBrought = new HashMap<>();
    brought.forEach((p, b) -> keptBrought.put(p, new ArrayList<>(b)));
    Map<String, List<String>> keptLatest = new HashMap<>(latest);
    Map<String, List<List<String>>> keptContents = new HashMap<>();
    contents.forEach((d, c) -> keptContents.put(d, new ArrayList<>(c)));
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
            if (!files.containsKey(one.path())
                && files.values().stream().noneMatch(c -> c.equals(latest.get(one.path())))) {
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
