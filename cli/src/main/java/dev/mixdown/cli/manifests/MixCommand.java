package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of every command that reads a stage's shards. */
public abstract class MixCommand implements Callable<Integer> {
  /** How closely records are looked at. */
  enum Check {
    FULL,
    QUICK
  }

  /** What becomes of bad records. */
  enum OnBadRecord {
    FAIL,
    SKIP
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STAGE",
      description =
          "The stage. Without it: TRAINING_STAGE, else the active stage, else the default stage.")
  @Nullable String stage;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Option(
      names = "--epoch",
      paramLabel = "N",
      defaultValue = "0",
      description = "Which epoch's choice and order, from 0 (default: ${DEFAULT-VALUE}).")
  long epoch;

  @Option(
      names = "--manifest-format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet or jsonl (default: ${DEFAULT-VALUE}).")
  ManifestFormat format = ManifestFormat.PARQUET;

  @Option(
      names = "--check",
      paramLabel = "HOW",
      defaultValue = "full",
      description =
          "full parses every record and validates its UTF-8; quick looks at its ends only"
              + " (default: ${DEFAULT-VALUE}).")
  Check check = Check.FULL;

  @Option(
      names = "--on-bad-record",
      paramLabel = "WHAT",
      defaultValue = "fail",
      description =
          "fail stops before anything is published; skip leaves bad records out and keeps them,"
              + " with reasons, in rejected/ (default: ${DEFAULT-VALUE}).")
  OnBadRecord onBadRecord = OnBadRecord.FAIL;

  @Option(
      names = "--max-rejected",
      paramLabel = "N|P%",
      description =
          "With skip: how many bad records a dataset may have, or per cent of its records, bad ones"
              + " included; beyond it the run fails (default: 1%%).")
  @Nullable String maxRejected;

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Option(names = "--json", description = "Print one JSON document, for programs.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  /** What followed {@code --} on the command line. */
  public void setBeamOptions(List<String> options) {
    runner.setBeamOptions(options);
  }

  PrepareRequest request() throws IOException {
    if (epoch < 0) {
      throw new ParameterException(
          spec.commandLine(), "--epoch is " + epoch + "; it may not be below 0");
    }
    RunnerSettings settings = runner.settings();
    String folder = workspace.folder();
    requireWritable("--workspace", folder);
    return new PrepareRequest(
        repository.repository(),
        config.choice(stage),
        folder,
        epoch,
        format,
        check == Check.FULL,
        onBadRecord == OnBadRecord.SKIP,
        maxRejected(),
        settings);
  }

  private MaxRejected maxRejected() {
    if (maxRejected == null) {
      return MaxRejected.DEFAULT;
    }
    if (onBadRecord == OnBadRecord.FAIL) {
      throw new ParameterException(
          spec.commandLine(), "--max-rejected needs --on-bad-record skip; add it");
    }
    return MaxRejected.parse(maxRejected)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--max-rejected is \"%s\"; a whole number of at least 0 is expected, or per cent such as 0.5%%"
                        .formatted(maxRejected)));
  }

  /** Finds out before any work is done that its result could not be written. */
  void requireWritable(String option, String folder) throws IOException {
    if (!Storage.isSupported(folder)) {
      throw new ParameterException(
          spec.commandLine(), option + " " + folder + ": " + Storage.cannotOpen(folder));
    }
    if (!Storage.isWritable(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " " + folder + ": nothing can be written there; choose another folder");
    }
  }

  static Progress progress() {
    return TerminalProgress.orNone();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
