package dev.mixdown.pipelines.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.samples.Stages.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage that goes on from another manifest, against counts of plain texts. */
class ContinueTest {
  @TempDir Path folder;

  /** A stage's datasets while they grow and are cut anew. */
  private static final class Data {
    final Map<String, List<String>> lines = new TreeMap<>();
    private final Random random;
    private int next;

    Data(Random random) {
      this.random = random;
    }

    void grow(String dataset, int n) {
      List<String> all = lines.computeIfAbsent(dataset, d -> new ArrayList<>());
      for (int i = 0; i < n; i++) {
        // Some records have the bytes of another one.
        boolean again = !all.isEmpty() && random.nextInt(8) == 0;
        all.add(
            again
                ? all.get(random.nextInt(all.size()))
                : "{\"id\": %d, \"d\": \"%s\"}".formatted(next++, dataset));
      }
    }

    void write(Stages stages, String place) throws Exception {
      for (Map.Entry<String, List<String>> dataset : lines.entrySet()) {
        List<String> shuffled = new ArrayList<>(dataset.getValue());
        Collections.shuffle(shuffled, random);
        int shards = 1 + random.nextInt(3);
        for (int s = 0; s < shards; s++) {
          List<String> shard =
              shuffled.subList(shuffled.size() * s / shards, shuffled.size() * (s + 1) / shards);
          if (!shard.isEmpty()) {
            stages.data(place + "/" + dataset.getKey() + "/" + random.nextInt() + ".jsonl", shard);
          }
        }
      }
    }
  }

  private static String index(Data data, String place, Random random, boolean weighted) {
    List<String> entries = new ArrayList<>();
    for (String dataset : data.lines.keySet()) {
      entries.add(
          "{\"name\": \"%s\", \"obs_path\": \"%s/%s/\", \"duplicate\": %s%s}"
              .formatted(
                  dataset,
                  place,
                  dataset,
                  new String[] {"6", "7.5", "9"}[random.nextInt(3)],
                  weighted ? ", \"stage_weight\": " + (1 + random.nextInt(5)) : ""));
    }
    return String.join(", ", entries);
  }

  /**
   * What every continuation has to hold: least given first, each sample's pass is how often the
   * record was given before, and records of equal bytes count each.
   */
  private static void check(
      String round, Data data, Map<String, Map<String, Integer>> given, List<Row> rows) {
    Map<String, Integer> lastPass = new HashMap<>();
    for (Row row : rows) {
      String where = round + " " + row;
      assertThat(where, row.pass(), greaterThanOrEqualTo(lastPass.getOrDefault(row.dataset(), 0)));
      lastPass.put(row.dataset(), row.pass());
      long same = data.lines.get(row.dataset()).stream().filter(l -> l.equals(row.text())).count();
      int before = given.get(row.dataset()).merge(row.text(), 1, Integer::sum) - 1;
      assertThat(where, (long) row.pass(), is(before / same));
    }
    // Nothing is given again while something was given less often.
    data.lines.forEach(
        (dataset, lines) -> {
          Integer last = lastPass.get(dataset);
          for (String line : lines) {
            long same = lines.stream().filter(l -> l.equals(line)).count();
            int times = given.get(dataset).getOrDefault(line, 0);
            if (last != null) {
              assertThat(round + " " + line, times / same, greaterThanOrEqualTo((long) last));
              // Some were given more often before the data grew.
              assertThat(round, (times + same - 1) / same, lessThanOrEqualTo(20L));
            }
          }
        });
  }

  @Test
  void five_in_a_row_with_changing_mixes_and_growing_data_lose_and_repeat_nothing()
      throws Exception {
    for (int round = 0; round < 4; round++) {
      Random random = new Random(round);
      Stages stages = new Stages(folder.resolve("r" + round));
      Data data = new Data(random);
      int datasets = 1 + random.nextInt(3);
      for (int d = 0; d < datasets; d++) {
        data.grow("d" + d, 5 + random.nextInt(60));
      }
      boolean shuffle = round % 3 != 2;
      Map<String, Map<String, Integer>> given = new HashMap<>();
      data.lines.keySet().forEach(d -> given.put(d, new HashMap<>()));
      String before = "";
      for (int step = 0; step < 5; step++) {
        if (step == 2 || step == 4) {
          for (int d = 0; d < datasets; d++) {
            data.grow("d" + d, random.nextInt(20));
          }
        }
        String place = "data" + (step < 2 ? 0 : step < 4 ? 2 : 4);
        if (step % 2 == 0) {
          data.write(stages, place);
        }
        int block = 1 + random.nextInt(16);
        stages.stage(
            "s" + step,
            "\"shuffle\": %s, \"shuffle_block\": %d, \"rows_per_part\": %d, \"total_clips\": %d%s"
                .formatted(
                    shuffle,
                    block,
                    block * (1 + random.nextInt(4)),
                    10 + random.nextInt(40) * (1 + datasets),
                    before),
            index(data, place, random, true));
        Prepared prepared = stages.prepare("s" + step);
        List<Row> rows = stages.rows(prepared.folder());
        int consumed = random.nextInt(rows.size() + 1);
        Map<String, Map<String, Integer>> all = new HashMap<>();
        given.forEach((d, counts) -> all.put(d, new HashMap<>(counts)));
        check("round " + round + " step " + step, data, all, rows);
        rows.subList(0, consumed)
            .forEach(row -> given.get(row.dataset()).merge(row.text(), 1, Integer::sum));
        before =
            ", \"samples\": {\"continue\": {\"manifest\": \"s%d\", \"consumed\": %d}}"
                .formatted(step, consumed);
      }
    }
  }
}
