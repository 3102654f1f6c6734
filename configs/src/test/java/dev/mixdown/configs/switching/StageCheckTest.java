package dev.mixdown.configs.switching;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.stages.ActiveStage.NextStage;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.switching.StageCheck.Action;
import dev.mixdown.configs.switching.StageCheck.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer is told after an epoch. */
class StageCheckTest {
  @TempDir Path folder;

  private TestRepository repository(String mode, int interval) throws IOException {
    return TestRepository.usual(folder, mode, interval);
  }

  @Test
  void the_first_check_records_the_default_stage() throws IOException {
    TestRepository repo = repository("auto", 10);
    assertThat(repo.check(0, "loss=1").action(), is(Action.STAY));
    assertThat(repo.stage(), is("pre"));
    assertThat(repo.active().reason(), is(Optional.of("training_start")));
    assertThat(repo.active().activatedBy(), is(Optional.of("system")));
  }

  @Test
  void a_stage_is_entered_when_all_its_conditions_hold() throws IOException {
    TestRepository repo = repository("auto", 10);
    assertThat(repo.check(40, "loss=0.05").action(), is(Action.STAY));
    assertThat(repo.check(50, "loss=0.1").action(), is(Action.STAY));
    assertThat(repo.check(60).action(), is(Action.STAY));
    Answer answer = repo.check(70, "loss=0.08", "accuracy=0.92");
    assertThat(answer.action(), is(Action.SWITCHED));
    assertThat(answer.previous(), is(Optional.of(new Arm("pre", Optional.empty()))));
    assertThat(answer.active().orElseThrow().stage(), is(Optional.of("fine")));
    assertThat(repo.active().reason(), is(Optional.of("epoch >= 50 and loss < 0.1")));
    assertThat(
        repo.log().get(1),
        containsString(
            "\"from_stage\": \"pre\", \"to_stage\": \"fine\", \"trigger\": \"auto\", \"condition\": \"epoch >= 50 and loss < 0.1\", \"metadata\": {\"epoch\": 70, \"loss\": 0.08, \"accuracy\": 0.92}, \"by\": \"system\""));
  }

  @Test
  void a_stage_is_never_entered_before_its_turn_or_by_itself_when_it_is_manual()
      throws IOException {
    TestRepository repo = repository("auto", 1);
    // The conditions of eval hold too, but fine comes first; live is manual.
    repo.check(100, "loss=0.05", "training_complete");
    assertThat(repo.stage(), is("fine"));
    repo.check(101, "training_complete");
    assertThat(repo.stage(), is("eval"));
    repo.check(102, "training_complete", "loss=0.01");
    assertThat(repo.stage(), is("eval"));
    // A stage that is skipped: fine does not hold, eval does.
    repo.enter("pre");
    repo.check(103, "loss=0.5", "training_complete");
    assertThat(repo.stage(), is("eval"));
  }

  @Test
  void conditions_are_looked_at_every_so_many_epochs_and_events_wait_for_it() throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.enter("fine");
    for (int epoch = 100; epoch < 120; epoch++) {
      Answer answer =
          epoch == 103 ? repo.check(epoch, "training_complete") : repo.check(epoch, "loss=1");
      boolean looked = !answer.looked().candidates().isEmpty();
      assertThat("epoch " + epoch, looked, is(epoch == 100 || epoch == 110));
      if (epoch == 103) {
        assertThat(answer.why(), containsString("next at epoch 110"));
      }
      if (epoch == 110) {
        assertThat(answer.action(), is(Action.SWITCHED));
        return;
      }
    }
  }

  @Test
  void a_trainer_that_reports_rarely_misses_no_check() throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.check(7, "loss=0.01");
    assertThat(repo.check(48, "loss=0.01").looked().candidates().isEmpty(), is(false));
    assertThat(repo.check(49, "loss=0.01").looked().candidates().isEmpty(), is(true));
    assertThat(repo.check(53, "loss=0.01").action(), is(Action.SWITCHED));
  }

  @Test
  void an_event_alone_or_the_option_now_is_looked_at_at_once() throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.enter("fine");
    repo.check(101);
    assertThat(repo.check(102, "other").looked().candidates().isEmpty(), is(true));
    Answer answer =
        new StageCheck(repo.repository(), repo.clock())
            .check(TestRepository.report(103), Optional.empty(), true);
    assertThat(answer.looked().candidates().isEmpty(), is(false));
    assertThat(repo.check(-1, "training_complete").action(), is(Action.SWITCHED));
    assertThat(repo.stage(), is("eval"));
  }

  @Test
  void events_count_until_the_next_switch_only() throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.check(10, "training_complete");
    repo.enter("fine");
    assertThat(repo.check(100).action(), is(Action.STAY));
    assertThat(repo.check(101, "training_complete").action(), is(Action.SWITCHED));
  }

  @Test
  void reports_that_come_late_or_begin_anew_lose_no_event() throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.enter("fine");
    repo.check(98, "training_complete");
    // Another process, a bit behind; then one that began again.
    assertThat(repo.check(97).looked().candidates().isEmpty(), is(true));
    repo.check(3);
    repo.check(99);
    assertThat(repo.check(100).action(), is(Action.SWITCHED));
    assertThat(repo.stage(), is("eval"));
  }

  @Test
  void what_was_reported_when_nothing_could_be_entered_counts_at_the_next_check()
      throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.enter("fine");
    String good = repo.text("stages/eval.json");
    Files.delete(folder.resolve("stages/eval.json"));
    assertThrows(ConfigException.class, () -> repo.check(100, "training_complete"));
    repo.file("stages/eval.json", good);
    assertThat(repo.check(101).action(), is(Action.SWITCHED));
  }

  @Test
  void from_the_fallback_nothing_is_entered_by_itself_until_the_broken_stage_is_repaired()
      throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.file(
        "stage_config.yaml",
        repo.text("stage_config.yaml")
            .replace("mode: auto", "mode: auto, fallback_stage: pre")
            .replace("{condition: training_complete}", "{epoch: 100}"));
    repo.check(60, "loss=0.01");
    assertThat(repo.stage(), is("fine"));
    String good = repo.text("stages/eval.json");
    Files.delete(folder.resolve("stages/eval.json"));
    assertThat(repo.check(100, "loss=0.01").action(), is(Action.SWITCHED));
    for (int epoch = 101; epoch < 110; epoch++) {
      Answer answer = repo.check(epoch, "loss=0.01");
      assertThat(answer.action(), is(Action.STAY));
      assertThat(answer.why(), is("the fallback is active, and eval still cannot be used"));
    }
    repo.file("stages/eval.json", good);
    assertThat(repo.check(110, "loss=0.01").action(), is(Action.SWITCHED));
    assertThat(repo.stage(), is("fine"));
  }

  @Test
  void a_trainer_learns_of_another_arm_and_one_of_an_unknown_stage_is_told() throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.switcher().enter(new Arm("ab", Optional.of("b")), "user", "r");
    StageCheck check = new StageCheck(repo.repository(), repo.clock());
    Observation report = TestRepository.report(1);
    Arm other = new Arm("ab", Optional.of("a"));
    Answer answer = check.check(report, Optional.of(other), false);
    assertThat(answer.action(), is(Action.SWITCHED));
    assertThat(answer.changes().orElseThrow().drop().get(0).dataset(), is("a"));
    assertThat(answer.changes().orElseThrow().load(), is(List.of("b")));
    Arm same = new Arm("ab", Optional.of("b"));
    assertThat(check.check(report, Optional.of(same), false).action(), is(Action.STAY));
    Arm whole = new Arm("ab", Optional.empty());
    assertThat(check.check(report, Optional.of(whole), false).action(), is(Action.STAY));
    Arm unknown = new Arm("fin", Optional.empty());
    assertThat(
        assertThrows(ConfigException.class, () -> check.check(report, Optional.of(unknown), false))
            .getMessage(),
        containsString("in which the trainer says it is; did you mean \"fine\"?"));
  }

  @Test
  void in_mode_manual_a_check_only_says_what_holds() throws IOException {
    TestRepository repo = repository("manual", 1);
    Answer answer = repo.check(60, "loss=0.01");
    assertThat(answer.action(), is(Action.STAY));
    assertThat(answer.why(), containsString("switch-stage fine enters it"));
    assertThat(repo.stage(), is("pre"));
  }

  @Test
  void in_mode_hybrid_a_check_proposes_and_a_person_confirms() throws IOException {
    TestRepository repo = repository("hybrid", 10);
    assertThat(
        assertThrows(SwitchException.class, () -> repo.switcher().confirm("user")).getMessage(),
        containsString("no switch is proposed"));
    assertThat(repo.check(60, "loss=0.01").action(), is(Action.PROPOSED));
    Proposal proposal = repo.active().proposal().orElseThrow();
    assertThat(proposal.stage(), is("fine"));
    assertThat(repo.stage(), is("pre"));
    assertThat(repo.check(61, "loss=0.01").action(), is(Action.STAY));
    repo.pass(Duration.ofHours(1));
    // It still holds: the same proposal, since the same time.
    assertThat(repo.check(70, "loss=0.02").action(), is(Action.PROPOSED));
    assertThat(repo.active().proposal().orElseThrow().proposedAt(), is(proposal.proposedAt()));
    // A later doubt does not take it back: a person decides.
    assertThat(repo.check(80, "loss=0.5").action(), is(Action.STAY));
    repo.switcher().confirm("user");
    assertThat(repo.stage(), is("fine"));
    assertThat(repo.active().proposal(), is(Optional.empty()));
    assertThat(
        repo.log().get(1),
        containsString(
            "\"trigger\": \"hybrid\", \"condition\": \"epoch >= 50 and loss < 0.1\", \"metadata\": {\"epoch\": 70, \"loss\": 0.02}, \"by\": \"user\""));
    assertThrows(SwitchException.class, () -> repo.switcher().confirm("user"));
  }

  @Test
  void a_switch_by_hand_takes_a_proposal_away() throws IOException {
    TestRepository repo = repository("hybrid", 1);
    repo.check(60, "loss=0.01");
    repo.enter("live");
    assertThat(repo.active().proposal(), is(Optional.empty()));
  }

  @Test
  void the_fallback_is_entered_when_the_stage_to_enter_is_unusable() throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.file("stages/fine.json", "{\"dataset_index\": [");
    assertThat(
        assertThrows(ConfigException.class, () -> repo.check(60, "loss=0.01")).getMessage(),
        containsString("fine.json:1:"));
    assertThat(repo.stage(), is("pre"));
    repo.file(
        "stage_config.yaml",
        repo.text("stage_config.yaml").replace("mode: auto", "mode: auto, fallback_stage: live"));
    Answer answer = repo.check(61, "loss=0.01");
    assertThat(answer.action(), is(Action.SWITCHED));
    assertThat(repo.stage(), is("live"));
    assertThat(repo.active().reason(), is(Optional.of("fallback: fine cannot be used")));
    assertThat(repo.log().get(1), containsString("\"intended_stage\": \"fine\""));
    assertThat(answer.looked().unusable().isEmpty(), is(false));
  }

  @Test
  void where_the_fallback_is_active_already_a_check_stays_and_the_log_says_why()
      throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.file(
        "stage_config.yaml",
        repo.text("stage_config.yaml").replace("mode: auto", "mode: auto, fallback_stage: pre"));
    Files.delete(folder.resolve("stages/fine.json"));
    Answer answer = repo.check(61, "loss=0.01");
    assertThat(answer.action(), is(Action.STAY));
    assertThat(answer.why(), containsString("fine cannot be used"));
    assertThat(repo.log().get(1), containsString("\"event\": \"stage_fallback\""));
    assertThat(repo.stage(), is("pre"));
  }

  @Test
  void a_trainer_learns_of_a_switch_that_somebody_else_made() throws IOException {
    TestRepository repo = repository("auto", 10);
    repo.check(1);
    repo.enter("live");
    Answer answer =
        new StageCheck(repo.repository(), repo.clock())
            .check(
                TestRepository.report(2, "loss=1"),
                Optional.of(new Arm("pre", Optional.empty())),
                false);
    assertThat(answer.action(), is(Action.SWITCHED));
    assertThat(answer.changes().orElseThrow().load(), is(List.of("live")));
    assertThat(answer.previous(), is(Optional.of(new Arm("pre", Optional.empty()))));
    // What it reported was of another stage, and does not count here.
    assertThat(repo.active().progress().orElseThrow().epoch(), is(1L));
  }

  @Test
  void a_pinned_stage_or_forced_config_switches_nothing() throws IOException {
    TestRepository repo = repository("auto", 1);
    repo.enter("pre");
    String before = repo.text("active_stage.yaml");
    for (String variable : List.of("TRAINING_STAGE", "FORCE_DATASET_CONFIG")) {
      repo.environment.clear();
      repo.environment.put(variable, "fine");
      assertThat(repo.check(60, "loss=0.01").action(), is(Action.STAY));
      assertThat(repo.text("active_stage.yaml"), is(before));
    }
    repo.environment.put("TRAINING_STAGE", "auto");
    repo.environment.remove("FORCE_DATASET_CONFIG");
    assertThat(repo.check(60, "loss=0.01").action(), is(Action.SWITCHED));
  }

  @Test
  void the_switch_time_is_estimated_from_the_epochs_seen() throws IOException {
    TestRepository repo = repository("auto", 20);
    repo.check(10, "loss=1");
    assertThat(estimate(repo), is(Optional.empty()));
    repo.pass(Duration.ofHours(3));
    repo.check(13, "loss=1");
    // An hour an epoch; fine waits for epoch 50, which is looked at in epoch 60, 47 hours from now.
    assertThat(estimate(repo), is(Optional.of("2025-09-27 12:30:00")));
    repo.check(60, "loss=1");
    assertThat(estimate(repo), is(Optional.empty()));
    // A run that begins again counts anew.
    repo.check(5, "loss=1");
    assertThat(repo.active().progress().orElseThrow().firstEpoch(), is(5L));
  }

  private static Optional<String> estimate(TestRepository repo) throws IOException {
    return repo.active().next().flatMap(NextStage::estimatedSwitchTime);
  }

  @Test
  void a_repository_without_stages_stays() throws IOException {
    TestRepository repo = new TestRepository(folder);
    repo.file(
        "training_dataset.json",
        "{\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.csv\"}]}");
    Answer answer = repo.check(60);
    assertThat(answer.action(), is(Action.STAY));
    assertThat(answer.why(), containsString("has no stages"));
    assertThat(Files.exists(folder.resolve("active_stage.yaml")), is(false));
  }
}
