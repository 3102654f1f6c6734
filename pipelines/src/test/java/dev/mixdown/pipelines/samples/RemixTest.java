package dev.mixdown.pipelines.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.prepare.RemixChoice;
import dev.mixdown.pipelines.remix.Remixing;
import dev.mixdown.pipelines.remix.Remixing.Remixed;
import dev.mixdown.pipelines.samples.Stages.Row;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.transforms.bytes.DataProblem;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mix that is changed in the middle, with the proof, against counts of plain texts. */
class RemixTest {
  @TempDir Path folder;

  private static List<String> lines(String dataset, int from, int to) {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add("{\"id\": %d, \"of\": \"%s\"}".formatted(i, dataset));
    }
    return lines;
  }

  private static Remixed remix(
      Stages stages, String from, long at, Map<String, BigDecimal> ratio, boolean current)
      throws Exception {
    PrepareRequest request = stages.request("train").remixing(new RemixChoice(from, at, ratio));
    return new Remixing(request, Progress.NONE)
        .remix(current ? stages.output() : stages.output().keepingCurrent());
  }

  private static Map<String, BigDecimal> weights(Random random, Iterable<String> datasets) {
    Map<String, BigDecimal> weights = new LinkedHashMap<>();
    datasets.forEach(dataset -> weights.put(dataset, BigDecimal.valueOf(1 + random.nextInt(5))));
    return weights;
  }

  @Test
  void remixes_of_remixes_at_random_positions_lose_and_repeat_nothing() throws Exception {
    for (int round = 0; round < 3; round++) {
      Random random = new Random(180 + round);
      Stages stages = new Stages(folder.resolve("r" + round));
      Map<String, List<String>> data = new TreeMap<>();
      List<String> index = new ArrayList<>();
      for (int d = 0; d < 2 + random.nextInt(3); d++) {
        String name = "d" + d;
        data.put(name, new ArrayList<>(lines(name, 0, 10 + random.nextInt(60))));
        stages.data("data/" + name + "/0.jsonl", data.get(name));
        index.add(Stages.entry(name, "4", ", \"stage_weight\": " + (1 + d)));
      }
      stages.stage(
          "train",
          "\"shuffle_block\": 8, \"rows_per_part\": 32, \"total_clips\": 40",
          String.join(", ", index));
      Prepared prepared = stages.prepare("train");
      String id = prepared.manifestId();
      List<Row> rows = stages.rows(prepared.folder());
      Map<String, Integer> used = new HashMap<>();
      int consumed = 0;
      for (int step = 0; step < 3; step++) {
        String where = "round %d, step %d".formatted(round, step);
        int at = random.nextInt(rows.size() + 1);
        rows.subList(0, at).forEach(row -> used.merge(row.text(), 1, Integer::sum));
        consumed += at;
        if (step == 1) {
          // The data grows meanwhile.
          List<String> more = lines("d0", 1000, 1010);
          stages.data("data/d0/1.jsonl", more);
          data.get("d0").addAll(more);
        }
        Remixed remixed = remix(stages, id, at, weights(random, data.keySet()), step == 2);
        rows = stages.rows(remixed.prepared().folder());
        check(where, data, used, rows, remixed.proof());
        assertThat(where, sum(remixed.proof(), false), is((long) consumed));
        assertThat(where, sum(remixed.proof(), true), is((long) rows.size()));
        assertThat(where, remixed.proof().continued(), is(new Remix.Continued(id, at)));
        assertThat(
            where, stages.verification(remixed.prepared().folder()).verify().errors(), is(empty()));
        id = remixed.prepared().manifestId();
      }
    }
  }

  private static long sum(Remix proof, boolean given) {
    return proof.strata().stream().mapToLong(s -> given ? s.given() : s.consumed()).sum();
  }

  private static void check(
      String where,
      Map<String, List<String>> data,
      Map<String, Integer> used,
      List<Row> rows,
      Remix proof) {
    Map<String, Integer> all = new HashMap<>(used);
    rows.forEach(row -> all.merge(row.text(), 1, Integer::sum));
    for (Remix.Stratum stratum : proof.strata()) {
      List<String> records = data.get(stratum.dataset());
      long consumed = records.stream().mapToLong(r -> used.getOrDefault(r, 0)).sum();
      long both = records.stream().mapToLong(r -> all.getOrDefault(r, 0)).sum();
      long passes = records.stream().mapToLong(r -> all.getOrDefault(r, 0)).max().orElse(0);
      assertThat(where, stratum.records(), is((long) records.size()));
      assertThat(where, stratum.passes(), is(passes));
      assertThat(where, stratum.consumed(), is(consumed));
      assertThat(where, stratum.given(), is(both - consumed));
      assertThat(where, stratum.leftOver(), is(passes * records.size() - both));
    }
  }

  private Stages twoDatasets() throws Exception {
    Stages stages = new Stages(folder.resolve("two"));
    stages.data("data/a/0.jsonl", lines("a", 0, 60));
    stages.data("data/b/0.jsonl", lines("b", 0, 40));
    stages.stage(
        "train",
        "\"data_ratio\": {\"a\": 0.5, \"b\": 0.5}, \"sampling_strategy\": \"balanced\"",
        Stages.entry("a", "1", "") + ", " + Stages.entry("b", "1", ""));
    return stages;
  }

  @Test
  void the_current_manifest_stays_unless_asked_and_a_second_run_changes_nothing() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    Map<String, BigDecimal> ratio = Map.of("a", new BigDecimal("0.8"), "b", new BigDecimal("0.2"));
    Remixed remixed = remix(stages, before.manifestId(), 30, ratio, false);
    Path stage = folder.resolve("two/out/train");
    assertThat(
        Files.readString(stage.resolve("current.json")), containsString(before.manifestId()));
    Path proof = stage.resolve(remixed.prepared().manifestId()).resolve("remix.json");
    byte[] bytes = Files.readAllBytes(proof);
    Files.delete(proof);
    remix(stages, before.manifestId(), 30, ratio, true);
    assertThat(Files.readAllBytes(proof), is(equalTo(bytes)));
    assertThat(
        Files.readString(stage.resolve("current.json")),
        containsString(remixed.prepared().manifestId()));
  }

  @Test
  void seven_workers_and_flink_prove_what_one_does() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    Remix one = remix(stages, before.manifestId(), 33, Map.of(), false).proof();
    for (RunnerSettings runner :
        List.of(
            new RunnerSettings(RunnerSettings.Runner.DIRECT, 7, List.of()),
            new RunnerSettings(RunnerSettings.Runner.FLINK, 2, List.of()))) {
      PrepareRequest request =
          stages
              .request("train", runner)
              .remixing(new RemixChoice(before.manifestId(), 33, Map.of()));
      Remix other =
          new Remixing(request, Progress.NONE).remix(stages.output().keepingCurrent()).proof();
      assertThat(other.bytes(), is(equalTo(one.bytes())));
    }
  }

  @Test
  void verify_finds_a_proof_that_was_changed_and_a_manifest_before_that_is_gone() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    Remixed remixed = remix(stages, before.manifestId(), 30, Map.of(), false);
    String there = remixed.prepared().folder();
    Path proof = Path.of(there).resolve("remix.json");
    String text = Files.readString(proof);
    String left = "\"left_over\": " + remixed.proof().strata().get(0).leftOver();
    Files.writeString(proof, text.replaceFirst(left, "\"left_over\": 7777"));
    assertThat(message(stages, there), containsString("the proof is not the one"));
    Files.writeString(proof, "{}");
    assertThat(message(stages, there), containsString("the proof cannot be used"));
    Files.writeString(proof, text);
    assertThat(stages.verification(there).verify().errors(), is(empty()));
    Path shard = folder.resolve("two/repo/data/a/0.jsonl");
    Files.move(shard, folder.resolve("two/elsewhere"));
    assertThat(message(stages, there), containsString("0.jsonl"));
    Files.move(folder.resolve("two/elsewhere"), shard);
    Files.move(Path.of(before.folder()), folder.resolve("two/pruned"));
    assertThat(message(stages, there), containsString("is gone: it lay in"));
  }

  private static String message(Stages stages, String manifest) throws Exception {
    List<DataProblem> problems = stages.verification(manifest).verify().errors();
    return problems.toString();
  }

  @Test
  void a_dataset_that_the_new_mix_does_not_have_is_accounted_for() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    stages.stage(
        "train",
        "\"data_ratio\": {\"a\": 1}, \"sampling_strategy\": \"balanced\"",
        Stages.entry("a", "1", ""));
    Remixed remixed = remix(stages, before.manifestId(), 20, Map.of(), false);
    Remix.Stratum dropped = remixed.proof().strata().get(1);
    assertThat(dropped.dataset(), is("b"));
    assertThat(dropped.given(), is(0L));
    assertThat(dropped.consumed() + dropped.leftOver(), is(40L));
    assertThat(dropped.gone(), is(nullValue()));
    // Without its shards, the rest is still proved.
    Files.delete(folder.resolve("two/repo/data/b/0.jsonl"));
    assertThat(stages.verification(remixed.prepared().folder()).verify().errors(), is(empty()));
    assertThat(
        remix(stages, before.manifestId(), 21, Map.of(), false).proof().unknown(), contains("b"));
  }

  @Test
  void records_that_are_gone_are_told_apart() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    List<Row> rows = stages.rows(before.folder()).subList(0, 60);
    stages.data("data/a/0.jsonl", lines("a", 30, 90));
    Remixed remixed = remix(stages, before.manifestId(), 60, Map.of(), false);
    Remix.Stratum a = remixed.proof().strata().get(0);
    long consumed = rows.stream().filter(row -> row.dataset().equals("a")).count();
    assertThat(a.consumed() + a.gone(), is(consumed));
    assertThat(a.consumed() + a.given() + a.leftOver(), is(a.passes() * 60));
  }

  @Test
  void a_ratio_has_to_name_what_is_mixed_and_all_of_it() throws Exception {
    Stages stages = twoDatasets();
    String id = stages.prepare("train").manifestId();
    BigDecimal half = new BigDecimal("0.5");
    assertThat(
        refused(stages, id, Map.of("a", half, "c", half)),
        containsString("--ratio names category \"c\", which data_ratio does not have"));
    assertThat(
        refused(stages, id, Map.of("a", half)),
        containsString("--ratio does not say the share of b; name every category of data_ratio"));
  }

  private static String refused(Stages stages, String id, Map<String, BigDecimal> ratio) {
    return assertThrows(ConfigException.class, () -> remix(stages, id, 10, ratio, false))
        .getMessage();
  }

  @Test
  void the_order_in_which_shares_are_named_does_not_matter() throws Exception {
    Stages stages = twoDatasets();
    String id = stages.prepare("train").manifestId();
    Map<String, BigDecimal> one = new LinkedHashMap<>();
    one.put("a", new BigDecimal("0.3"));
    one.put("b", new BigDecimal("0.7"));
    Map<String, BigDecimal> other = new LinkedHashMap<>();
    other.put("b", new BigDecimal("0.7"));
    other.put("a", new BigDecimal("0.3"));
    assertThat(
        remix(stages, id, 10, other, false).proof(), is(remix(stages, id, 10, one, false).proof()));
    Map<String, BigDecimal> nothing = Map.of("a", BigDecimal.ZERO, "b", BigDecimal.ZERO);
    Exception refused =
        assertThrows(RuntimeException.class, () -> remix(stages, id, 10, nothing, false));
    assertThat(refused.getMessage(), containsString("no dataset gives anything"));
  }

  @Test
  void where_one_dataset_is_used_up_only_what_still_fits_the_ratio_comes() throws Exception {
    Stages stages = twoDatasets();
    Prepared before = stages.prepare("train");
    // All of b was given: half and half, one sample fits, rounded in favour of a.
    long all = before.plan().mix().total();
    Remix proof = remix(stages, before.manifestId(), all, Map.of(), false).proof();
    assertThat(sum(proof, true), is(1L));
    assertThat(proof.strata().get(1).leftOver(), is(0L));
  }
}
