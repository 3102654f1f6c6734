package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How data is written, where its names do not tell: by options, or as a config says. */
public final class DataOptions extends FormatOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = 24,
      description = "A dataset config that says how its datasets are written.")
  private @Nullable String config;

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
    if (isGiven()) {
      throw badUsage(
          "--config says how data is written; leave --data-format and the CSV options out");
    }
    Problems problems = new Problems();
    Optional<DatasetConfig> read =
        RootCommand.of(spec()).settings().repository("").config(config, problems);
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
}
