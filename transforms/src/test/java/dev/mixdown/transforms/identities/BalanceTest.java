package dev.mixdown.transforms.identities;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BalanceTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;
  private int files;

  /** Collections by number of the group, as plain lists. */
  private RunsOf write(Map<Integer, List<Long>> groups) throws Exception {
    RunsWriter writer = RunsWriter.counted();
    int most = groups.keySet().stream().max(Integer::compare).orElse(-1);
    for (int g = 0; g <= most; g++) {
      List<Long> all = groups.getOrDefault(g, List.of());
      writer.add(g, all.stream().mapToLong(Long::longValue).toArray(), all.size());
    }
    Path file = folder.resolve("runs-" + files++);
    Files.write(file, writer.bytes());
    return new RunsOf(file.toString(), IntStream.rangeClosed(0, most).toArray());
  }

  private static Tally tally(List<Long> identities) {
    SetDigest.Sum sum = new SetDigest.Sum();
    identities.forEach(identity -> sum.add(identity, 1));
    return new Tally(identities.size(), sum.digest());
  }

  private Balance.OfRange balance(Balance.Input input, int bits) throws Exception {
    Balance.OfRange all = Balance.ofRange(STORAGE, input, 0, bits);
    for (int range = 1; range < 1 << bits; range++) {
      all = all.plus(Balance.ofRange(STORAGE, input, range, bits));
    }
    return all;
  }

  @Test
  void at_random_positions_every_record_is_consumed_given_or_left_over() throws Exception {
    SplittableRandom random = new SplittableRandom(18);
    for (int round = 0; round < 300; round++) {
      int strata = 1 + random.nextInt(50);
      int[] dataset = new int[strata];
      for (int s = 1; s < strata; s++) {
        dataset[s] = dataset[s - 1] + random.nextInt(2);
      }
      Map<Integer, List<Long>> version = new HashMap<>();
      Map<Integer, List<Long>> consumed = new HashMap<>();
      Map<Integer, List<Long>> given = new HashMap<>();
      Map<Integer, List<Long>> gone = new HashMap<>();
      Map<Integer, List<Long>> consumedOf = new HashMap<>();
      Map<Integer, List<Long>> leftOver = new HashMap<>();
      long[] passes = new long[strata];
      for (int s = 0; s < strata; s++) {
        int records = 1 + random.nextInt(30);
        List<Long> all = new ArrayList<>();
        for (int r = 0; r < records; r++) {
          all.add(random.nextLong());
        }
        version.put(s, all);
        // The least used first: whole passes, then a part of one.
        int uses = random.nextInt(4 * records + 1);
        int position = random.nextInt(uses + 1);
        List<Long> order = new ArrayList<>();
        for (int u = 0; u < uses; u++) {
          order.add(all.get(u % records));
        }
        consumedOf.put(s, order.subList(0, position));
        consumed
            .computeIfAbsent(dataset[s], d -> new ArrayList<>())
            .addAll(order.subList(0, position));
        given.put(s, order.subList(position, uses));
        passes[s] = (uses + records - 1) / records;
        List<Long> left = new ArrayList<>();
        for (int u = uses; u < passes[s] * records; u++) {
          left.add(all.get(u % records));
        }
        leftOver.put(s, left);
      }
      int datasets = dataset[strata - 1] + 1;
      for (int d = 0; d < datasets; d++) {
        List<Long> lost = random.longs(random.nextInt(3)).boxed().toList();
        gone.put(d, lost);
        consumed.computeIfAbsent(d, x -> new ArrayList<>()).addAll(lost);
      }
      int bits = random.nextInt(4);
      Balance.OfRange found =
          balance(
              new Balance.Input(
                  List.of(write(version)),
                  List.of(write(consumed)),
                  List.of(write(given)),
                  dataset,
                  datasets),
              bits);
      for (int s = 0; s < strata; s++) {
        String where = "round %d, stratum %d".formatted(round, s);
        Balance balance = found.strata().get(s);
        assertThat(where, balance.version(), is(tally(version.get(s))));
        assertThat(where, balance.passes(), is(passes[s]));
        assertThat(where, balance.consumed(), is(tally(consumedOf.get(s))));
        assertThat(where, balance.given(), is(tally(given.get(s))));
        assertThat(where, balance.leftOver(), is(tally(leftOver.get(s))));
        assertThat(where, balance.holds(), is(true));
      }
      for (int d = 0; d < datasets; d++) {
        assertThat(found.gone().get(d), is(tally(gone.get(d))));
      }
    }
  }

  @Test
  void equal_records_of_two_strata_share_what_was_consumed_of_them() throws Exception {
    Balance.OfRange found =
        balance(
            new Balance.Input(
                List.of(write(Map.of(0, List.of(7L, 7L), 1, List.of(7L)))),
                List.of(write(Map.of(0, List.of(7L, 7L)))),
                List.of(write(Map.of(1, List.of(7L)))),
                new int[] {0, 0},
                1),
            0);
    assertThat(found.strata().get(0).consumed().count(), is(2L));
    assertThat(found.strata().get(1).consumed().count(), is(0L));
    assertThat(found.strata().get(0).passes(), is(1L));
    assertThat(found.strata().get(1).passes(), is(1L));
  }

  @Test
  void a_record_that_comes_too_often_makes_another_pass_and_a_foreign_one_is_told()
      throws Exception {
    Balance.OfRange found =
        balance(
            new Balance.Input(
                List.of(write(Map.of(0, List.of(1L, 2L, 3L)))),
                List.of(write(Map.of(0, List.of(1L)))),
                List.of(write(Map.of(0, List.of(1L, 2L, 9L)))),
                new int[] {0},
                1),
            1);
    Balance balance = found.strata().get(0);
    assertThat(balance.passes(), is(2L));
    assertThat(balance.leftOver(), is(tally(List.of(2L, 3L, 3L))));
    assertThat(balance.foreign(), is(tally(List.of(9L))));
    assertThat(balance.holds(), is(false));
  }
}
