package dev.mixdown.configs.switching;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release repository of a test, with a clock that stands still until it is moved. */
public final class TestRepository {
  private static final Storage STORAGE = Storage.of(Map.of());

  public final Path folder;
  public final Map<String, String> environment = new HashMap<>();
  private Instant now =
      LocalDateTime.parse("2025-09-25T10:30:00").atZone(ZoneId.systemDefault()).toInstant();

  public TestRepository(Path folder) {
    this.folder = folder;
  }

  /** Three stages that follow one another, one by hand, and an A/B stage. */
  public static TestRepository usual(Path folder, String mode, int interval) throws IOException {
    TestRepository repository = new TestRepository(folder);
    repository.file(
        "stage_config.yaml",
        """
        stages:
          pre: {config_file: stages/pre.json, priority: 1, auto_switch_conditions: [{epoch: 0, condition: start}]}
          fine:
            config_file: stages/fine.json
            priority: 2
            auto_switch_conditions: [{epoch: 50, condition: "loss < 0.1"}]
          eval:
            config_file: stages/eval.json
            priority: 3
            auto_switch_conditions: [{epoch: 100}, {condition: training_complete}]
          live: {config_file: stages/live.json, priority: 4, trigger_mode: manual, auto_switch_conditions: [{epoch: 0}]}
          ab: {variants: {a: {config_file: stages/a.json, weight: 0.25}, b: {config_file: stages/b.json, weight: 0.75}}}
        default_stage: pre
        switch_strategy: {mode: %s, check_interval: %d}
        """
            .formatted(mode, interval));
    for (String name : List.of("pre", "fine", "eval", "live", "a", "b")) {
      repository.config(name, "shared", name);
    }
    return repository;
  }

  /** A dataset config with some datasets. */
  public void config(String name, String... datasets) throws IOException {
    StringBuilder index = new StringBuilder();
    for (String dataset : datasets) {
      index
          .append(index.isEmpty() ? "" : ",\n")
          .append(
              "  {\"name\": \"%s\", \"obs_path\": \"data/%s.jsonl\"}".formatted(dataset, dataset));
    }
    file(
        "stages/" + name + ".json",
        "{\"meta\": {\"version\": \"v1\"}, \"dataset_index\": [\n" + index + "]}\n");
  }

  public void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  public String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  public ReleaseRepository repository() {
    return new ReleaseRepository(STORAGE, folder.toString(), environment);
  }

  public Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneId.systemDefault();
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  public StageSwitcher switcher() {
    return new StageSwitcher(repository(), clock());
  }

  public StageSwitcher.Switched enter(String stage) throws IOException {
    return switcher().enter(new Arm(stage, Optional.empty()), "user", "manual_switch");
  }

  /** A check after an epoch; metrics as {@code loss=0.1}, anything else is an event. */
  public StageCheck.Answer check(long epoch, String... reported) throws IOException {
    return new StageCheck(repository(), clock())
        .check(report(epoch, reported), Optional.empty(), false);
  }

  static Observation report(long epoch, String... reported) {
    Map<String, BigDecimal> metrics = new LinkedHashMap<>();
    List<String> events = new java.util.ArrayList<>();
    for (String text : reported) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        events.add(text);
      } else {
        metrics.put(text.substring(0, equals), new BigDecimal(text.substring(equals + 1)));
      }
    }
    return new Observation(epoch < 0 ? Optional.empty() : Optional.of(epoch), metrics, events);
  }

  /** What active_stage.yaml says; anything wrong with it is an error. */
  public ActiveStage active() throws IOException {
    Problems problems = new Problems();
    Optional<ActiveStage> active = repository().active(problems);
    problems.throwIfAny();
    return active.orElseThrow();
  }

  public String stage() throws IOException {
    return active().stage().orElseThrow();
  }

  public List<String> log() throws IOException {
    return Files.readAllLines(folder.resolve(SwitchLog.PLACE));
  }
}
