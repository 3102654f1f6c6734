package dev.mixdown.configs.switching;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.review.RepositoryReview;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.syntax.Timestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever people, trainers and clocks do, the state can be read and the history does not overlap.
 */
class RandomWalkTest {
  private static final List<String> STAGES = List.of("pre", "fine", "eval", "live", "ab", "gone");

  @TempDir Path folder;

  @Test
  void thousands_of_steps_never_leave_a_state_that_cannot_be_read_or_a_history_that_overlaps()
      throws IOException {
    Random random = new Random(11);
    TestRepository repo = TestRepository.usual(folder, "auto", 5);
    String catalog = repo.text("stage_config.yaml");
    long epoch = 0;
    int switches = 0;
    for (int step = 0; step < 3_000; step++) {
      if (step % 150 == 0) {
        // A new file now and then, so that the walk does not spend its time reading a long one.
        java.nio.file.Files.deleteIfExists(folder.resolve("active_stage.yaml"));
        java.nio.file.Files.deleteIfExists(folder.resolve(SwitchLog.PLACE));
      }
      String mode = List.of("auto", "hybrid", "manual").get(random.nextInt(20) / 8);
      repo.file("stage_config.yaml", catalog.replace("mode: auto", "mode: " + mode));
      if (random.nextInt(30) == 0) {
        repo.config("fine", random.nextBoolean() ? new String[] {"fine"} : new String[0]);
      }
      repo.pass(
          Duration.ofSeconds(
              random.nextInt(10) == 0 ? -random.nextInt(9_999) : random.nextInt(9_999)));
      epoch = random.nextInt(50) == 0 ? 0 : epoch + random.nextInt(7);
      Optional<String> before = stage(repo);
      try {
        step(repo, random, epoch);
      } catch (ConfigException | SwitchException e) {
        // Refused: nothing may have changed, but that the default stage is recorded as active.
        assertThat(e.getMessage(), stage(repo).orElse("pre"), is(before.orElse("pre")));
      }
      if (!stage(repo).equals(before)) {
        switches++;
      }
      if (java.nio.file.Files.exists(folder.resolve("active_stage.yaml"))) {
        check(repo);
      }
    }
    assertThat(switches, greaterThan(500));
    assertThat(repo.log().size(), greaterThan(10));
  }

  private static Optional<String> stage(TestRepository repo) throws IOException {
    return repo.repository()
        .active(new dev.mixdown.configs.syntax.Problems())
        .flatMap(ActiveStage::stage);
  }

  private static void step(TestRepository repo, Random random, long epoch) throws IOException {
    String stage = STAGES.get(random.nextInt(STAGES.size()));
    switch (random.nextInt(10)) {
      case 0, 1 -> repo.enter(stage);
      case 2 ->
          repo.switcher()
              .enter(
                  new Arm("ab", Optional.of(random.nextBoolean() ? "a" : "b")),
                  "scheduler",
                  "an arm: #" + epoch);
      case 3 -> repo.switcher().rollback("user", "no: \"good\" # reason");
      case 4 -> repo.switcher().confirm("user");
      case 5 ->
          repo.check(epoch, "training_complete", "loss=0." + random.nextInt(20), "tokens=1e9");
      case 6 ->
          new StageCheck(repo.repository(), repo.clock())
              .check(
                  TestRepository.report(epoch),
                  Optional.of(new Arm(stage, Optional.empty())),
                  random.nextBoolean());
      case 7 -> {
        // Somebody edits the file by hand.
        repo.enter("pre");
        repo.file("active_stage.yaml", repo.text("active_stage.yaml") + "# note " + epoch + "\n");
      }
      default -> repo.check(epoch, "loss=0.0" + random.nextInt(20));
    }
  }

  private static void check(TestRepository repo) throws IOException {
    ActiveStage active = repo.active();
    LocalDateTime end = LocalDateTime.MIN;
    List<Activation> history = active.history();
    for (int i = 0; i < history.size(); i++) {
      LocalDateTime from = history.get(i).activatedAt().flatMap(Timestamps::parse).orElseThrow();
      assertThat(end, lessThanOrEqualTo(from));
      boolean last = i == history.size() - 1;
      assertThat(history.get(i).deactivatedAt().isEmpty(), is(last));
      end = history.get(i).deactivatedAt().flatMap(Timestamps::parse).orElse(from);
      assertThat(from, lessThanOrEqualTo(end));
    }
    if (active.stage().isPresent()) {
      Activation last = history.get(history.size() - 1);
      assertThat(last.stage(), is(active.stage()));
      assertThat(last.variant(), is(active.variant()));
      assertThat(last.activatedAt(), is(active.activatedAt()));
    }
    // The log has the line of every switch, at the latest after the next step.
    if (!active.lastSwitch().isEmpty()) {
      assertThat(
          repo.log().stream()
              .anyMatch(dev.mixdown.configs.syntax.Json.spaced(active.lastSwitch())::equals),
          is(true));
    }
    assertThat(
        new RepositoryReview(repo.repository()).file("active_stage.yaml").warnings(), is(empty()));
  }
}
