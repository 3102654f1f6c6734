package dev.mixdown.cli.training;

import dev.mixdown.configs.syntax.Timestamps;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One training: what it trained on, when, with what, and with what result. */
final class TrainingOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "D",
      description = "What it trained on.")
  String dataset = "";

  @Option(names = "--steps", required = true, paramLabel = "N", description = "How many steps.")
  long steps;

  @Option(
      names = "--start",
      required = true,
      paramLabel = "TIME",
      description = "When it began, as 2025-12-11T10:30:00.")
  private String start = "";

  @Option(names = "--end", paramLabel = "TIME", description = "When it ended (default: now).")
  private @Nullable String end;

  @Option(names = "--epochs", paramLabel = "N", description = "How many epochs.")
  private @Nullable Long epochs;

  @Option(names = "--metric", paramLabel = "NAME=VALUE", description = "A result, as f1=0.85.")
  Map<String, String> metrics = new LinkedHashMap<>();

  @Option(
      names = "--hyperparam",
      paramLabel = "NAME=VALUE",
      description = "A setting, as lr=2e-5; algorithm=grpo where it is not sft.")
  Map<String, String> hyperparams = new LinkedHashMap<>();

  Optional<Long> epochs() {
    return Optional.ofNullable(epochs);
  }

  Instant start() {
    return time("--start", start);
  }

  Optional<Instant> end() {
    return Optional.ofNullable(end).map(text -> time("--end", text));
  }

  private Instant time(String option, String text) {
    return Timestamps.instant(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "%s is \"%s\"; a time as 2025-12-11T10:30:00 is expected"
                        .formatted(option, text)));
  }
}
