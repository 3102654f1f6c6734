package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.streams.Increment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream refuses, each with its own message. */
class BadOnlineInputTest {
  @TempDir Path folder;
  private StreamSite site;

  @BeforeEach
  void oneDataset() throws IOException {
    site = new StreamSite(folder);
    site.weights.put("a", "1");
    site.write();
    site.put("a", "one.jsonl", StreamSite.records("x", 0, 40));
  }

  private void refuses(int code, String message, Object... args) {
    Cli.Result result = site.run(args);
    assertThat(result.err(), containsString(message));
    assertThat(result.code(), is(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"sampling_strategy\": \"targeted\"} | needs to know how much data there is in all",
        "{\"sampling_strategy\": \"proportional\"} | use balanced, stratified or uniform",
        "{\"sampling_strategy\": \"sequential\"} | use balanced, stratified or uniform",
        "{\"sampling_strategy\": \"temperature\"} | use balanced, stratified or uniform",
        "{\"total_clips\": 5} | total_clips has no meaning for a stream",
        "{\"weight_unit\": \"bytes\"} | a stream counts records",
        "{\"difficulty_progression\": true} | easy before hard has no meaning for a stream",
        "{\"samples\": {\"exclude\": [{\"stage\": \"pretraining\"}]}} | are for manifests",
        "{\"online\": {\"poll\": \"soon\"}} | poll is",
        "{\"online\": {\"poll\": \"1ms\"}} | of at least 100 ms",
        "{\"online\": {\"increment_samples\": 0}} | increment_samples",
        "{\"online\": {\"shortage\": \"panic\"}} | shortage",
        "{\"online\": {\"max_debt\": 5}} | max_debt is only for",
        "{\"online\": {\"surplus\": {\"oldest\": 5}}} | surplus names no number of records",
        "{\"online\": {\"replay\": [{\"share\": 0.1}]}} | from",
        "{\"online\": {\"replay\": [{\"from\": \"self\", \"share\": 1.5}]}} | above 0 and below 1",
        "{\"online\": {\"replay\": [{\"from\": \"self\"}, {\"from\": \"self\"}]}} | names \"self\" twice",
        "{\"online\": {\"keep\": \"some\"}} | keep",
        "{\"online\": {\"increment_sample\": 5}} | did you mean",
        "{\"online\": {\"hold_out\": {\"policy\": \"warn\"}}} | set policy to \"exclude\"",
      })
  void a_config_that_a_stream_cannot_follow_is_refused(String config, String message)
      throws IOException {
    ObjectNode more = (ObjectNode) Json.read(config.getBytes(StandardCharsets.UTF_8));
    site.stageConfig.remove("online");
    site.stageConfig.setAll(more);
    site.write();
    refuses(2, message, "tick");
    assertThat(Files.exists(site.stream()), is(false));
  }

  @Test
  void a_stage_that_is_not_online_is_refused() throws IOException {
    Files.copy(
        site.repo.resolve("stages/online_learning.json"),
        site.repo.resolve("stages/pretraining.json"));
    String config = Files.readString(site.repo.resolve("stages/pretraining.json"));
    ObjectNode tree = (ObjectNode) Json.read(config.getBytes(StandardCharsets.UTF_8));
    tree.withObject("/meta").put("stage", "pretraining");
    tree.withObject("/meta/stage_config").remove("online");
    Files.write(site.repo.resolve("stages/pretraining.json"), Json.write(tree));
    refuses(
        2,
        "stage \"pretraining\" is not an online stage; add \"online\": {}",
        "tick",
        "pretraining");
  }

  @ParameterizedTest
  @CsvSource({"seed,8", "shuffle_block,32"})
  void what_never_changes_in_a_stream_cannot_be_changed(String key, int value) throws IOException {
    site.json("tick");
    site.stageConfig.put(key, value);
    site.write();
    refuses(2, "the stream in " + site.stream() + " cannot change so", "tick");
  }

  @Test
  void a_stream_that_has_not_begun_has_no_status() {
    refuses(2, "it has not begun; begin it with mixdown online tick or run", "status");
    refuses(2, "it has not begun", "verify");
    refuses(2, "it has not begun", "consume", "t1", "--position", 5);
  }

  @Test
  void bad_arguments_are_refused() {
    site.json("tick");
    refuses(2, "Say where the consumer is with --position N", "consume", "t1");
    refuses(2, "a consumer's name has letters", "consume", "a/b", "--position", 1);
    refuses(2, "--position is -1; it may not be below 0", "consume", "t1", "--position", -1);
    refuses(2, "the stream has no consumer \"t1\"", "consume", "t1", "--remove");
    refuses(2, "--max-rejected is \"many\"", "tick", "--max-rejected", "many");
    refuses(2, "--until-idle is \"soon\"", "run", "--until-idle", "soon");
  }

  @Test
  void a_missing_increment_is_named_with_what_to_do() throws IOException {
    site.json("tick");
    site.put("a", "two.jsonl", StreamSite.records("y", 0, 40));
    site.json("tick");
    Files.delete(site.stream().resolve(Increment.file(1)));
    refuses(3, Increment.file(1) + ": is missing, though head.json knows of a later one", "tick");
    refuses(3, Increment.file(1) + ": is missing", "verify");
    refuses(3, Increment.file(1) + ": is missing", "status");
  }

  @Test
  void an_altered_increment_is_named() throws IOException {
    site.json("tick");
    Path file = site.stream().resolve(Increment.file(1));
    Files.writeString(file, Files.readString(file).replace("\"to\": 32", "\"to\": 48"));
    refuses(3, Increment.file(1) + ": was altered (its id is not the digest", "tick");
  }

  @Test
  void every_altered_file_beside_an_increment_is_found() throws IOException {
    site.json("tick");
    Increment first = site.increments().get(0);
    Map<String, String> files =
        Map.of(
            "index-0",
            "cannot be used (a checksum does not fit",
            "order-1",
            "was altered",
            Path.of(first.parts().get(0).path()).getFileName().toString(),
            "was altered");
    for (Map.Entry<String, String> one : files.entrySet()) {
      Path file = site.stream().resolve(first.folder()).resolve(one.getKey());
      byte[] before = Files.readAllBytes(file);
      byte[] after = before.clone();
      after[after.length / 2] ^= 1;
      Files.write(file, after);
      refuses(3, one.getKey() + ": ", "verify");
      Files.delete(file);
      Cli.Result missing = site.run("verify");
      assertThat(one.getKey() + missing.err(), missing.code(), is(3));
      Files.write(file, before);
    }
    assertThat(site.run("verify").code(), is(0));
  }

  @Test
  void a_damaged_snapshot_or_head_does_no_harm() throws IOException {
    site.json("tick");
    for (String name : List.of("head.json", "last_look.json")) {
      Files.writeString(site.stream().resolve(name), "{");
    }
    site.put("a", "two.jsonl", StreamSite.records("y", 0, 40));
    assertThat(site.json("tick").path("increment").path("seq").asLong(), is(2L));
    assertThat(site.run("verify").code(), is(0));
  }

  @Test
  void a_damaged_stream_document_is_named() throws IOException {
    site.json("tick");
    Path file = site.stream().resolve("stream.json");
    Files.writeString(file, Files.readString(file).replace("\"seed\": 7", "\"seed\": 8"));
    refuses(3, "stream.json: cannot be used (its id is not the digest of what it says)", "tick");
  }

  @Test
  void a_missing_order_of_waiting_records_is_named_with_what_to_do() throws IOException {
    site.json("tick");
    Increment first = site.increments().get(0);
    Files.delete(site.stream().resolve(first.folder()).resolve("order-1"));
    site.put("a", "two.jsonl", StreamSite.records("y", 0, 40));
    refuses(1, "order-1 cannot be used: it is missing; the stream needs it", "tick");
  }
}
