package dev.mixdown.configs.switching;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches by hand, and what they leave in the files. */
class StageSwitcherTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;
  private TestRepository repo;

  @BeforeEach
  void repository() throws IOException {
    repo = TestRepository.usual(folder, "auto", 1);
  }

  @Test
  void a_switch_writes_the_file_the_history_and_the_log_as_the_specification_has_them()
      throws IOException {
    repo.file(
        "active_stage.yaml",
        """
        current_stage: "pre"     # ours
        current_variant: null
        activated_at: "2025-09-23 10:30:00"
        activated_by: "system"
        switch_reason: "training_start"
        owner: Anna
        history:
          - {stage: "pre", activated_at: "2025-09-23 10:30:00", deactivated_at: null, duration: null, reason: "training_start"}
        next_stage:
          predicted_stage: "fine"
          estimated_switch_time: "2025-09-25 14:00:00"
          conditions: ["epoch >= 50", "loss < 0.1"]
        """);
    StageSwitcher.Switched switched =
        repo.switcher().enter(new Arm("fine", Optional.empty()), "scheduler", "it is time");
    assertThat(
        repo.text("active_stage.yaml"),
        is(
            """
            current_stage: "fine"     # ours
            current_variant: null
            activated_at: "2025-09-25 10:30:00"
            activated_by: "scheduler"
            switch_reason: "it is time"
            owner: Anna
            history:
              - {stage: "pre", activated_at: "2025-09-23 10:30:00", deactivated_at: "2025-09-25 10:30:00", duration: "2 days, 0:00:00", reason: "training_start"}
              - {stage: "fine", activated_at: "2025-09-25 10:30:00", deactivated_at: null, duration: null, reason: "it is time"}
            next_stage:
              predicted_stage: "eval"
              estimated_switch_time: null
              conditions: ["epoch >= 100", "training_complete"]
            last_switch: {timestamp: "2025-09-25 10:30:00", event: "stage_switch", from_stage: "pre", to_stage: "fine", trigger: "manual", condition: null, metadata: {reason: "it is time"}, by: "scheduler", switch: 2}
            """));
    assertThat(
        repo.log(),
        is(
            List.of(
                "{\"timestamp\": \"2025-09-25 10:30:00\", \"event\": \"stage_switch\", \"from_stage\": \"pre\", \"to_stage\": \"fine\", \"trigger\": \"manual\", \"condition\": null, \"metadata\": {\"reason\": \"it is time\"}, \"by\": \"scheduler\", \"switch\": 2}")));
    LoaderChanges changes = switched.changes();
    assertThat(changes.drop().stream().map(d -> d.dataset()).toList(), is(List.of("pre")));
    assertThat(changes.keep(), is(List.of("shared")));
    assertThat(changes.load(), is(List.of("fine")));
  }

  @Test
  void the_first_switch_makes_the_file_and_the_second_of_the_same_stage_does_nothing()
      throws IOException {
    assertThat(repo.enter("fine").made().orElseThrow().from(), is(Optional.of("pre")));
    assertThat(repo.stage(), is("fine"));
    String text = repo.text("active_stage.yaml");
    assertThat(repo.enter("fine").made(), is(Optional.empty()));
    assertThat(repo.text("active_stage.yaml"), is(text));
    assertThat(repo.log().size(), is(1));
  }

  @Test
  void an_arm_is_part_of_what_is_active() throws IOException {
    repo.switcher().enter(new Arm("ab", Optional.of("a")), "user", "r");
    assertThat(repo.active().variant(), is(Optional.of("a")));
    repo.switcher().enter(new Arm("ab", Optional.of("b")), "user", "r");
    assertThat(repo.active().variant(), is(Optional.of("b")));
    repo.enter("ab");
    assertThat(repo.active().variant(), is(Optional.empty()));
    repo.switcher().rollback("user", "back");
    assertThat(repo.active().variant(), is(Optional.of("b")));
    assertThat(repo.active().history().size(), is(4));
  }

  @Test
  void an_arm_is_judged_and_loaded_by_its_own_config() throws IOException {
    repo.switcher().enter(new Arm("ab", Optional.of("a")), "user", "r");
    LoaderChanges changes =
        repo.switcher().enter(new Arm("ab", Optional.of("b")), "user", "r").changes();
    assertThat(changes.drop().stream().map(d -> d.dataset()).toList(), is(List.of("a")));
    assertThat(changes.load(), is(List.of("b")));
    repo.file("stages/a.json", "{");
    repo.enter("pre");
    repo.switcher().enter(new Arm("ab", Optional.of("b")), "user", "r");
    assertThrows(ConfigException.class, () -> repo.enter("ab"));
  }

  @Test
  void from_a_stage_that_was_never_recorded_the_way_back_is_known_too() throws IOException {
    assertThat(repo.enter("pre").made().orElseThrow().from(), is(Optional.empty()));
    Files.delete(folder.resolve("active_stage.yaml"));
    repo.enter("fine");
    repo.switcher().rollback("user", "r");
    assertThat(repo.stage(), is("pre"));
  }

  @Test
  void a_log_that_cannot_be_written_keeps_a_switch_from_being_made() throws IOException {
    repo.enter("pre");
    Files.delete(folder.resolve(SwitchLog.PLACE));
    Files.createDirectories(folder.resolve(SwitchLog.PLACE));
    assertThat(
        assertThrows(SwitchException.class, () -> repo.enter("fine")).getMessage(),
        containsString("cannot be written"));
    assertThat(repo.stage(), is("pre"));
  }

  @Test
  void a_current_stage_that_people_wrote_over_another_is_in_the_history_too() throws IOException {
    repo.file(
        "active_stage.yaml",
        """
        current_stage: live
        activated_at: "2025-09-24 10:00:00"
        history:
          - {stage: "pre", activated_at: "2025-09-23 10:00:00", deactivated_at: null, duration: null}
        """);
    assertThat(repo.switcher().previous().stage(), is("pre"));
    repo.enter("fine");
    assertThat(
        repo.active().history().stream()
            .map(a -> a.stage().orElseThrow() + " " + a.duration().orElse("now"))
            .toList(),
        is(List.of("pre 1 day, 0:00:00", "live 1 day, 0:30:00", "fine now")));
  }

  @Test
  void a_file_with_nothing_but_comments_is_as_none() throws IOException {
    repo.file("active_stage.yaml", "# ours");
    repo.enter("fine");
    assertThat(repo.text("active_stage.yaml"), containsString("# ours\n# Which stage is active."));
    assertThat(repo.stage(), is("fine"));
  }

  @Test
  void a_rollback_goes_to_the_stage_before_and_a_second_one_comes_back() throws IOException {
    assertThrows(SwitchException.class, () -> repo.switcher().rollback("user", "r"));
    repo.enter("pre");
    assertThrows(SwitchException.class, () -> repo.switcher().rollback("user", "r"));
    repo.enter("fine");
    repo.switcher().rollback("user", "r");
    assertThat(repo.stage(), is("pre"));
    repo.switcher().rollback("user", "r");
    assertThat(repo.stage(), is("fine"));
  }

  @Test
  void what_cannot_be_entered_is_refused_and_nothing_changes() throws IOException {
    repo.enter("pre");
    String before = repo.text("active_stage.yaml");
    repo.file("stages/fine.json", "{\"dataset_index\": []}");
    assertThat(
        assertThrows(ConfigException.class, () -> repo.enter("fine")).getMessage(),
        containsString("dataset_index is empty"));
    assertThat(
        assertThrows(ConfigException.class, () -> repo.enter("evl")).getMessage(),
        containsString("there is no stage \"evl\"; did you mean \"eval\"?"));
    Files.delete(folder.resolve("stages/b.json"));
    assertThat(
        assertThrows(ConfigException.class, () -> repo.enter("ab")).getMessage(),
        containsString("config_file \"stages/b.json\" does not exist"));
    assertThat(
        assertThrows(
                ConfigException.class,
                () -> repo.switcher().enter(new Arm("ab", Optional.of("c")), "user", "r"))
            .getMessage(),
        containsString("has no variant \"c\""));
    repo.file(
        "stages/eval.json",
        """
        {"meta": {"bundle_versions": ["v1"]},
         "dataset_index": [{"name": "d", "obs_path": "d.jsonl", "bundle_versions": ["v2"]}]}
        """);
    assertThat(
        assertThrows(ConfigException.class, () -> repo.enter("eval")).getMessage(),
        containsString("dataset \"d\" is of bundle v2, the stage of v1"));
    assertThat(repo.text("active_stage.yaml"), is(before));
    assertThat(repo.log().size(), is(1));
  }

  @Test
  void what_a_loader_must_drop_depends_on_path_bundle_and_form() throws IOException {
    repo.file(
        "stages/pre.json",
        """
        {"meta": {"consumer_version": "v1"}, "dataset_index": [
          {"name": "same", "obs_path": "s.jsonl", "duplicate": 2},
          {"name": "moved", "obs_path": "m.jsonl"},
          {"name": "newer", "obs_path": "n.jsonl", "bundle_versions": ["1"]},
          {"name": "other", "obs_path": "o.csv"},
          {"name": "off", "obs_path": "x.csv"}]}
        """);
    repo.file(
        "stages/fine.json",
        """
        {"meta": {"consumer_version": "v2"}, "dataset_index": [
          {"name": "same", "obs_path": "s.jsonl", "duplicate": 5},
          {"name": "moved", "obs_path": "m2.jsonl"},
          {"name": "newer", "obs_path": "n.jsonl", "bundle_versions": ["2"]},
          {"name": "other", "obs_path": "o.csv", "csv": {"header": false}},
          {"name": "off", "obs_path": "x.csv", "enabled": false}]}
        """);
    LoaderChanges changes = repo.enter("fine").changes();
    assertThat(changes.keep(), is(List.of("same")));
    assertThat(changes.load(), is(List.of("moved", "newer", "other")));
    assertThat(
        changes.drop().stream().map(d -> d.dataset() + ": " + d.why()).toList(),
        is(
            List.of(
                "moved: its data is now at m2.jsonl",
                "newer: its bundle is now 2",
                "other: it is read in another form",
                "off: the new stage does not use it")));
    assertThat(changes.consumerVersion(), is(Optional.of("v2")));
  }

  @Test
  void a_clock_that_goes_backwards_gives_no_history_that_overlaps() throws IOException {
    repo.enter("fine");
    repo.pass(Duration.ofDays(-3));
    repo.enter("eval");
    ActiveStage active = repo.active();
    assertThat(active.history().get(0).deactivatedAt(), is(active.history().get(0).activatedAt()));
    assertThat(active.history().get(0).duration(), is(Optional.of("0:00:00")));
    assertThat(active.activatedAt(), is(active.history().get(0).activatedAt()));
  }

  @Test
  void a_file_that_people_wrote_without_a_history_gets_one() throws IOException {
    repo.file("active_stage.yaml", "current_stage: pre\nactivated_at: 2025-09-25T08:00:00Z\n");
    repo.enter("fine");
    assertThat(
        repo.active().history().stream().map(a -> a.stage().orElseThrow()).toList(),
        is(List.of("pre", "fine")));
    assertThat(repo.active().history().get(0).deactivatedAt().isPresent(), is(true));
  }

  @Test
  void a_byte_order_mark_and_windows_line_ends_do_no_harm() throws IOException {
    repo.file("active_stage.yaml", "\uFEFFcurrent_stage: pre # ours\r\nhistory: []\r\n");
    repo.enter("fine");
    assertThat(repo.stage(), is("fine"));
    assertThat(
        repo.text("active_stage.yaml"), containsString("current_stage: \"fine\" # ours\r\n"));
    assertThat(repo.active().history().size(), is(2));
  }

  @Test
  void a_line_that_a_killed_process_did_not_log_is_logged_by_the_next() throws IOException {
    repo.enter("fine");
    List<String> first = repo.log();
    Files.delete(folder.resolve(SwitchLog.PLACE));
    repo.check(3);
    assertThat(repo.log(), is(first));
    repo.enter("eval");
    assertThat(repo.log().size(), is(2));
  }

  @Test
  void of_two_switches_at_once_one_wins_and_the_other_says_so() throws Exception {
    int lost = 0;
    for (int round = 0; round < 30; round++) {
      repo.enter("pre");
      int before = repo.active().history().size();
      CountDownLatch go = new CountDownLatch(1);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      List<Future<String>> results = new ArrayList<>();
      for (String stage : List.of("fine", "eval")) {
        results.add(
            threads.submit(
                () -> {
                  go.await();
                  try {
                    repo.enter(stage);
                    return "won";
                  } catch (SwitchException e) {
                    return e.getMessage();
                  }
                }));
      }
      go.countDown();
      List<String> said = new ArrayList<>();
      for (Future<String> result : results) {
        said.add(result.get());
      }
      threads.shutdown();
      int won = repo.active().history().size() - before;
      assertThat(said.stream().filter("won"::equals).count(), is((long) won));
      if (won == 1) {
        lost++;
        assertThat(
            said,
            containsInAnyOrder(
                is("won"), containsString("another process switched at the same time: ")));
      }
    }
    // Both win where the second begins only when the first is done.
    assertThat(lost > 0, is(true));
    assertThat(repo.log().size(), is(repo.active().history().size()));
  }

  @Test
  void a_file_is_replaced_only_while_it_is_as_it_was_read() throws IOException {
    String file = folder.resolve("f").toString();
    byte[] one = "1".getBytes(StandardCharsets.UTF_8);
    byte[] two = "2".getBytes(StandardCharsets.UTF_8);
    assertThat(STORAGE.replace(file, Optional.of(one), two), is(false));
    assertThat(STORAGE.replace(file, Optional.empty(), one), is(true));
    assertThat(STORAGE.replace(file, Optional.empty(), two), is(false));
    assertThat(STORAGE.replace(file, Optional.of(one), two), is(true));
    assertThat(STORAGE.readText(file), is(Optional.of("2")));
    STORAGE.addLine(file, "x");
    STORAGE.addLine(file, "x");
    STORAGE.addLine(file, "y");
    assertThat(STORAGE.readText(file), is(Optional.of("2\nx\ny\n")));
    assertThat(
        STORAGE.names(folder.toString()).stream().filter(n -> n.endsWith(".draft")).toList(),
        is(empty()));
  }

  @Test
  void after_a_switch_under_a_wrong_clock_the_next_has_its_real_time_and_a_note()
      throws IOException {
    Duration wrong = Duration.ofDays(365 * 75);
    repo.pass(wrong);
    repo.enter("fine");
    repo.pass(wrong.negated());
    StageSwitcher.Switched second = repo.enter("eval");
    assertThat(
        second.warnings().stream().map(Problem::message).toList(),
        hasItem(containsString("which is still to come; this switch is recorded at the time of")));
    repo.pass(Duration.ofHours(1));
    repo.enter("pre");
    List<String> times =
        repo.log().stream()
            .map(line -> line.replaceAll(".*?timestamp\": \"([^\"]+)\".*", "$1"))
            .toList();
    assertThat(
        times, is(List.of("2100-09-07 10:30:00", "2025-09-25 10:30:00", "2025-09-25 11:30:00")));
    assertThat(repo.active().activatedAt(), is(Optional.of("2025-09-25 11:30:00")));
  }
}
