package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How data is written, where its names do not tell: by options, or as a config says. */
public final class DataOptions {
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

  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = 24,
      description = "A dataset config that says how its datasets are written.")
  private @Nullable String config;

  /** The format that was said, for data of any name. */
  public Optional<String> format() {
    String given = given();
    if (given != null && !given.matches("jsonl|csv|parquet")) {
      throw badUsage("--data-format is \"" + given + "\"; it has to be jsonl, csv or parquet");
    }
    return Optional.ofNullable(given);
  }

  /** How CSV is written, for data of any name. */
  public CsvOptions csv() {
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

  /** Whether a config is named. */
  public boolean hasConfig() {
    return config != null;
  }

  /**
   * The datasets of the config that is named, by name; none without one.
   *
   * @throws ConfigException when it cannot be read
   */
  public Map<String, DatasetEntry> entries() throws IOException {
    if (config == null) {
      return Map.of();
    }
    if (given() != null || delimiter != null || quote != null || noHeader) {
      throw badUsage(
          "--config says how data is written; leave --data-format and the CSV options out");
    }
    Problems problems = new Problems();
    Optional<DatasetConfig> read =
        RootCommand.of(spec).settings().repository("").config(config, problems);
    if (read.isEmpty() && problems.isEmpty()) {
      problems.add(config, "there is no such file; --config names it");
    }
    problems.throwIfAny();
    Map<String, DatasetEntry> entries = new java.util.LinkedHashMap<>();
    read.orElseThrow().datasets().forEach(entry -> entries.put(entry.name(), entry));
    return entries;
  }

  /**
   * The dataset of a name in the config that is named; empty without a config.
   *
   * @throws ConfigException when the config has none of that name
   */
  public Optional<DatasetEntry> entry(String name) throws IOException {
    Map<String, DatasetEntry> entries = entries();
    if (config != null && !entries.containsKey(name)) {
      throw new ConfigException(
          "the config",
          config,
          "it has no dataset \"%s\"%s".formatted(name, DidYouMean.hint(name, entries.keySet())));
    }
    return Optional.ofNullable(entries.get(name));
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
