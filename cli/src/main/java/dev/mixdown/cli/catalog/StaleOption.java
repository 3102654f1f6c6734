package dev.mixdown.cli.catalog;

import dev.mixdown.registry.platform.Cells;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** After how long a running job that nobody hears of is stale. */
public final class StaleOption {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([dhm]?)");

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--stale-after",
      paramLabel = "AGE",
      defaultValue = "7d",
      description =
          "A running job without a metric or a change for so long is stale: 7d, 12h, 30m"
              + " (default: ${DEFAULT-VALUE}).")
  private String age = "7d";

  /** Before when a running job was heard of that is stale now. */
  public String since() {
    return Cells.time(Instant.now().minus(age()));
  }

  /** For how long a running job may be silent. */
  public Duration age() {
    return parse(age)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--stale-after is \""
                        + age
                        + "\"; a number of days, hours or minutes is expected, as 7d"));
  }

  /** A time as people say it; empty where it cannot be understood. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = AGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "h" -> Duration.ofHours(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofDays(number);
        });
  }
}
