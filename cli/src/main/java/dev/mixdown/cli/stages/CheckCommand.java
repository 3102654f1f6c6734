package dev.mixdown.cli.stages;

import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.switching.Arm;
import dev.mixdown.configs.switching.Observation;
import dev.mixdown.configs.switching.StageCheck;
import dev.mixdown.configs.switching.StageCheck.Answer;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.switching.SwitchRules.Finding;
import dev.mixdown.pipelines.stages.StageJson;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a trainer asks after each epoch. */
@Command(
    name = "check",
    description = {
      "Report an epoch, and learn whether to go on with this stage.",
      "",
      "A trainer calls it after each epoch. It ends with 0 (stay), 10 (switched: load the new"
          + " stage's data), 11 (proposed: stay, a person is asked) or 12 (paused: stop for now, a"
          + " rollback condition holds), and says more with --json."
    },
    sortOptions = false)
final class CheckCommand extends SwitchingOutput {
  static final int SWITCHED = 10;
  static final int PROPOSED = 11;
  static final int PAUSED = 12;

  @Mixin private ObservationOptions observed = new ObservationOptions();

  @Option(
      names = "--in-stage",
      paramLabel = "STAGE",
      description =
          "The stage that the trainer is in: when another one is active, the answer is switched"
              + " (default: $MIXDOWN_STAGE, which resolve sets).")
  private @Nullable String inStage;

  @Option(
      names = "--in-variant",
      paramLabel = "V",
      description = "The arm that the trainer is in, likewise (default: $MIXDOWN_VARIANT).")
  private @Nullable String inVariant;

  @Option(names = "--now", description = "Look at conditions whatever check_interval says.")
  private boolean now;

  @Override
  public Integer call() throws Exception {
    Observation observation = observed.observation(note -> err().println("Note: " + note));
    Answer answer =
        new StageCheck(repository(), clock())
            .check(
                observation,
                Optional.ofNullable(inStage)
                    .or(settings()::trainersStage)
                    .filter(stage -> !stage.isBlank())
                    .map(stage -> new Arm(stage, variant())),
                now);
    if (json()) {
      print(StageJson.answer(answer));
    } else {
      print(answer);
    }
    return switch (answer.action()) {
      case STAY -> 0;
      case SWITCHED -> SWITCHED;
      case PROPOSED -> PROPOSED;
      case PAUSED -> PAUSED;
    };
  }

  private Optional<String> variant() {
    return Optional.ofNullable(inVariant).or(settings()::trainersVariant).filter(v -> !v.isBlank());
  }

  private void print(Answer answer) {
    String what =
        switch (answer.action()) {
          case STAY -> "stay";
          case PAUSED -> "paused";
          case SWITCHED ->
              "switched from %s to %s"
                  .formatted(
                      answer.previous().map(Arm::toString).orElse("none"),
                      answer.active().flatMap(ActiveStage::stage).orElse("none"));
          case PROPOSED ->
              "proposed "
                  + answer
                      .active()
                      .flatMap(ActiveStage::proposal)
                      .map(ActiveStage.Proposal::stage)
                      .orElse("none");
        };
    out().println(what + ": " + answer.why());
    Table table = new Table("", "", "");
    for (Candidate candidate : answer.looked().candidates()) {
      for (Finding finding : candidate.findings()) {
        table.row(candidate.stage().key(), finding.condition().text(), found(finding));
      }
    }
    table.print(out());
    answer.changes().ifPresent(this::printChanges);
    warn(answer.looked().unusable());
  }

  private static String found(Finding finding) {
    String value = finding.value().map(BigDecimal::toPlainString).orElse("");
    boolean event = finding.condition() instanceof Condition.Event;
    return finding.holds()
        ? event ? "yes" : "yes, it is " + value
        : event ? "not yet" : value.isEmpty() ? "not reported" : "no, it is " + value;
  }
}
