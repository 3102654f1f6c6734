package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream does with what its config asks for; each stream is verified at the end. */
class OnlineFeaturesTest {
  @TempDir Path folder;
  private StreamSite site;

  @BeforeEach
  void twoDatasets() throws IOException {
    site = new StreamSite(folder);
    site.weights.put("a", "3");
    site.weights.put("b", "1");
    site.online().put("increment_samples", 16);
    site.write();
  }

  @AfterEach
  void verified() {
    Cli.Result result = site.run("verify", "--deep");
    assertThat(result.err(), result.code(), is(0));
  }

  private void arrive(String name, int a, int b) throws IOException {
    if (a > 0) {
      site.put("a", name + ".jsonl", StreamSite.records(name + "a", 0, a));
    }
    if (b > 0) {
      site.put("b", name + ".jsonl", StreamSite.records(name + "b", 0, b));
    }
  }

  private List<Sample> all() throws IOException {
    List<Sample> rows = new ArrayList<>();
    for (Increment increment : site.increments()) {
      rows.addAll(site.rows(increment));
    }
    return rows;
  }

  private static Map<Long, Integer> uses(List<Sample> rows) {
    Map<Long, Integer> uses = new HashMap<>();
    rows.forEach(row -> uses.merge(row.identity(), 1, Integer::sum));
    return uses;
  }

  @Test
  void a_replay_of_itself_takes_its_share_and_each_record_once_in_a_pass() throws IOException {
    site.online().putArray("replay").addObject().put("from", "self").put("share", 0.25);
    site.write();
    for (int i = 0; i < 6; i++) {
      arrive("f" + i, 36, 12);
      site.json("tick");
    }
    List<Sample> rows = all();
    long first = site.increments().get(0).samples();
    List<Sample> again = rows.stream().filter(Sample::replay).toList();
    assertThat(again, is(not(empty())));
    // The share holds from the second increment on, in every block.
    for (int from = (int) first; from < rows.size(); from += 16) {
      long old = rows.subList(from, from + 16).stream().filter(Sample::replay).count();
      assertThat(old, is(4L));
    }
    assertThat(again.stream().allMatch(r -> r.stratum().equals("replay:self")), is(true));
    Map<Integer, Set<Long>> passes = new HashMap<>();
    for (Sample row : again) {
      assertThat(
          passes.computeIfAbsent(row.pass(), p -> new HashSet<>()).add(row.identity()), is(true));
      // It was given before.
      assertThat(
          rows.subList(0, (int) row.position()).stream()
              .anyMatch(r -> !r.replay() && r.identity() == row.identity()),
          is(true));
    }
    rows.stream().filter(r -> !r.replay()).forEach(r -> assertThat(r.pass(), is(0)));
  }

  @Test
  void a_stratum_that_is_short_helps_itself_out_with_its_older_records() throws IOException {
    site.online().put("shortage", "replay").put("max_wait", "0s");
    site.write();
    arrive("f0", 24, 8);
    site.json("tick");
    arrive("f1", 60, 0);
    site.json("tick");
    List<Sample> rows = all();
    assertThat(rows.size(), is(32 + 80));
    List<Sample> again = rows.stream().filter(Sample::replay).toList();
    assertThat(again.size(), is(20));
    assertThat(again.stream().allMatch(r -> r.stratum().equals("b")), is(true));
    // Eight records: two whole passes and half of the next.
    assertThat(again.stream().mapToInt(Sample::pass).max().orElse(0), is(3));
    uses(again).values().forEach(n -> assertThat(n == 2 || n == 3, is(true)));
  }

  @Test
  void others_take_the_seats_of_a_stratum_that_is_short_and_it_is_paid_back() throws IOException {
    site.online().put("shortage", "redistribute").put("max_wait", "0s").put("max_debt", 8);
    site.write();
    arrive("f0", 200, 0);
    site.json("tick");
    assertThat(site.increments().get(0).samples(), is(32L));
    assertThat(site.increments().get(0).debt(), is(Map.of("b", 8L)));
    assertThat(site.run("tick").out(), containsString("Nothing to publish"));
    arrive("f1", 0, 40);
    site.json("tick");
    List<Sample> next = site.rows(site.increments().get(1));
    assertThat(next.subList(0, 16).stream().filter(r -> r.stratum().equals("b")).count(), is(12L));
    assertThat(site.increments().get(1).debt(), is(Map.of()));
  }

  @Test
  void of_records_with_one_identity_the_first_that_arrives_stays() throws IOException {
    site.stageConfig.withObject("/filtering").put("remove_duplicates", true);
    site.write();
    List<String> records = StreamSite.records("x", 0, 40);
    site.put("a", "one.jsonl", records);
    arrive("f0", 0, 20);
    site.json("tick");
    List<String> more = new ArrayList<>(StreamSite.records("x", 20, 60));
    more.addAll(StreamSite.records("x", 50, 60));
    site.put("a", "two.jsonl", more);
    arrive("f1", 0, 20);
    site.json("tick");
    uses(all()).values().forEach(n -> assertThat(n, is(1)));
    Increment last = site.increments().get(1);
    Increment.Arrival two =
        last.arrivals().get(last.arrivals().get(0).dataset().equals("a") ? 0 : 1);
    assertThat(two.arriving(), is(20L));
    assertThat(two.leftOut(), is(Map.of("duplicate", 30L)));
  }

  @Test
  void records_that_are_held_out_never_enter_whatever_their_format() throws IOException {
    Path test = folder.resolve("test.jsonl");
    Files.writeString(test, "{ \"id\" : \"f0a-3\" }\n{\"id\":\"f0a-5\"}\n");
    site.online()
        .putObject("hold_out")
        .putArray("against")
        .addObject()
        .put("dataset", test.toString());
    site.write();
    arrive("f0", 30, 10);
    site.json("tick");
    Increment.Arrival arrival = site.increments().get(0).arrivals().get(0);
    assertThat(arrival.leftOut(), is(Map.of("held_out", 2L)));
    Set<Long> held =
        Set.of(
            StreamOracle.identity("{\"id\":\"f0a-3\"}"),
            StreamOracle.identity("{\"id\":\"f0a-5\"}"));
    assertThat(all().stream().anyMatch(r -> held.contains(r.identity())), is(false));
  }

  @Test
  void strata_are_categories_over_all_datasets_where_records_say_them() throws IOException {
    site.stageConfig.put("category_field", "kind");
    site.stageConfig.putObject("data_ratio").put("x", 0.5).put("y", 0.5);
    site.write();
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      records.add("{\"kind\":\"%s\",\"n\":%d}".formatted(i % 3 == 0 ? "y" : "x", i));
    }
    site.put("a", "one.jsonl", records.subList(0, 30));
    site.put("b", "two.jsonl", records.subList(30, 60));
    site.json("tick");
    List<Sample> rows = all();
    assertThat(rows.size(), is(32));
    for (Sample row : rows) {
      assertThat(row.category(), is(row.stratum()));
      assertThat(StreamSite.text(site.increments().get(0), row), containsString(row.stratum()));
    }
    assertThat(rows.stream().map(Sample::dataset).distinct().count(), is(2L));
  }

  @Test
  void older_backlog_than_the_newest_is_struck() throws IOException {
    site.online().putObject("surplus").put("newest", 10);
    site.write();
    arrive("f0", 100, 8);
    site.json("tick");
    Increment first = site.increments().get(0);
    assertThat(first.struck(), is(List.of(new Struck("a", 1, 66, Struck.SURPLUS))));
    assertThat(first.backlog().get("a").waiting(), is(10L));
    arrive("f1", 14, 8);
    site.json("tick");
    assertThat(site.increments().get(1).samples(), is(32L));
    uses(all()).values().forEach(n -> assertThat(n, is(1)));
  }

  @Test
  void nothing_is_cut_while_a_consumer_is_too_far_behind() throws IOException {
    site.online().put("max_unread", 16);
    site.write();
    arrive("f0", 24, 8);
    site.json("tick");
    site.json("consume", "t1", "--position", 0);
    arrive("f1", 24, 8);
    assertThat(site.run("tick").out(), containsString("consumer \"t1\" is 32 positions behind"));
    site.json("consume", "t1", "--position", 16);
    assertThat(site.json("tick").path("published").asBoolean(), is(true));
    site.json("consume", "t1", "--remove");
  }

  @Test
  void a_file_that_is_gone_stops_the_stream_until_it_is_back_or_forgotten() throws IOException {
    arrive("f0", 30, 30);
    site.json("tick");
    Path file = site.file("b", "f0.jsonl");
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    arrive("f1", 60, 0);
    Cli.Result stopped = site.run("tick");
    assertThat(stopped.out(), containsString(file + " is gone or was changed"));
    Cli.Result status = site.run("status");
    assertThat(status.code(), is(3));
    assertThat(status.out(), containsString("Gone: " + file));
    Files.write(file, content);
    assertThat(site.json("tick").path("published").asBoolean(), is(true));
    Files.delete(file);
    JsonNode forgotten = site.json("forget", file);
    assertThat(forgotten.path("struck").asLong(), greaterThan(0L));
    assertThat(site.increments().get(2).samples(), is(0L));
    assertThat(site.increments().get(2).backlog().get("b").waiting(), is(0L));
    arrive("f2", 30, 20);
    assertThat(site.json("tick").path("published").asBoolean(), is(true));
    assertThat(site.run("status").code(), is(0));
  }

  @Test
  void a_bad_file_is_rejected_with_its_reason_and_the_stream_goes_on() throws IOException {
    Files.writeString(site.file("a", "bad.jsonl.gz"), "this is not gzip");
    Files.writeString(site.file("a", "some.jsonl"), "{\"id\":1}\n{\"id\":\n" + "{\"id\":3}\n");
    arrive("f0", 30, 10);
    Cli.Result tick = site.run("tick");
    assertThat(tick.code(), is(0));
    assertThat(tick.err(), containsString("bad.jsonl.gz: is not a gzip file"));
    Increment first = site.increments().get(0);
    assertThat(first.notTaken().size(), is(1));
    assertThat(first.notTaken().get(0).reason(), is(NotTaken.REJECTED));
    JsonNode totals = site.json("status").path("totals");
    assertThat(totals.path("rejected_shards").asLong(), is(1L));
    assertThat(totals.path("rejected_records").asLong(), is(1L));
    arrive("f1", 30, 10);
    // It is not looked at again.
    assertThat(site.run("tick").err(), is(""));
  }

  @Test
  void a_closed_stream_has_nothing_behind_it() throws IOException {
    arrive("f0", 30, 10);
    site.json("tick");
    assertThat(site.json("close").path("closed").asBoolean(), is(true));
    Cli.Result after = site.run("tick");
    assertThat(after.code(), is(2));
    assertThat(after.err(), containsString("the stream is closed, and nothing follows"));
    assertThat(site.json("status").path("closed").asBoolean(), is(true));
  }

  @Test
  void a_drain_publishes_what_whole_blocks_there_are() throws IOException {
    site.online().put("increment_samples", 1000);
    site.write();
    arrive("f0", 30, 10);
    assertThat(
        site.run("tick").out(),
        containsString("32 samples are ready, fewer than increment_samples (1,000)"));
    assertThat(site.run("drain").out(), containsString("Increment 1: 32 samples"));
    assertThat(site.run("drain").out(), containsString("No whole block waits at position 32"));
  }

  @Test
  void shares_that_change_begin_a_new_mix_where_the_old_one_stood() throws IOException {
    arrive("f0", 30, 10);
    site.json("tick");
    site.weights.put("a", "1");
    site.write();
    arrive("f1", 40, 40);
    site.json("tick");
    Increment.Mix mix = site.increments().get(1).mix();
    assertThat(mix.shares(), is(Map.of("a", "1/2", "b", "1/2")));
    assertThat(mix.fromPosition(), is(32L));
    assertThat(mix.baseCounts(), is(Map.of("a", 24L, "b", 8L)));
  }

  @Test
  void rows_are_the_same_as_json_lines() throws IOException {
    arrive("f0", 30, 10);
    site.json("tick", "--manifest-format", "jsonl");
    assertThat(site.increments().get(0).parts().get(0).path(), containsString(".jsonl"));
    assertThat(all().size(), is(32));
  }

  @Test
  void show_and_verify_take_a_stream_or_one_of_its_increments() throws IOException {
    arrive("f0", 30, 10);
    site.json("tick");
    arrive("f1", 30, 10);
    site.json("tick");
    Cli.Result shown =
        new Cli(folder.resolve("workspace"))
            .run("show", site.stream(), "--at", 40, "--count", 1, "--json", "--full");
    assertThat(shown.err(), shown.code(), is(0));
    JsonNode sample = shown.json().path("samples").get(0);
    assertThat(sample.path("position").asLong(), is(40L));
    assertThat(
        StreamOracle.identity(sample.path("record").toString()), is(all().get(40).identity()));
    Cli.Result first =
        new Cli(folder.resolve("workspace"))
            .run("show", site.stream().resolve(Increment.file(1)), "--count", 1, "--json");
    assertThat(first.json().path("samples").get(0).path("position").asLong(), is(0L));
    Cli.Result beyond = new Cli(folder.resolve("workspace")).run("show", site.stream(), "--at", 80);
    assertThat(beyond.code(), is(2));
    assertThat(beyond.err(), containsString("it has no position 80 yet"));
    Cli.Result verified =
        new Cli(folder.resolve("workspace")).run("verify", site.out.resolve("online_learning"));
    assertThat(verified.out(), containsString("2 increments and 2 parts are as they were written"));
  }

  @Test
  void switching_to_an_online_stage_says_how_to_start_its_stream() throws IOException {
    arrive("f0", 30, 10);
    site.json("tick");
    Cli.Result switched =
        Cli.plain("stage", "switch-stage", "online_learning", "--repo", site.repo.toString());
    assertThat(switched.out(), containsString("start   mixdown online run online_learning"));
  }
}
