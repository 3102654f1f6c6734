package dev.mixdown.transforms.placing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.CountRanks;
import dev.mixdown.transforms.FindEdges;
import dev.mixdown.transforms.GatherParts;
import dev.mixdown.transforms.ScatterSamples;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.identities.RunsReader;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.MixPlanner;
import dev.mixdown.transforms.mixing.Ranking;
import dev.mixdown.transforms.mixing.Settings;
import dev.mixdown.transforms.mixing.Supply;
import dev.mixdown.transforms.ordering.BlockOrder;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.uses.WrittenPart;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histogram, scatter and gather against one global sort. */
class PlacingTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final InspectionSpec SPEC =
      InspectionSpec.of(
          new ShardFormat(ShardFormat.Records.JSONL, ShardFormat.Compression.NONE), true, false);

  @TempDir Path folder;
  private final Random cuts = new Random(11);
  private int files;

  /** A dataset: its lines, cut into files. */
  private record Data(String name, String duplicate, List<List<String>> shards) {}

  /** What was inspected: per dataset, its shards in path order. */
  private record Inspected(Layout layout, List<ShardToPlace> tasks, Map<Integer, String> indexes) {}

  /** With parts that are cut into any number of slices: what is in them stays the same. */
  private Inspected inspect(List<Data> data, MixSettings settings, long epoch) throws Exception {
    int blocks = settings.rowsPerPart() / settings.shuffleBlock();
    int perSlice = 1 + cuts.nextInt(blocks);
    while (blocks % perSlice != 0) {
      perSlice--;
    }
    return inspect(data, settings, epoch, perSlice * settings.shuffleBlock());
  }

  private Inspected inspect(List<Data> data, MixSettings settings, long epoch, int rowsPerSlice)
      throws Exception {
    ShardInspector inspector =
        new ShardInspector(
            new Workspace(STORAGE, folder.resolve("ws").toString()), ReadCounter.unseen());
    List<Supply> supplies = new ArrayList<>();
    Map<String, List<Inspection>> inspections = new LinkedHashMap<>();
    for (Data dataset : data) {
      List<Inspection> found = new ArrayList<>();
      for (List<String> lines : dataset.shards()) {
        Path file = folder.resolve("f" + files++ + ".jsonl");
        Files.writeString(file, String.join("\n", lines) + "\n");
        FileInfo info = STORAGE.stat(file.toString()).orElseThrow();
        found.add(inspector.inspect(info, SPEC));
      }
      inspections.put(dataset.name(), found);
      long records = found.stream().mapToLong(Inspection::records).sum();
      supplies.add(
          new Supply(
              dataset.name(),
              supplies.size(),
              new BigDecimal(dataset.duplicate()),
              Optional.empty(),
              Priority.MEDIUM,
              List.of(
                  settings.difficultyProgression()
                      ? new Supply.StratumSupply(
                          "others",
                          "l" + level(supplies.size()),
                          level(supplies.size()),
                          records,
                          BigDecimal.ONE)
                      : new Supply.StratumSupply("others", null, -1, records, BigDecimal.ONE))));
    }
    Mix mix = MixPlanner.plan(settings, supplies);
    Layout layout = Layout.cut(mix, settings, epoch, rowsPerSlice);
    return tasks(layout, inspections);
  }

  /** The level of the n-th dataset of a progressive stage. */
  private static int level(int dataset) {
    return dataset % 3;
  }

  private Inspected tasks(Layout layout, Map<String, List<Inspection>> inspections) {
    List<String> numbered = new ArrayList<>();
    List<ShardToPlace> tasks = new ArrayList<>();
    Map<Integer, String> indexes = new HashMap<>();
    new TreeMap<>(inspections)
        .forEach(
            (name, shards) ->
                shards.stream().map(Inspection::sha256).sorted().forEach(numbered::add));
    inspections.forEach(
        (name, shards) -> {
          int dataset = layout.datasets().indexOf(name);
          int stratum =
              layout.strata().stream()
                  .map(placed -> placed.stratum().dataset())
                  .toList()
                  .indexOf(name);
          long before = 0;
          for (int i = 0; i < shards.size() && stratum >= 0; i++) {
            String index =
                new Workspace(STORAGE, folder.resolve("ws").toString())
                    .index(shards.get(i).sha256(), SPEC);
            int number = numbered.indexOf(shards.get(i).sha256());
            indexes.put(number, index);
            tasks.add(
                new ShardToPlace(
                    number,
                    index,
                    dataset,
                    i,
                    new int[] {stratum},
                    new int[] {0},
                    new long[][] {passesFrom(before, layout, stratum)},
                    shards.get(i).records()));
            before += shards.get(i).records();
          }
        });
    return new Inspected(layout, tasks, indexes);
  }

  /** Every pass has all records, so as many come before in each. */
  private static long[] passesFrom(long before, Layout layout, int stratum) {
    long[] passes = new long[layout.strata().get(stratum).passes()];
    Arrays.fill(passes, before);
    return passes;
  }

  private List<Sample> place(Inspected in, Random random) throws IOException {
    return new PlainPlacing(folder).place(in.layout(), in.tasks(), random);
  }

  /** One global sort of everything, as DESIGN says it. */
  private static List<String> obvious(Inspected in) throws IOException {
    Layout layout = in.layout();
    List<List<String>> strata = new ArrayList<>();
    for (Layout.PlacedStratum placed : layout.strata()) {
      record Candidate(int shard, int fileOrder, int record, long identity) {}
      List<Candidate> candidates = new ArrayList<>();
      for (ShardToPlace task : in.tasks()) {
        if (task.dataset() == placed.dataset()) {
          try (IndexReader index = new IndexReader(STORAGE, task.index())) {
            while (index.next()) {
              for (int i = 0; i < index.size(); i++) {
                candidates.add(
                    new Candidate(
                        task.shard(), task.fileOrder(), index.record(i), index.identity(i)));
              }
            }
          }
        }
      }
      List<String> ordered = new ArrayList<>();
      for (int pass = 0; ordered.size() < placed.quota(); pass++) {
        long left = placed.quota() - ordered.size();
        Ranking ranking =
            Ranking.ofPass(layout.seed(), layout.epoch(), placed.stratum().dataset(), pass);
        Comparator<Candidate> order =
            layout.shuffle()
                ? ((Comparator<Candidate>)
                        (a, b) ->
                            Long.compareUnsigned(
                                ranking.value(a.identity()), ranking.value(b.identity())))
                    .thenComparingInt(Candidate::shard)
                    .thenComparingInt(Candidate::record)
                : Comparator.comparingInt(Candidate::fileOrder).thenComparingInt(Candidate::record);
        candidates.sort(order);
        int n = candidates.size();
        if (left >= n || layout.shuffle()) {
          for (Candidate c : candidates.subList(0, (int) Math.min(left, n))) {
            ordered.add(c.shard() + ":" + c.record() + ":" + pass);
          }
        } else {
          for (long i = 0; i < left; i++) {
            Candidate c = candidates.get((int) (i * n / left));
            ordered.add(c.shard() + ":" + c.record() + ":" + pass);
          }
        }
      }
      strata.add(ordered);
    }
    List<String> manifest = new ArrayList<>();
    int[] next = new int[strata.size()];
    BlockQuotas quotas = layout.blockQuotas(0);
    BlockOrder order = new BlockOrder(layout.seed(), layout.epoch(), layout.shuffle());
    int[] slots = new int[layout.block()];
    for (long block = 0; quotas.hasNext(); block++) {
      int length = order.fill(block, quotas.next(), slots);
      for (int i = 0; i < length; i++) {
        manifest.add(strata.get(slots[i]).get(next[slots[i]]++));
      }
    }
    return manifest;
  }

  private static List<String> keys(List<Sample> samples) {
    return samples.stream().map(s -> s.shard() + ":" + s.record() + ":" + s.pass()).toList();
  }

  private static List<String> lines(String prefix, int n, Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      // Every tenth record or so has the bytes of another one.
      int id = random.nextInt(10) == 0 ? random.nextInt(i + 1) : i;
      lines.add("{\"id\": \"%s%d\"}".formatted(prefix, id));
    }
    return lines;
  }

  private static List<List<String>> cut(List<String> lines, int into) {
    List<List<String>> shards = new ArrayList<>();
    for (int i = 0; i < into; i++) {
      shards.add(lines.subList(lines.size() * i / into, lines.size() * (i + 1) / into));
    }
    return shards;
  }

  @Test
  void on_random_stages_every_sample_lands_where_one_global_sort_puts_it() throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < 120; round++) {
      List<Data> data = new ArrayList<>();
      int datasets = 1 + random.nextInt(4);
      for (int d = 0; d < datasets; d++) {
        int n = 5 + random.nextInt(900);
        String duplicate = new String[] {"1", "0.3", "2.5", "7"}[random.nextInt(4)];
        data.add(
            new Data(
                "d" + d,
                duplicate,
                cut(lines("r" + round + "d" + d, n, random), 1 + random.nextInt(4))));
      }
      int block = 1 + random.nextInt(40);
      Settings asked =
          Settings.of()
              .seed(round)
              .shuffle(round % 3 != 0)
              .blocks(block, block * (1 + random.nextInt(12)));
      if (round % 4 == 1) {
        asked.strategy(Strategy.SEQUENTIAL);
      }
      if (round % 4 == 2) {
        asked.progression();
      }
      if (round % 2 == 1) {
        asked.cap(40 + random.nextInt(400));
      }
      MixSettings settings = asked.build();
      Inspected in = inspect(data, settings, round % 5);
      assertThat("round " + round, keys(place(in, random)), is(obvious(in)));
    }
  }

  @Test
  void thousands_of_records_of_equal_bytes_are_placed_without_loss() throws Exception {
    List<String> same = Collections.nCopies(3_000, "{\"same\": 1}");
    List<String> other = Collections.nCopies(2_000, "{\"same\": 2}");
    MixSettings settings = Settings.of().blocks(16, 160).build();
    Inspected in = inspect(List.of(new Data("d", "2.5", List.of(same, other))), settings, 0);
    assertThat(keys(place(in, new Random(2))), is(obvious(in)));
  }

  @Test
  void blocks_larger_than_what_is_fetched_together_are_placed_like_small_ones() throws Exception {
    for (boolean shuffle : new boolean[] {true, false}) {
      List<Data> data =
          List.of(
              new Data("d", "1.5", cut(lines("u", 2_500, new Random(8)), 3)),
              new Data("e", "1", cut(lines("v", 1_700, new Random(9)), 2)));
      MixSettings settings = Settings.of().shuffle(shuffle).blocks(600, 3_000).build();
      Inspected in = inspect(data, settings, 0);
      assertThat(keys(place(in, new Random(10))), is(obvious(in)));
    }
  }

  private List<String> content(List<Data> data, MixSettings settings, long epoch) throws Exception {
    Inspected in = inspect(data, settings, epoch);
    return place(in, new Random(3)).stream()
        .map(s -> Long.toHexString(s.identity()) + "p" + s.pass())
        .toList();
  }

  @Test
  void cutting_a_dataset_into_other_files_changes_no_choice_and_no_order() throws Exception {
    List<String> lines = lines("x", 2_000, new Random(4));
    MixSettings settings = Settings.of().blocks(64, 640).build();
    List<String> one = content(List.of(new Data("d", "1.7", cut(lines, 12))), settings, 0);
    for (int into : new int[] {1, 5, 40}) {
      assertThat(content(List.of(new Data("d", "1.7", cut(lines, into))), settings, 0), is(one));
    }
    List<String> reversed = new ArrayList<>(lines);
    Collections.reverse(reversed);
    assertThat(content(List.of(new Data("d", "1.7", cut(reversed, 7))), settings, 0), is(one));
  }

  @Test
  void raising_a_quota_keeps_all_that_was_chosen_and_an_epoch_chooses_anew() throws Exception {
    List<String> lines = lines("y", 3_000, new Random(5));
    MixSettings settings = Settings.of().blocks(64, 640).build();
    Set<String> small =
        new HashSet<>(content(List.of(new Data("d", "0.2", cut(lines, 3))), settings, 0));
    Set<String> large =
        new HashSet<>(content(List.of(new Data("d", "0.5", cut(lines, 3))), settings, 0));
    assertThat(large.containsAll(small), is(true));
    Set<String> next =
        new HashSet<>(content(List.of(new Data("d", "0.2", cut(lines, 3))), settings, 1));
    next.retainAll(small);
    assertThat(next.size(), lessThan(small.size() / 2));
  }

  @Test
  void one_percent_more_records_changes_about_one_percent_of_the_choices() throws Exception {
    List<String> lines = lines("z", 10_000, new Random(6));
    List<String> more = new ArrayList<>(lines);
    more.addAll(lines("new", 100, new Random(7)));
    MixSettings settings = Settings.of().total(5_000).blocks(64, 6_400).build();
    Set<String> before =
        new HashSet<>(content(List.of(new Data("d", "1", cut(lines, 2))), settings, 0));
    Set<String> after =
        new HashSet<>(content(List.of(new Data("d", "1", cut(more, 2))), settings, 0));
    Set<String> gone = new HashSet<>(before);
    gone.removeAll(after);
    assertThat(gone.size(), lessThan(100));
    assertThat(gone.size(), greaterThan(15));
  }

  @Test
  void in_file_order_every_dataset_has_counts_of_no_bins_so_that_no_side_input_is_empty()
      throws Exception {
    Random random = new Random(8);
    Inspected in =
        inspect(
            List.of(
                new Data("a", "2", cut(lines("a", 70, random), 3)),
                new Data("b", "0.5", cut(lines("b", 40, random), 2))),
            Settings.of().blocks(32, 320).shuffle(false).build(),
            0);
    Pipeline pipeline = Pipeline.create();
    PCollectionView<Layout> layout =
        pipeline
            .apply("Layout", Create.of(in.layout()).withCoder(SerializableCoder.of(Layout.class)))
            .apply(View.asSingleton());
    PCollection<String> counts =
        pipeline
            .apply(
                Create.of(ShardToPlace.batches(in.tasks(), 3))
                    .withCoder(ListCoder.of(SerializableCoder.of(ShardToPlace.class))))
            .apply(new CountRanks(STORAGE, layout))
            .apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(dataset -> dataset.getKey() + ": " + dataset.getValue().length));
    PAssert.that(counts).containsInAnyOrder("0: 0", "1: 0");
    pipeline.run().waitUntilFinish();
  }

  @Test
  void the_beam_transforms_write_what_plain_calls_write() throws Exception {
    beam(320);
  }

  @Test
  void the_beam_transforms_write_the_same_where_parts_are_cut_into_slices() throws Exception {
    beam(64);
  }

  private void beam(int rowsPerSlice) throws Exception {
    Random random = new Random(8);
    MixSettings settings = Settings.of().blocks(32, 320).build();
    List<Data> data =
        List.of(
            new Data("a", "2", cut(lines("a", 700, random), 3)),
            new Data("b", "0.5", cut(lines("b", 400, random), 2)));
    Inspected in = inspect(data, settings, 0, rowsPerSlice);
    assertThat(in.layout().isSliced(), is(rowsPerSlice < 320));
    Path out = folder.resolve("out");
    // No options: the direct runner with all its checks of elements on.
    Pipeline pipeline = Pipeline.create();
    PCollectionView<Layout> layout =
        pipeline
            .apply("Layout", Create.of(in.layout()).withCoder(SerializableCoder.of(Layout.class)))
            .apply(View.asSingleton());
    PCollection<List<ShardToPlace>> shards =
        pipeline.apply(
            Create.of(ShardToPlace.batches(in.tasks(), 3))
                .withCoder(ListCoder.of(SerializableCoder.of(ShardToPlace.class))));
    PCollectionView<BinEdges> edges =
        shards.apply(new CountRanks(STORAGE, layout)).apply(new FindEdges(layout));
    PCollection<WrittenPart> parts =
        shards
            .apply(new ScatterSamples(STORAGE, layout, edges))
            .apply(
                new GatherParts(
                    layout,
                    edges,
                    in.layout().isSliced(),
                    ManifestFormat.JSONL,
                    STORAGE,
                    out.toString()));
    int expectedParts = in.layout().parts();
    long expectedRows = in.layout().total();
    PAssert.that(parts)
        .satisfies(
            found -> {
              long rows = 0;
              int count = 0;
              for (WrittenPart part : found) {
                rows += part.part().samples();
                count++;
              }
              assertThat(rows, is(expectedRows));
              assertThat(count, is(expectedParts));
              return null;
            });
    pipeline.run().waitUntilFinish();
    List<Sample> written = new ArrayList<>();
    for (int part = 0; part < expectedParts; part++) {
      PartReader.read(
          STORAGE,
          out.resolve(ManifestFormat.JSONL.partName(part, expectedParts)).toString(),
          written::add);
    }
    assertThat(keys(written), is(obvious(in)));
    assertThat(
        STORAGE.names(out.toString()),
        containsInAnyOrder(
            IntStream.range(0, expectedParts)
                .mapToObj(p -> ManifestFormat.JSONL.partName(p, expectedParts))
                .toArray(String[]::new)));
    Map<Long, Integer> used = new TreeMap<>();
    for (String runs : STORAGE.names(out.resolve("uses").toString())) {
      try (RunsReader reader = new RunsReader(STORAGE, out.resolve("uses/" + runs).toString())) {
        reader.range(0, 0);
        while (reader.next()) {
          for (int i = 0; i < reader.size(); i++) {
            used.merge(reader.identity(i), reader.count(i), Integer::sum);
          }
        }
      }
    }
    Map<Long, Integer> expected = new TreeMap<>();
    written.forEach(sample -> expected.merge(sample.identity(), 1, Integer::sum));
    assertThat(used, is(expected));
  }
}
