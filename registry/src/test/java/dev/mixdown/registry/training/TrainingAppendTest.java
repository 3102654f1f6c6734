package dev.mixdown.registry.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingAppendTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final Instant START = Instant.parse("2025-12-11T10:30:00Z");
  private static final TrainingHeader SUBJECT =
      new TrainingHeader(
          Optional.of("layoutxlm"),
          Optional.of("stage1"),
          Optional.of("microsoft/layoutxlm-base"),
          Optional.of("checkpoint-10000"));
  private static final TrainingHeader SAME =
      new TrainingHeader(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  @TempDir Path folder;

  private static Training entry(String dataset, long steps, Instant from, Instant to) {
    return new Training(
        dataset,
        steps,
        null,
        Json.object().put("f1", 0.85),
        Json.object().put("lr", 0.00002),
        from,
        to,
        null,
        null,
        null,
        null);
  }

  private static Training entry(String dataset, long steps) {
    return entry(dataset, steps, START, START.plus(Duration.ofHours(1)));
  }

  private String file() {
    return folder.resolve("training_info.json").toString();
  }

  private String refused(TrainingHeader subject, Training entry) {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> TrainingAppend.append(STORAGE, file(), subject, entry));
    return e.getMessage();
  }

  @Test
  void the_first_makes_the_file_and_the_next_adds_to_it() throws Exception {
    TrainingAppend.append(STORAGE, file(), SUBJECT, entry("hrds", 10000));
    ObjectNode json =
        TrainingAppend.append(
                STORAGE,
                file(),
                SAME,
                entry(
                    "hrdh", 5000, START.plus(Duration.ofHours(4)), START.plus(Duration.ofHours(5))))
            .json();

    assertThat(json.get("model_name").asText(), is("layoutxlm"));
    assertThat(json.get("created_at").asText(), is("2025-12-11T10:30:00Z"));
    assertThat(json.get("last_updated").asText(), is("2025-12-11T15:30:00Z"));
    assertThat(json.get("total_steps").asLong(), is(15000L));
    assertThat(json.get("last_dataset").asText(), is("hrdh"));
    assertThat(json.get("training_history").size(), is(2));
    assertThat(json.get("training_history").get(0).get("epochs").isNull(), is(true));
    assertThat(Json.read(Files.readAllBytes(Path.of(file()))), is((Object) json));
  }

  @Test
  void keys_of_others_stay() throws Exception {
    TrainingAppend.append(STORAGE, file(), SUBJECT, entry("hrds", 1));
    ObjectNode json = (ObjectNode) Json.read(Files.readAllBytes(Path.of(file())));
    json.put("x_owner", "team");
    ((ObjectNode) json.get("training_history").get(0)).put("note", "warm");
    Files.write(Path.of(file()), Json.write(json));

    TrainingAppend.append(STORAGE, file(), SAME, entry("hrds", 1));

    ObjectNode now = (ObjectNode) Json.read(Files.readAllBytes(Path.of(file())));
    assertThat(now.get("x_owner").asText(), is("team"));
    assertThat(now.get("training_history").get(0).get("note").asText(), is("warm"));
  }

  @Test
  void a_prepared_file_is_gone_on_with() throws Exception {
    ObjectNode prepared = TrainingInfo.empty(file()).json();
    prepared.put("stage", "stage1").put("status", "prepared");
    prepared.putObject("data").put("manifest_id", "m1");
    Files.write(Path.of(file()), Json.write(prepared));

    TrainingInfo info = TrainingAppend.append(STORAGE, file(), SUBJECT, entry("hrds", 10));

    assertThat(info.json().get("status").asText(), is("trained"));
    assertThat(info.data(info.history().get(0)).get("manifest_id").asText(), is("m1"));
  }

  @Test
  void each_training_keeps_the_manifest_that_it_followed() throws Exception {
    for (String manifest : List.of("m1", "m2")) {
      TrainingAppend.append(
          STORAGE,
          file(),
          SUBJECT,
          new Training(
              "d",
              1,
              null,
              Json.object(),
              Json.object(),
              START,
              START,
              TrainingEntries.data(
                  manifest,
                  "/out/" + manifest,
                  List.of(new TrainingEntry.Used("d", "v-" + manifest, null))),
              null,
              null,
              null));
    }
    List<TrainingEntry> records =
        TrainingEntries.of(
            TrainingInfo.parse(file(), Files.readAllBytes(Path.of(file()))), "", false);
    assertThat(records.get(0).manifest(), is("m1"));
    assertThat(records.get(1).manifest(), is("m2"));
    assertThat(records.get(1).versions().get(0).version(), is("v-m2"));
  }

  @Test
  void what_cannot_be_is_refused_and_the_file_stays() throws Exception {
    TrainingAppend.append(STORAGE, file(), SUBJECT, entry("hrds", 10));
    byte[] before = Files.readAllBytes(Path.of(file()));

    assertThat(
        refused(SAME, entry("hrds", Long.MAX_VALUE)), containsString("too many to be counted"));
    assertThat(
        refused(SAME, entry("hrds", -1)), containsString("steps is -1; it may not be below 0"));
    assertThat(
        refused(SAME, entry("hrds", 1, START, START.minusSeconds(1))),
        containsString("ends at 2025-12-11T10:29:59Z, before it starts at 2025-12-11T10:30:00Z"));
    TrainingHeader other =
        new TrainingHeader(
            Optional.of("another"), Optional.of("stage2"), Optional.empty(), Optional.empty());
    assertThat(
        refused(other, entry("hrds", 1)),
        containsString("is of the stage \"stage1\", not \"stage2\"; leave --stage out"));

    assertThat(Files.readAllBytes(Path.of(file())), is(before));
  }

  @Test
  void a_new_history_says_what_it_is_of() {
    String said = refused(SAME, entry("hrds", 1));
    for (String option : List.of("--model-name", "--stage", "--base-model", "--checkpoint")) {
      assertThat(said, containsString("yet; say " + option));
    }
  }

  @Test
  void a_file_that_is_none_is_named_with_every_problem() throws Exception {
    Files.writeString(Path.of(file()), "{\"training_history\": [{\"steps\": -3}]}");
    String said = refused(SUBJECT, entry("hrds", 1));
    assertThat(said, containsString("training_history[0].dataset is missing"));
    assertThat(said, containsString("training_history[0].steps is missing, or no whole number"));
    assertThat(said, containsString("training_history[0].end_time is missing"));

    Files.writeString(Path.of(file()), "[1]");
    assertThat(refused(SUBJECT, entry("hrds", 1)), containsString("is not a JSON object"));
    Files.writeString(Path.of(file()), "{\"a\": ");
    assertThat(refused(SUBJECT, entry("hrds", 1)), containsString("is not JSON ("));
  }

  @Test
  void totals_are_those_of_the_entries_in_random_histories() throws Exception {
    Random random = new Random(3);
    TrainingInfo info = TrainingInfo.empty(file());
    long sum = 0;
    Instant latest = Instant.EPOCH;
    for (int i = 0; i < 300; i++) {
      long steps = random.nextInt(1000);
      Instant from = START.plus(Duration.ofMinutes(random.nextInt(10_000)));
      Instant to = from.plus(Duration.ofMinutes(random.nextInt(100)));
      info = TrainingAppend.added(info, SUBJECT, entry("d" + random.nextInt(4), steps, from, to));
      sum += steps;
      latest = to.isAfter(latest) ? to : latest;
      assertThat(info.json().get("total_steps").asLong(), is(sum));
      assertThat(info.json().get("last_updated").asText(), is(Training.time(latest)));
    }
    assertThat(info.history().size(), is(300));
  }

  @Test
  void an_entry_keeps_its_id_while_others_are_added_and_whoever_makes_it() throws Exception {
    TrainingInfo one = TrainingAppend.append(STORAGE, file(), SUBJECT, entry("hrds", 10));
    TrainingEntry first = TrainingEntries.of(one, "2026-01-01T00:00:00Z", false).get(0);
    assertThat(first.checkpoint(), is(folder.resolve("checkpoint-10000").toString()));

    TrainingInfo two = TrainingAppend.append(STORAGE, file(), SAME, entry("hrdh", 5));
    TrainingInfo read = TrainingInfo.parse(file(), Files.readAllBytes(Path.of(file())));
    List<TrainingEntry> records = TrainingEntries.of(read, "2027-01-01T00:00:00Z", true);
    assertThat(records.get(0).id(), is(first.id()));
    assertThat(records.get(1).previous(), is(first.id()));
    assertThat(TrainingEntries.of(two, "", false).get(1).id(), is(records.get(1).id()));
  }

  @Test
  void strategies_are_compared_best_first() {
    List<TrainingInfo> infos =
        List.of(
            history("a", "stage1", 0.80, "hrds", "hrdh"),
            history("b", "stage1", 0.90, "hrds", "hrds", "hrdh"),
            history("c", "stage1", 0.95, "hrdh"),
            history("d", "stage1", 0.70, "hrdh"));

    List<TrainingAggregate.DatasetTotals> best = TrainingAggregate.of(infos, "f1", false).groups();
    assertThat(best.get(0).strategy(), is("hrdh"));
    assertThat(best.get(0).best().orElseThrow().doubleValue(), is(0.95));
    assertThat(best.get(0).mean().orElseThrow().doubleValue(), is(0.825));
    assertThat(best.get(1).strategy(), is("hrds -> hrdh"));
    assertThat(best.get(1).histories(), is(2));
    assertThat(
        TrainingAggregate.of(infos, "f1", true).groups().get(0).best().orElseThrow().doubleValue(),
        is(0.70));
  }

  @Test
  void histories_stand_side_by_side() throws Exception {
    TrainingComparison comparison =
        TrainingComparison.of(
            List.of(
                history("a", "stage1", 0.8, "hrds"), history("b", "stage1", 0.9, "hrds", "hrdh")),
            new Registry(STORAGE, folder.resolve("registry").toString(), damage -> {}));

    assertThat(row(comparison, "stage").differs(), is(false));
    assertThat(row(comparison, "f1").values().toString(), is("[0.8, 0.9]"));
    assertThat(
        row(comparison, "hrds").values().toString(),
        is("[{\"steps\":10,\"share\":1.0000}, {\"steps\":10,\"share\":0.5000}]"));
    assertThat(
        row(comparison, "hrdh").values().toString(), is("[null, {\"steps\":10,\"share\":0.5000}]"));
    assertThat(row(comparison, "lr").differs(), is(false));
  }

  private static TrainingComparison.Row row(TrainingComparison comparison, String key) {
    return comparison.rows().stream().filter(r -> r.key().equals(key)).findFirst().orElseThrow();
  }

  private static TrainingInfo history(String model, String stage, double f1, String... datasets) {
    StringBuilder entries = new StringBuilder();
    for (String dataset : datasets) {
      entries
          .append(entries.isEmpty() ? "" : ", ")
          .append(
              "{\"dataset\": \"%s\", \"steps\": 10, \"metrics\": {\"f1\": %s}, \"hyperparams\": {\"lr\": 1e-5}, \"start_time\": \"2025-01-01T00:00:00\", \"end_time\": \"2025-01-02T00:00:00\"}"
                  .formatted(dataset, f1));
    }
    return TrainingInfo.parse(
        "/art/" + model + "/training_info.json",
        "{\"model_name\": \"%s\", \"stage\": \"%s\", \"training_history\": [%s]}"
            .formatted(model, stage, entries)
            .getBytes(StandardCharsets.UTF_8));
  }
}
