package dev.mixdown.cli.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a job measured, and where it is. */
final class JobValues {
  @Option(
      names = "--metric",
      paramLabel = "NAME=VALUE",
      description = "What it measured at --step, nan and inf too; may be repeated.")
  Map<String, String> metrics = new LinkedHashMap<>();

  @Option(names = "--step", paramLabel = "N", description = "The step that it is at.")
  @org.jspecify.annotations.Nullable
  Long step;
}
