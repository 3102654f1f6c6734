package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.configs.syntax.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job from end to end on the direct runner, with all its checks of elements on. */
class PrepareTest {
  private static final String[] CHECKED = {
    "--", "--enforceImmutability=true", "--enforceEncodability=true"
  };

  @TempDir Path folder;
  private Cli cli;
  private Path out;

  @BeforeEach
  void cli() {
    cli = new Cli(folder.resolve("workspace"));
    out = folder.resolve("out");
  }

  private Cli.Result prepare(Path repo, String... more) {
    return cli.run(
        join(
            new String[] {"prepare", "--repo", repo.toString(), "--output", out.toString()}, more));
  }

  private static Object[] join(String[] a, String[] b) {
    Object[] all = new Object[a.length + b.length];
    System.arraycopy(a, 0, all, 0, a.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static JsonNode document(Path manifest, String name) throws Exception {
    return Json.read(Files.readAllBytes(manifest.resolve(name)));
  }

  @ParameterizedTest
  @CsvSource({
    "pretraining,,16004",
    "finetuning,,4167",
    "evaluation,,1000",
    "online_learning,,286",
    "ab_testing,variant_a,1000",
    "ab_testing,variant_b,1000"
  })
  void every_stage_of_the_demo_release_is_prepared_and_verified(
      String stage, String variant, long total) throws Exception {
    String[] arguments =
        variant == null
            ? new String[] {stage, "--json", CHECKED[0], CHECKED[1], CHECKED[2]}
            : new String[] {
              stage, "--variant", variant, "--json", CHECKED[0], CHECKED[1], CHECKED[2]
            };
    Cli.Result result = prepare(TestFiles.demo(), arguments);
    assertThat(result.err(), result.code(), is(0));
    assertThat(result.json().get("samples").longValue(), is(total));
    assertThat(result.json().get("outcome").asText(), is("prepared"));
    Path stageFolder = variant == null ? out.resolve(stage) : out.resolve(stage).resolve(variant);
    Cli.Result verified = Cli.plain("verify", stageFolder.toString(), "--deep");
    assertThat(verified.err(), verified.code(), is(0));
    assertThat(verified.out(), containsString("samples from"));
    JsonNode training = document(TestFiles.current(stageFolder), "training_info.json");
    assertThat(training.get("status").asText(), is("prepared"));
    assertThat(training.get("training_history").size(), is(0));
    assertThat(training.get("data").get("dataset_versions").size() > 0, is(true));
  }

  @Test
  void the_specs_fine_tuning_case_writes_the_specs_load_statistics() throws Exception {
    Path repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("toll.jsonl"), TestFiles.lines("t", 5_000));
    TestFiles.write(repo.resolve("inter.jsonl"), TestFiles.lines("i", 13_000));
    TestFiles.write(repo.resolve("merge.jsonl"), TestFiles.lines("m", 5_001));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "finetuning", "stage_config": {
           "data_ratio": {"toll_station": 0.6, "intersection": 0.3, "merge_lane": 0.1},
           "sampling_strategy": "targeted", "max_clips_per_dataset": 50000, "shuffle": false}},
         "dataset_index": [
          {"name": "toll_station_scenarios_refined", "obs_path": "toll.jsonl", "duplicate": 5,
           "stage_weight": 0.6, "sampling_priority": "critical"},
          {"name": "intersection_complex_cases", "obs_path": "inter.jsonl", "duplicate": 3,
           "stage_weight": 0.3, "sampling_priority": "high"},
          {"name": "merge_lane_samples", "obs_path": "merge.jsonl", "duplicate": 1,
           "stage_weight": 0.1}]}
        """);
    assertThat(prepare(repo).code(), is(0));
    JsonNode stats = document(TestFiles.current(out.resolve("finetuning")), "load_stats.json");
    assertThat(stats.get("stage").asText(), is("finetuning"));
    assertThat(stats.get("total_clips").asLong(), is(41_667L));
    assertThat(
        stats.get("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"),
        is(true));
    assertThat(stats.get("total_load_time").asText().matches("\\d+\\.\\ds"), is(true));
    JsonNode first = stats.get("datasets_loaded").get(0);
    assertThat(first.get("name").asText(), is("toll_station_scenarios_refined"));
    assertThat(first.get("clips_loaded").asLong(), is(25_000L));
    assertThat(first.get("weight").asText(), is("0.6"));
    assertThat(first.get("load_time").asText().matches("\\d+\\.\\ds"), is(true));
    assertThat(stats.get("datasets_loaded").get(1).get("clips_loaded").asLong(), is(12_500L));
    assertThat(stats.get("datasets_loaded").get(2).get("clips_loaded").asLong(), is(4_167L));
  }

  private Path small() throws Exception {
    Path repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("data/a.jsonl"), TestFiles.lines("a", 500));
    TestFiles.write(repo.resolve("data/b.jsonl"), TestFiles.lines("b", 300));
    config(repo, "data/", "0.5");
    TestFiles.waitUntilOld(repo);
    return repo;
  }

  private static void config(Path repo, String data, String weight) throws Exception {
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s", "stage_config": {"shuffle_block": 16, "rows_per_part": 160}},
         "dataset_index": [
          {"name": "a", "obs_path": "%sa.jsonl", "stage_weight": %s},
          {"name": "b", "obs_path": "%sb.jsonl", "stage_weight": 0.5}]}
        """
            .formatted(data, weight, data));
  }

  private static long bytesRead(Cli.Result prepared) {
    assertThat(prepared.err(), prepared.code(), is(0));
    return prepared.json().path("metrics").path("bytes_read").asLong();
  }

  @Test
  void a_second_run_does_nothing_and_another_mix_reads_no_data_byte() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path first = TestFiles.current(out.resolve("s"));
    Map<String, String> parts = TestFiles.parts(first);
    Cli.Result again = prepare(repo);
    assertThat(again.out(), containsString("Nothing to do: this manifest is there and current"));
    config(repo, "data/", "0.3");
    assertThat(bytesRead(prepare(repo, "--json")), is(0L));
    assertThat(TestFiles.current(out.resolve("s")), not(first));
    config(repo, "data/", "0.50");
    assertThat(prepare(repo).out(), containsString("made current again"));
    Path others = TestFiles.write(folder.resolve("others.json"), "{}");
    Files.delete(out.resolve("s/current.json"));
    Files.createSymbolicLink(out.resolve("s/current.json"), others);
    assertThat(prepare(repo).out(), containsString("made current again"));
    assertThat(Files.isSymbolicLink(out.resolve("s/current.json")), is(false));
    assertThat(Files.readString(others), is("{}"));
    assertThat(TestFiles.current(out.resolve("s")), is(first));
    assertThat(TestFiles.parts(first), is(parts));
  }

  @Test
  void one_part_is_put_together_by_several_workers_with_the_bytes_of_one() throws Exception {
    Path repo = folder.resolve("large");
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 150_000));
    TestFiles.write(repo.resolve("b.jsonl"), TestFiles.lines("b", 60_000));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s"}, "dataset_index": [
          {"name": "a", "obs_path": "a.jsonl"}, {"name": "b", "obs_path": "b.jsonl"}]}
        """);
    for (String format : List.of("parquet", "jsonl")) {
      Map<String, String> parts = new TreeMap<>();
      for (String workers : List.of("1", "3")) {
        Path folder = repo.resolve("out-" + format + workers);
        Cli.Result prepared =
            cli.run(
                "prepare",
                "--repo",
                repo,
                "--output",
                folder,
                "--manifest-format",
                format,
                "--parallelism",
                workers);
        assertThat(prepared.err(), prepared.code(), is(0));
        parts.put(workers, TestFiles.parts(TestFiles.current(folder.resolve("s"))).toString());
      }
      assertThat(parts.get("3"), is(parts.get("1")));
      assertThat(parts.get("1"), containsString("part-00000-of-00001." + format));
    }
  }

  @Test
  void a_changed_shard_is_read_again_and_only_that_one() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path first = TestFiles.current(out.resolve("s"));
    Path changed = repo.resolve("data/b.jsonl");
    TestFiles.write(changed, TestFiles.lines("c", 300));
    assertThat(bytesRead(prepare(repo, "--json")), is(Files.size(changed)));
    assertThat(TestFiles.current(out.resolve("s")), not(first));
  }

  @Test
  void moved_data_keeps_the_parts_and_renews_the_places() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path first = TestFiles.current(out.resolve("s"));
    Map<String, String> parts = TestFiles.parts(first);
    Files.move(repo.resolve("data"), repo.resolve("elsewhere"));
    config(repo, "elsewhere/", "0.5");
    assertThat(prepare(repo).out(), containsString("kept the parts"));
    assertThat(TestFiles.current(out.resolve("s")), is(first));
    assertThat(TestFiles.parts(first), is(parts));
    assertThat(
        document(first, "manifest.json").get("shards").get(0).get("uri").asText(),
        is(repo.resolve("elsewhere/a.jsonl").toString()));
    assertThat(Cli.plain("verify", first.toString(), "--deep").code(), is(0));
  }

  @Test
  void another_epoch_has_another_order_and_its_own_manifest() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path first = TestFiles.current(out.resolve("s"));
    assertThat(prepare(repo, "--epoch", "1").code(), is(0));
    Path second = TestFiles.current(out.resolve("s"));
    assertThat(second, not(first));
    assertThat(TestFiles.parts(second), not(TestFiles.parts(first)));
  }

  @Test
  void verify_finds_a_changed_part_a_missing_part_and_a_changed_shard() throws Exception {
    Path repo = small();
    assertThat(prepare(repo, "--manifest-format", "jsonl").code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    Path shard = repo.resolve("data/a.jsonl");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[10] ^= 1;
    Files.write(shard, bytes);
    assertThat(Cli.plain("verify", manifest.toString()).code(), is(0));
    Cli.Result deep = Cli.plain("verify", manifest.toString(), "--deep");
    assertThat(deep.code(), is(3));
    assertThat(deep.err(), containsString("a.jsonl: the shard was changed"));
    Files.writeString(shard, "shorter");
    assertThat(
        Cli.plain("verify", manifest.toString()).err(), containsString("the shard has 7 bytes"));
    Path part = manifest.resolve(TestFiles.parts(manifest).keySet().iterator().next());
    Files.writeString(part, Files.readString(part).replaceFirst("\"pass\":0", "\"pass\":1"));
    assertThat(
        Cli.plain("verify", manifest.toString()).err(), containsString("the part was changed"));
    Files.delete(part);
    assertThat(Cli.plain("verify", manifest.toString()).err(), containsString("names is missing"));
    Cli.Result none = Cli.plain("verify", folder.resolve("workspace").toString());
    assertThat(none.err(), containsString("has neither manifest.json nor current.json"));
    assertThat(none.code(), is(2));
  }

  @Test
  void skipped_records_are_left_out_counted_and_kept_with_their_reasons() throws Exception {
    Path repo = small();
    Files.writeString(
        repo.resolve("data/a.jsonl"),
        TestFiles.lines("a", 10) + "oops\n" + TestFiles.lines("z", 5));
    assertThat(prepare(repo).code(), is(3));
    assertThat(TestFiles.published(out), is(empty()));
    Cli.Result tooMany = prepare(repo, "--on-bad-record", "skip");
    assertThat(tooMany.code(), is(3));
    assertThat(
        tooMany.err(),
        containsString("1 of 16 records of dataset \"a\" are bad, more than --max-rejected 1%"));
    Cli.Result skipped =
        prepare(repo, "--on-bad-record", "skip", "--max-rejected", "10%", "--json");
    JsonNode rejected = new ObjectMapper().readTree(skipped.out()).get("rejected").get(0);
    assertThat(rejected.get("records").asLong(), is(1L));
    assertThat(rejected.get("reasons").toString(), containsString("is not a JSON object"));
    assertThat(skipped.err(), skipped.code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    JsonNode shards = document(manifest, "manifest.json").get("shards");
    assertThat(shards.get(0).get("records").asLong(), is(15L));
    assertThat(shards.get(0).get("rejected").asLong(), is(1L));
    assertThat(
        Files.readString(manifest.resolve("rejected/shard-00000.jsonl")),
        containsString("is not a JSON object"));
    assertThat(Cli.plain("verify", manifest.toString(), "--deep").code(), is(0));
  }

  @Test
  void what_is_missing_or_unreadable_beside_the_parts_is_written_again() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    assertThat(prepare(repo).out(), containsString("Nothing to do"));
    for (String name : List.of("load_stats.json", "lineage.json", "training_info.json")) {
      Files.delete(manifest.resolve(name));
      assertThat(prepare(repo).code(), is(0));
      assertThat(name, Cli.plain("verify", manifest.toString()).err(), is(""));
    }
    Path current = out.resolve("s/current.json");
    for (String text : List.of("", "{}", Files.readString(current).replace("manifest.json", "m"))) {
      Files.writeString(current, text);
      assertThat(prepare(repo).code(), is(0));
      assertThat(text, Cli.plain("verify", out.resolve("s").toString()).err(), is(""));
    }
  }

  @Test
  void a_part_that_was_changed_at_the_same_size_is_made_again_where_digests_are_checked()
      throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    Map<String, String> parts = TestFiles.parts(manifest);
    Path part = manifest.resolve(parts.keySet().iterator().next());
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);
    assertThat(prepare(repo).out(), containsString("Nothing to do"));
    assertThat(Cli.plain("verify", manifest.toString()).code(), is(3));
    assertThat(prepare(repo, "--check-parts").out(), containsString("Prepared "));
    assertThat(TestFiles.parts(manifest), is(parts));
  }

  @Test
  void deep_verification_holds_each_row_against_the_record_that_it_names() throws Exception {
    assertThat(prepare(small(), "--manifest-format", "jsonl").code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    Cli.Result good = Cli.plain("verify", manifest.toString(), "--deep");
    assertThat(good.err(), good.code(), is(0));
    Path part = manifest.resolve(TestFiles.parts(manifest).keySet().iterator().next());
    String rows = Files.readString(part);
    String before = TestFiles.sha256(part);
    Path document = manifest.resolve("manifest.json");
    String said = Files.readString(document);
    int at = rows.indexOf("\"identity\":") + 14;
    char other = rows.charAt(at) == '1' ? '2' : '1';
    Files.writeString(part, rows.substring(0, at) + other + rows.substring(at + 1));
    Files.writeString(document, said.replace(before, TestFiles.sha256(part)));
    // What the manifest uses does not fit its rows any more: that is seen without the shards.
    Cli.Result rowsChanged = Cli.plain("verify", manifest.toString());
    assertThat(rowsChanged.code(), is(3));
    assertThat(
        rowsChanged.err(), containsString("its digests are not those of the manifest's rows"));
    Files.delete(manifest.resolve("uses.json"));
    assertThat(Cli.plain("verify", manifest.toString()).code(), is(0));
    Cli.Result deep = Cli.plain("verify", manifest.toString(), "--deep");
    assertThat(deep.code(), is(3));
    assertThat(deep.err(), containsString("position 0 does not name record"));
  }

  @Test
  void no_locale_and_no_time_zone_changes_a_byte() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path expected = TestFiles.current(out.resolve("s"));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String tag : List.of("ar-EG", "de-DE", "tr-TR", "th-TH-u-ca-buddhist-nu-thai")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        TimeZone.setDefault(
            TimeZone.getTimeZone(tag.startsWith("de") ? "America/St_Johns" : "Asia/Kolkata"));
        Path other = folder.resolve("out-" + tag);
        Cli.Result result =
            Cli.plain(
                "prepare",
                "--repo",
                repo.toString(),
                "--output",
                other.toString(),
                "--workspace",
                folder.resolve("workspace-" + tag).toString());
        assertThat(tag + result.err(), result.code(), is(0));
        Path manifest = TestFiles.current(other.resolve("s"));
        assertThat(tag, TestFiles.parts(manifest), is(TestFiles.parts(expected)));
        assertThat(
            tag,
            Files.readString(manifest.resolve("manifest.json")),
            is(Files.readString(expected.resolve("manifest.json"))));
        String stats = Files.readString(manifest.resolve("load_stats.json"));
        assertThat(tag, stats.matches("(?s).*\"total_load_time\": \"\\d+\\.\\ds\".*"), is(true));
        assertThat(tag, Cli.plain("verify", manifest.toString()).code(), is(0));
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void a_damaged_index_is_made_again_with_a_note_and_the_same_bytes() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    Map<String, String> parts = TestFiles.parts(manifest);
    Path indexes = folder.resolve("workspace/indexes");
    try (Stream<Path> files = Files.walk(indexes)) {
      Path index = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(index);
      bytes[bytes.length / 2] ^= 4;
      Files.write(index, bytes);
    }
    Files.delete(manifest.resolve("manifest.json"));
    Cli.Result again = prepare(repo);
    assertThat(again.err(), again.code(), is(0));
    assertThat(again.out(), containsString("was damaged; it was made again"));
    assertThat(TestFiles.parts(manifest), is(parts));
  }

  @Test
  void an_empty_or_unreadable_manifest_is_bad_data_with_its_way_out() throws Exception {
    assertThat(prepare(small()).code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    Path file = manifest.resolve("manifest.json");
    String sound = Files.readString(file);
    for (String text : List.of("", "{}", "[]", "{\"manifest_id\": ", "null")) {
      Files.writeString(file, text);
      Cli.Result result = Cli.plain("verify", manifest.toString());
      assertThat(text, result.code(), is(3));
      assertThat(result.err(), containsString("remove the folder and run prepare again"));
    }
    Files.writeString(file, sound.replace("\"shuffle\": true", "\"shuffle\": false"));
    assertThat(Cli.plain("verify", manifest.toString()).err(), containsString("is not the digest"));
    Files.writeString(file, sound);
    assertThat(Cli.plain("verify", manifest.toString()).code(), is(0));
  }

  @Test
  void runs_of_the_same_work_side_by_side_end_with_the_same_manifest() throws Exception {
    Path repo = small();
    List<CompletableFuture<Cli.Result>> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(CompletableFuture.supplyAsync(() -> prepare(repo)));
    }
    for (CompletableFuture<Cli.Result> run : runs) {
      assertThat(run.get().err(), run.get().code(), is(0));
    }
    Path manifest = TestFiles.current(out.resolve("s"));
    assertThat(Cli.plain("verify", manifest.toString(), "--deep").code(), is(0));
    try (var files = Files.list(manifest)) {
      assertThat(files.anyMatch(f -> f.toString().endsWith(".draft")), is(false));
    }
  }

  @Test
  void documents_that_somebody_broke_are_made_again() throws Exception {
    Path repo = small();
    assertThat(prepare(repo).code(), is(0));
    Path manifest = TestFiles.current(out.resolve("s"));
    byte[] good = Files.readAllBytes(manifest.resolve("manifest.json"));
    Files.writeString(out.resolve("s/current.json"), "{");
    assertThat(prepare(repo).out(), containsString("made current again"));
    Files.writeString(manifest.resolve("manifest.json"), "{\"parts\": 3");
    Files.writeString(manifest.resolve("training_info.json"), "{\"total_steps\": 9}");
    assertThat(prepare(repo).out(), containsString("Prepared"));
    assertThat(Files.readAllBytes(manifest.resolve("manifest.json")), is(good));
    // What training wrote is training's.
    assertThat(
        Files.readString(manifest.resolve("training_info.json")), is("{\"total_steps\": 9}"));
  }

  @Test
  void a_file_url_is_a_local_path() throws Exception {
    Path repo = small();
    Cli.Result result = cli.run("prepare", "--repo", repo.toUri(), "--output", out.toUri());
    assertThat(result.err(), result.code(), is(0));
    assertThat(Cli.plain("verify", out.resolve("s").toUri().toString(), "--deep").code(), is(0));
  }

  @Test
  void shards_that_their_names_miss_are_told_unless_one_file_is_meant() throws Exception {
    Path repo = small();
    Path data = repo.resolve("data");
    Files.move(data.resolve("a.jsonl"), data.resolve("a-00000-of-00002.jsonl"));
    Files.move(data.resolve("b.jsonl"), data.resolve("b-00000-of-00002.jsonl"));
    Path config = repo.resolve("training_dataset.json");
    TestFiles.write(
        config,
        Files.readString(config)
            .replace("data/a.jsonl", "data/a-*")
            .replace("data/b.jsonl", "data/b-00000-of-00002.jsonl"));
    String told = cli.run("plan", "--repo", repo).out();
    assertThat(
        told,
        containsString(
            "dataset \"a\": 1 of 2 files " + data + "/a-*-of-00002.jsonl are missing: 00001"));
    assertThat(told, not(containsString("dataset \"b\"")));
  }

  @Test
  void plan_writes_nothing_and_explain_reads_no_data() throws Exception {
    Cli.Result plan = cli.run("plan", "finetuning", "--repo", TestFiles.demo(), "--json");
    assertThat(plan.json().get("samples").asLong(), is(4_167L));
    assertThat(TestFiles.published(out), is(empty()));
    Cli.Result explain = Cli.plain("explain", "finetuning", "--repo", TestFiles.demo().toString());
    assertThat(explain.out(), containsString("stages/finetuning.json:18:28"));
    assertThat(explain.out(), containsString("the command names it"));
  }

  @Test
  void inspect_shows_what_is_in_files_globs_and_folders() {
    Path data = TestFiles.demo().resolve("data");
    Cli.Result result = cli.run("inspect", data, "--json");
    assertThat(result.json().get("files").size(), is(10));
    assertThat(cli.run("inspect", data + "/no*").code(), is(3));
  }

  @Test
  void the_demo_clips_are_what_the_generator_makes() throws Exception {
    Path made = folder.resolve("made");
    dev.mixdown.cli.demo.DemoClips.write(made);
    JsonNode ours = cli.run("inspect", TestFiles.demo().resolve("data"), "--json").json();
    JsonNode theirs = cli.run("inspect", made, "--json").json();
    assertThat(theirs.get("files").size(), is(ours.get("files").size()));
    for (int i = 0; i < ours.get("files").size(); i++) {
      JsonNode a = ours.get("files").get(i);
      JsonNode b = theirs.get("files").get(i);
      assertThat(b.get("records"), is(a.get("records")));
      // Compressed bytes may differ from one zlib to the next; text may not.
      if (a.get("format").asText().matches("jsonl|csv")) {
        assertThat(b.get("sha256"), is(a.get("sha256")));
      }
    }
  }
}
