package dev.mixdown.cli.options;

import dev.mixdown.pipelines.inspect.MaxRejected;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What becomes of bad records, and how many of them there may be. */
public final class BadRecordOptions {
  /** What becomes of them. */
  enum OnBadRecord {
    FAIL,
    SKIP
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--on-bad-record",
      paramLabel = "WHAT",
      defaultValue = "fail",
      description =
          "fail stops before anything is published; skip leaves bad records out and keeps them,"
              + " with reasons, in rejected/ (default: ${DEFAULT-VALUE}).")
  private OnBadRecord onBadRecord = OnBadRecord.FAIL;

  @Option(
      names = "--max-rejected",
      paramLabel = "N|P%",
      description =
          "With skip: how many bad records a dataset may have, or per cent of its records, bad ones"
              + " included; beyond it the run fails (default: 1%%).")
  private @Nullable String maxRejected;

  /** Whether bad records are left out. */
  public boolean skip() {
    return onBadRecord == OnBadRecord.SKIP;
  }

  /** How many of them may be left out. */
  public MaxRejected maxRejected() {
    if (maxRejected == null) {
      return MaxRejected.DEFAULT;
    }
    if (!skip()) {
      throw badUsage("--max-rejected needs --on-bad-record skip; add it");
    }
    return MaxRejected.parse(maxRejected)
        .orElseThrow(
            () ->
                badUsage(
                    "--max-rejected is \"%s\"; a whole number of at least 0 is expected, or per cent such as 0.5%%"
                        .formatted(maxRejected)));
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
