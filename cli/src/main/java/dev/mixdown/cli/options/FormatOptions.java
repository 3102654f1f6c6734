package dev.mixdown.cli.options;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How data is written, where its names do not tell. */
public class FormatOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--data-format",
      paramLabel = "FORMAT",
      order = 20,
      description = "jsonl, csv or parquet, where names do not tell.")
  private @Nullable String format;

  /** The option's name before: elsewhere it is the form of what is printed. */
  @Option(names = "--format", paramLabel = "FORMAT", hidden = true)
  private @Nullable String oldFormat;

  private @Nullable String given() {
    return format == null ? oldFormat : format;
  }

  @Option(
      names = "--csv-delimiter",
      paramLabel = "C",
      order = 21,
      description = "What stands between the fields of CSV (default: a comma).")
  private @Nullable String delimiter;

  @Option(
      names = "--csv-quote",
      paramLabel = "C",
      order = 22,
      description = "What stands around fields of CSV (default: a double quote).")
  private @Nullable String quote;

  @Option(
      names = "--no-header",
      order = 23,
      description = "The first row of CSV is a record, not the names of its fields.")
  private boolean noHeader;

  /** The format that was said, for data of any name. */
  public final Optional<String> format() {
    String given = given();
    if (given != null && !given.matches("jsonl|csv|parquet")) {
      throw badUsage("--data-format is \"" + given + "\"; it has to be jsonl, csv or parquet");
    }
    return Optional.ofNullable(given);
  }

  /** How CSV is written, for data of any name. */
  public final CsvOptions csv() {
    CsvOptions csv =
        new CsvOptions(
            character("--csv-delimiter", delimiter, CsvOptions.DEFAULT.delimiter()),
            character("--csv-quote", quote, CsvOptions.DEFAULT.quote()),
            !noHeader);
    if (csv.delimiter() == csv.quote()) {
      throw badUsage("--csv-delimiter and --csv-quote are the same character");
    }
    return csv;
  }

  private char character(String option, @Nullable String value, char absent) {
    if (value == null) {
      return absent;
    }
    if (value.equals("\\t")) {
      return '\t';
    }
    if (!value.matches("[\\x00-\\x7f&&[^\\r\\n]]")) {
      throw badUsage("%s is \"%s\"; one ASCII character is expected".formatted(option, value));
    }
    return value.charAt(0);
  }

  /** Whether anything was said. */
  final boolean isGiven() {
    return given() != null || delimiter != null || quote != null || noHeader;
  }

  final CommandSpec spec() {
    return spec;
  }

  final ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
