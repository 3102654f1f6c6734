package dev.mixdown.pipelines.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.samples.Stages.Row;
import dev.mixdown.storage.StoragePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a stage's samples, against sets of plain texts. */
class RulesTest {
  private static final String BLOCKS = "\"shuffle_block\": 8, \"rows_per_part\": 32";

  @TempDir Path folder;

  private static List<String> lines(String prefix, int n) {
    return new ArrayList<>(
        IntStream.range(0, n).mapToObj(i -> "{\"id\": \"%s%d\"}".formatted(prefix, i)).toList());
  }

  private static List<String> texts(List<Row> rows, String dataset) {
    return rows.stream().filter(r -> r.dataset().equals(dataset)).map(Row::text).toList();
  }

  private static List<String> withPasses(List<Row> rows, String dataset) {
    return rows.stream()
        .filter(r -> r.dataset().equals(dataset))
        .map(r -> r.pass() + " " + r.text())
        .toList();
  }

  @Test
  void going_on_by_arithmetic_by_merge_and_without_a_break_give_the_same_samples()
      throws Exception {
    for (int round = 0; round < 4; round++) {
      Random random = new Random(round);
      Stages stages = new Stages(folder.resolve("r" + round));
      List<String> a = lines("a", 40 + random.nextInt(40));
      a.addAll(a.subList(0, random.nextInt(10)));
      List<String> b = lines("b", 20 + random.nextInt(20));
      stages.data("data/a/1.jsonl", a.subList(0, a.size() / 2));
      stages.data("data/a/2.jsonl", a.subList(a.size() / 2, a.size()));
      stages.data("data/b/1.jsonl", b);
      // The same records, in other files: another version.
      List<String> mixed = new ArrayList<>(a);
      Collections.shuffle(mixed, random);
      stages.data("other/a/1.jsonl", mixed.subList(0, 7));
      stages.data("other/a/2.jsonl", mixed.subList(7, 11));
      stages.data("other/a/3.jsonl", mixed.subList(11, mixed.size()));
      stages.data("other/b/1.jsonl", b.subList(0, 5));
      stages.data("other/b/2.jsonl", b.subList(5, b.size()));
      String index =
          Stages.entry("a", "9", ", \"stage_weight\": 2")
              + ", "
              + Stages.entry("b", "9", ", \"stage_weight\": 1");
      String total = ", \"total_clips\": ";
      stages.stage("whole", BLOCKS + total + 400, index);
      stages.stage("first", BLOCKS + total + 150, index);
      List<Row> whole = stages.rows(stages.prepare("whole").folder());
      Prepared first = stages.prepare("first");
      List<Row> before = stages.rows(first.folder());
      int consumed = random.nextInt(151);
      String rule =
          ", \"samples\": {\"continue\": {\"manifest\": \"%s\", \"consumed\": %d}}"
              .formatted(first.manifestId(), consumed);
      stages.stage("same", BLOCKS + total + 120 + rule, index);
      stages.stage("other", BLOCKS + total + 120 + rule, index.replace("data/", "other/"));
      List<Row> same = stages.rows(stages.prepare("same").folder());
      List<Row> other = stages.rows(stages.prepare("other").folder());
      for (String dataset : List.of("a", "b")) {
        assertThat(withPasses(other, dataset), is(withPasses(same, dataset)));
        List<String> together = new ArrayList<>(withPasses(before.subList(0, consumed), dataset));
        together.addAll(withPasses(same, dataset));
        assertThat(together, is(withPasses(whole, dataset).subList(0, together.size())));
      }
    }
  }

  @Test
  void what_others_gave_is_left_out_whatever_dataset_it_lies_in() throws Exception {
    Stages stages = new Stages(folder);
    List<String> a = lines("x", 60);
    stages.data("data/a/1.jsonl", a);
    List<String> b = new ArrayList<>(a.subList(20, 60));
    b.addAll(lines("y", 30));
    b.add(b.get(0));
    stages.data("data/b/1.jsonl", b);
    stages.stage("one", BLOCKS + ", \"total_clips\": 30", Stages.entry("a", "1", ""));
    Prepared one = stages.prepare("one");
    Set<String> given = new HashSet<>(texts(stages.rows(one.folder()), "a"));
    stages.stage(
        "two",
        BLOCKS + ", \"samples\": {\"exclude\": [{\"stage\": \"one\"}]}",
        Stages.entry("b", "1", ""));
    Prepared two = stages.prepare("two");
    List<String> expected = new ArrayList<>(b);
    expected.removeIf(given::contains);
    List<String> found = new ArrayList<>(texts(stages.rows(two.folder()), "b"));
    Collections.sort(expected);
    Collections.sort(found);
    assertThat(found, is(expected));
    assertThat(
        two.plan().datasets().get(0).leftOut().get("exclude"),
        is((long) b.size() - expected.size()));
  }

  @Test
  void of_records_that_are_there_twice_the_one_of_the_higher_priority_stays() throws Exception {
    Stages stages = new Stages(folder);
    List<String> a = lines("x", 30);
    List<String> b = new ArrayList<>(lines("x", 20));
    b.addAll(lines("z", 10));
    b.addAll(b.subList(25, 28));
    stages.data("data/a/1.jsonl", a);
    stages.data("data/b/1.jsonl", b.subList(0, 11));
    stages.data("data/b/2.jsonl", b.subList(11, b.size()));
    stages.stage(
        "s",
        BLOCKS + ", \"filtering\": {\"remove_duplicates\": true}",
        Stages.entry("a", "1", "")
            + ", "
            + Stages.entry("b", "1", ", \"sampling_priority\": \"high\""));
    List<Row> rows = stages.rows(stages.prepare("s").folder());
    assertThat(new HashSet<>(texts(rows, "b")).size(), is(30));
    assertThat(texts(rows, "b").size(), is(30));
    assertThat(
        new HashSet<>(texts(rows, "a")),
        is(a.subList(20, 30).stream().collect(Collectors.toSet())));
    assertThat(texts(rows, "a").size(), is(10));
  }

  @Test
  void of_records_with_one_field_the_same_stays_however_they_are_cut_into_files() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      lines.add("{\"id\": %d, \"text\": \"t%d\"}".formatted(i % 20, i));
    }
    Set<Set<String>> kept = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      Stages stages = new Stages(folder.resolve("r" + round));
      Collections.shuffle(lines, new Random(round));
      int cut = 7 + 20 * round;
      stages.data("data/a/1.jsonl", lines.subList(0, cut));
      stages.data("data/a/2.jsonl", lines.subList(cut, 60));
      stages.stage(
          "s",
          BLOCKS + ", \"identity_field\": \"id\", \"filtering\": {\"remove_duplicates\": true}",
          Stages.entry("a", "1", ""));
      List<String> texts = texts(stages.rows(stages.prepare("s").folder()), "a");
      assertThat(texts.size(), is(20));
      kept.add(new HashSet<>(texts));
    }
    assertThat(kept.size(), is(1));
  }

  @Test
  void held_out_records_are_found_in_any_form_and_left_out_or_end_the_run() throws Exception {
    Stages stages = new Stages(folder);
    List<String> train = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      train.add("{\"q\": \"question %d\", \"n\": %d, \"a\": null}".formatted(i, i));
    }
    stages.data("data/a/1.jsonl", train);
    stages.write(
        "held/v.jsonl",
        String.join(
                "\n",
                // Equal bytes; other keys' order and white space; another number's form.
                train.get(3),
                "{ \"n\":17 ,\"q\" : \"question 17\"}",
                "{\"q\": \"question 40\", \"n\": 4.0e1, \"a\": \"\"}",
                // Near misses.
                "{\"q\": \"question 50 \", \"n\": 50}",
                "{\"q\": \"question 51\", \"n\": 52}")
            + "\n");
    stages.write("held/b.csv", "n,q\n99.0,question 99\n1,question 2\n");
    String more =
        ", \"validation_dataset\": {\"datasets\": [{\"name\": \"v\", \"obs_path\": \"held/v.jsonl\"}]},"
            + " \"benchmark_datasets\": {\"datasets\": [{\"name\": \"b\", \"obs_path\": \"held/b.csv\"}]}";
    stages.stage("fails", BLOCKS, Stages.entry("a", "1", ""), more);
    DataException e = assertThrows(DataException.class, () -> stages.prepare("fails"));
    for (int record : new int[] {3, 17, 40, 99}) {
      assertThat(
          e.getMessage(), containsString("data/a/1.jsonl: record " + record + ": is held out"));
    }
    assertThat(e.getMessage(), containsString("4 records are held out in all"));
    assertThat(Files.exists(folder.resolve("out/fails/current.json")), is(false));
    stages.stage(
        "excludes",
        BLOCKS + ", \"samples\": {\"hold_out\": {\"policy\": \"exclude\"}}",
        Stages.entry("a", "1", ""),
        more);
    Prepared prepared = stages.prepare("excludes");
    Set<String> expected = new HashSet<>(train);
    List.of(3, 17, 40, 99).forEach(r -> expected.remove(train.get(r)));
    assertThat(new HashSet<>(texts(stages.rows(prepared.folder()), "a")), is(expected));
    stages.stage(
        "warns",
        BLOCKS + ", \"samples\": {\"hold_out\": {\"policy\": \"warn\"}}",
        Stages.entry("a", "1", ""),
        more);
    Prepared warned = stages.prepare("warns");
    assertThat(stages.rows(warned.folder()).size(), is(200));
    assertThat(warned.plan().notes().toString(), containsString("say what records of"));
    String identity =
        e.getMessage().replaceFirst("(?s).*record 3: .*?identity ([0-9a-f]{16}).*", "$1");
    stages.stage(
        "allows",
        BLOCKS
            + ", \"samples\": {\"hold_out\": {\"policy\": \"exclude\", \"allow\": [{\"identity\": \""
            + identity
            + "\", \"reason\": \"known\"}]}}",
        Stages.entry("a", "1", ""),
        more);
    expected.add(train.get(3));
    assertThat(
        new HashSet<>(texts(stages.rows(stages.prepare("allows").folder()), "a")), is(expected));
  }

  @Test
  void what_others_gave_comes_again_with_its_share_and_does_not_size_the_stage() throws Exception {
    Stages stages = new Stages(folder);
    List<String> a = lines("x", 80);
    stages.data("data/a/1.jsonl", a.subList(0, 30));
    stages.data("data/a/2.jsonl", a.subList(30, 80));
    stages.data("data/b/1.jsonl", lines("b", 300));
    stages.stage("one", BLOCKS + ", \"total_clips\": 25", Stages.entry("a", "1", ""));
    Set<String> given = new HashSet<>(texts(stages.rows(stages.prepare("one").folder()), "a"));
    for (String strategy : List.of("", ", \"sampling_strategy\": \"sequential\"")) {
      stages.stage(
          "two",
          BLOCKS
              + strategy
              + ", \"samples\": {\"replay\": [{\"stage\": \"one\", \"share\": 0.25}],"
              + " \"exclude\": [{\"stage\": \"one\"}]}",
          Stages.entry("a", "1", "") + ", " + Stages.entry("b", "1", ""));
      Prepared two = stages.prepare("two");
      List<Row> rows = stages.rows(two.folder());
      assertThat(texts(rows, "b").size(), is(300));
      assertThat(texts(rows, "a").size(), is(55));
      List<Row> again = rows.stream().filter(r -> r.dataset().equals("replay:one")).toList();
      // 355 samples of its own are three quarters.
      assertThat(again.size(), is(118));
      assertThat(new HashSet<>(again.stream().map(Row::text).toList()), is(given));
      for (int pass = 0; pass < 5; pass++) {
        int of = pass;
        List<String> inPass = again.stream().filter(r -> r.pass() == of).map(Row::text).toList();
        assertThat(inPass.size(), is(pass < 4 ? 25 : 18));
        assertThat(new HashSet<>(inPass).size(), is(inPass.size()));
      }
      // Evenly over the whole stage.
      for (int end = 8; end < rows.size(); end += 8) {
        long soFar =
            rows.subList(0, end).stream().filter(r -> r.dataset().equals("replay:one")).count();
        assertThat(Math.abs(soFar - 118.0 * end / rows.size()) < 1, is(true));
      }
      assertThat(stages.verification(two.folder()).verify().errors(), is(empty()));
    }
    Files.writeString(folder.resolve("repo/data/a/1.jsonl"), "{\"id\": \"new\"}\n");
    stages.stage(
        "three",
        BLOCKS + ", \"samples\": {\"replay\": [{\"stage\": \"one\", \"share\": 0.25}]}",
        Stages.entry("b", "1", ""));
    DataException e = assertThrows(DataException.class, () -> stages.prepare("three"));
    assertThat(e.getMessage(), containsString("has changed since manifest"));
    assertThat(
        refused(
            stages,
            "\"replay\": [{\"stage\": \"one\", \"share\": 0.25, \"only_consumed\": true}]",
            Stages.entry("b", "1", "")),
        containsString("no training recorded how far it took manifest"));
  }

  @Test
  void every_mistake_has_its_own_message_with_the_way_out() throws Exception {
    Stages stages = new Stages(folder);
    stages.data("data/a/1.jsonl", lines("x", 20));
    stages.stage("one", BLOCKS, Stages.entry("a", "2", ""));
    String id = stages.prepare("one").manifestId();
    String index = Stages.entry("a", "2", "");
    assertThat(
        refused(stages, "\"continue\": {\"manifest\": \"none\"}", index),
        containsString("stage \"none\" has no manifest in"));
    assertThat(
        refused(stages, "\"continue\": {\"manifest\": \"00000000000000000000\"}", index),
        containsString("is not known: it is neither in"));
    assertThat(
        refused(stages, "\"continue\": {\"manifest\": \"two\"}", index),
        containsString("the stage names itself"));
    assertThat(
        refused(stages, "\"continue\": {\"manifest\": \"one\", \"consumed\": 41}", index),
        containsString("consumed is 41, but manifest " + id + " has 40 samples"));
    assertThat(
        refused(
            stages,
            "\"exclude\": [{\"stage\": \"one\"}]}, \"identity_field\": \"id\", \"x_\": {",
            index),
        containsString("identifies records by the records' bytes, this stage by the field"));
    assertThat(
        refused(stages, "\"exclude\": [{\"stage\": \"one\"}]", index),
        containsString("all its 20 records are left out (exclude)"));
    Files.delete(folder.resolve("out/one/" + id + "/uses.json"));
    DataException e =
        assertThrows(
            DataException.class,
            () -> {
              stages.stage(
                  "two", BLOCKS + ", \"samples\": {\"exclude\": [{\"stage\": \"one\"}]}", index);
              stages.prepare("two");
            });
    assertThat(e.getMessage(), containsString("run mixdown manifests rebuild-uses"));
    Files.delete(folder.resolve("out/one/" + id + "/manifest.json"));
    Files.delete(folder.resolve("out/one/current.json"));
    assertThat(
        refused(stages, "\"continue\": {\"manifest\": \"" + id + "\"}", index),
        containsString("is gone: it lay in"));
  }

  private String refused(Stages stages, String samples, String index) throws Exception {
    stages.stage("two", BLOCKS + ", \"samples\": {" + samples + "}", index);
    RuntimeException e = assertThrows(RuntimeException.class, () -> stages.prepare("two"));
    assertThat(e.toString(), e instanceof ConfigException || e.getMessage() != null, is(true));
    return String.valueOf(e.getMessage());
  }

  @Test
  void flink_and_any_number_of_workers_give_the_same_bytes() throws Exception {
    Stages stages = new Stages(folder);
    List<String> a = lines("x", 300);
    a.addAll(lines("x", 40));
    stages.data("data/a/1.jsonl", a.subList(0, 100));
    stages.data("data/a/2.jsonl", a.subList(100, a.size()));
    stages.data("data/b/1.jsonl", lines("b", 200));
    stages.stage(
        "one", BLOCKS + ", \"total_clips\": 150, \"shuffle\": false", Stages.entry("a", "2", ""));
    stages.prepare("one");
    stages.stage("three", BLOCKS + ", \"total_clips\": 50", Stages.entry("b", "1", ""));
    stages.prepare("three");
    stages.stage(
        "two",
        BLOCKS
            + ", \"filtering\": {\"remove_duplicates\": true}, \"samples\": {\"continue\":"
            + " {\"manifest\": \"one\", \"consumed\": 97}, \"exclude\": [{\"stage\": \"three\"}]}",
        Stages.entry("a", "3", "") + ", " + Stages.entry("b", "2", ""));
    List<String> digests = new ArrayList<>();
    for (RunnerSettings runner :
        List.of(
            new RunnerSettings(RunnerSettings.Runner.DIRECT, 1, List.of()),
            new RunnerSettings(RunnerSettings.Runner.DIRECT, 7, List.of()),
            new RunnerSettings(RunnerSettings.Runner.FLINK, 2, List.of()))) {
      Stages fresh = new Stages(folder);
      delete(folder.resolve("out/two"));
      delete(folder.resolve("ws"));
      Prepared prepared =
          new Preparation(fresh.request("two", runner), Progress.NONE).prepare(fresh.output());
      StringBuilder digest = new StringBuilder(prepared.manifestId());
      for (String name : fresh.storage.names(prepared.folder()).stream().sorted().toList()) {
        if (name.startsWith("part-") || name.equals("manifest.json") || name.equals("uses.json")) {
          digest.append(fresh.storage.sha256(StoragePath.resolve(prepared.folder(), name)));
        }
      }
      digests.add(digest.toString());
    }
    assertThat(new HashSet<>(digests).size(), is(1));
    assertThat(digests, is(not(empty())));
  }

  private static void delete(Path path) throws Exception {
    if (Files.exists(path)) {
      try (var files = Files.walk(path)) {
        for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
