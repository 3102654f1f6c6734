package dev.mixdown.transforms.placing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.mixing.Given;
import dev.mixdown.transforms.mixing.MixPlanner;
import dev.mixdown.transforms.mixing.Settings;
import dev.mixdown.transforms.mixing.Supply;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mix that goes on from a position of another one, against counts of plain records. */
class ContinuedPlacingTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final InspectionSpec SPEC =
      InspectionSpec.of(
          new ShardFormat(ShardFormat.Records.JSONL, ShardFormat.Compression.NONE), true, false);

  @TempDir Path folder;

  /** A dataset of one shard. */
  private record Data(String name, long records, Inspection inspection) {}

  private List<Data> data(String round, int datasets, Random random) throws Exception {
    Workspace workspace = new Workspace(STORAGE, folder.resolve("ws").toString());
    List<Data> data = new ArrayList<>();
    for (int d = 0; d < datasets; d++) {
      int n = 1 + random.nextInt(30);
      Path file = folder.resolve(round + "-" + d + ".jsonl");
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < n; i++) {
        lines.append("{\"r\": \"%s/%d/%d\"}\n".formatted(round, d, i));
      }
      Files.writeString(file, lines);
      Inspection inspection =
          new ShardInspector(workspace, ReadCounter.unseen())
              .inspect(STORAGE.stat(file.toString()).orElseThrow(), SPEC);
      data.add(new Data("d" + d, n, inspection));
    }
    return data;
  }

  /** A mix with weights and caps by chance. */
  private static Supply supply(Data data, int order, long begun, Random random) {
    Supply.StratumSupply stratum =
        new Supply.StratumSupply("others", null, -1, data.records(), BigDecimal.ONE)
            .with(Given.inOrder(begun, data.records()));
    return new Supply(
        data.name(),
        order,
        // Never less than what was given: there is always something to go on with.
        BigDecimal.valueOf(begun / data.records() + 1 + random.nextInt(3)),
        Optional.of(BigDecimal.valueOf(1 + random.nextInt(9))),
        Priority.MEDIUM,
        List.of(stratum));
  }

  private List<Sample> place(List<Data> data, Map<String, Long> begun, Random random)
      throws Exception {
    int block = 1 + random.nextInt(12);
    MixSettings settings =
        Settings.of()
            .strategy(Strategy.BALANCED)
            .blocks(block, block * (1 + random.nextInt(6)))
            .build();
    List<Supply> supplies = new ArrayList<>();
    for (Data dataset : data) {
      supplies.add(
          supply(dataset, supplies.size(), begun.getOrDefault(dataset.name(), 0L), random));
    }
    Layout layout = Layout.of(MixPlanner.plan(settings, supplies), settings, 0, 1);
    List<String> numbered = data.stream().map(Data::name).sorted().toList();
    List<ShardToPlace> shards = new ArrayList<>();
    for (Data dataset : data) {
      int number = layout.datasets().indexOf(dataset.name());
      if (number >= 0) {
        int stratum =
            layout.strata().stream()
                .map(placed -> placed.stratum().dataset())
                .toList()
                .indexOf(dataset.name());
        shards.add(
            new ShardToPlace(
                numbered.indexOf(dataset.name()),
                new Workspace(STORAGE, folder.resolve("ws").toString())
                    .index(dataset.inspection().sha256(), SPEC),
                number,
                0,
                new int[] {stratum},
                new int[] {0},
                new long[][] {new long[0]},
                dataset.records()));
      }
    }
    return new PlainPlacing(folder).place(layout, shards, random);
  }

  @Test
  void at_a_thousand_random_positions_nothing_is_lost_and_nothing_repeated() throws Exception {
    int positions = 0;
    for (int round = 0; positions < 1000; round++) {
      Random random = new Random(round);
      List<Data> data = data("r" + round, 1 + random.nextInt(50), random);
      List<Sample> before = place(data, Map.of(), random);
      for (int i = 0; i < 25; i++) {
        int at = random.nextInt(before.size() + 1);
        check("round %d at %d".formatted(round, at), data, before.subList(0, at), random);
        positions++;
      }
    }
  }

  private void check(String where, List<Data> data, List<Sample> consumed, Random random)
      throws Exception {
    Map<String, int[]> times = new HashMap<>();
    data.forEach(d -> times.put(d.name(), new int[(int) d.records()]));
    Map<String, Long> begun = new HashMap<>();
    for (Sample sample : consumed) {
      times.get(sample.dataset())[sample.record()]++;
      begun.merge(sample.dataset(), 1L, Long::sum);
    }
    for (Sample sample : place(data, begun, random)) {
      // A sample's pass is how often its record was given before.
      assertThat(where, sample.pass(), is(times.get(sample.dataset())[sample.record()]++));
    }
    for (int[] ofDataset : times.values()) {
      int least = IntStream.of(ofDataset).min().orElse(0);
      int most = IntStream.of(ofDataset).max().orElse(0);
      assertThat(where, most - least, lessThanOrEqualTo(1));
    }
  }
}
