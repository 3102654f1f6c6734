package dev.mixdown.cli.training;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.training.AppendTraining;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.training.TrainingHeader;
import dev.mixdown.registry.training.TrainingInfo;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a training to a history. */
@Command(
    name = "append",
    description = {
      "Add a training to a history: makes training_info.json, or adds to it and brings its totals up to"
          + " date.",
      "",
      "A history says once what it is of (--model-name, --stage, --base-model); later trainings may leave"
          + " that out. Values are JSON where they can be, else text."
    },
    sortOptions = false)
final class AppendCommand extends JsonCommand {
  @Parameters(
      paramLabel = "PATH",
      description = "A training_info.json, or the folder that it is to lie in.")
  private String path = "";

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "D",
      description = "What it trained on.")
  private String dataset = "";

  @Option(names = "--steps", required = true, paramLabel = "N", description = "How many steps.")
  private long steps;

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
  private Map<String, String> metrics = new LinkedHashMap<>();

  @Option(names = "--hyperparam", paramLabel = "NAME=VALUE", description = "A setting, as lr=2e-5.")
  private Map<String, String> hyperparams = new LinkedHashMap<>();

  @Option(
      names = "--checkpoint",
      paramLabel = "C",
      description = "What it made, as seen from the file's folder.")
  private @Nullable String checkpoint;

  @Option(
      names = "--model-name",
      paramLabel = "M",
      description = "The model's name; the first training of a file has to say it.")
  private @Nullable String modelName;

  @Option(
      names = "--stage",
      paramLabel = "S",
      description = "The stage; one of the release repository's, where there is one in --repo.")
  private @Nullable String stage;

  @Option(
      names = "--base-model",
      paramLabel = "B",
      description = "What it began from: a pretrained model, or another stage's checkpoint.")
  private @Nullable String baseModel;

  @Option(
      names = "--manifest",
      paramLabel = "DIR",
      description =
          "The manifest that it followed: its folder, or its stage's. Without it: the one"
              + " that the file was prepared with.")
  private @Nullable String manifest;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The release repository that knows the stages (default: ${DEFAULT-VALUE}).")
  private String repo = ".";

  @Option(
      names = "--code",
      paramLabel = "DIR",
      defaultValue = ".",
      description =
          "The checkout of the training's code, whose commit is recorded (default:"
              + " ${DEFAULT-VALUE}).")
  private String code = ".";

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Registry registry = registryOption.registry();
    boolean newStore = registryOption.mustBeMade();
    TrainingInfo info =
        new AppendTraining(registry, events(), settings().outboxes())
            .append(
                new AppendTraining.Request(
                    path,
                    new TrainingHeader(
                        Optional.ofNullable(modelName),
                        Optional.ofNullable(stage),
                        Optional.ofNullable(baseModel).map(TrainingHeader::baseModel),
                        Optional.ofNullable(checkpoint)),
                    settings().repository(repo),
                    dataset,
                    steps,
                    Optional.ofNullable(epochs),
                    metrics,
                    hyperparams,
                    time("--start", start),
                    Optional.ofNullable(end).map(text -> time("--end", text)),
                    Optional.ofNullable(manifest),
                    code));
    if (newStore) {
      err().println("Note: " + registry.folder() + " is a new registry; --registry names another");
    }
    if (json()) {
      print(info.json());
    } else {
      out()
          .printf(
              "Added %s on %s: %s in %s, %s%n",
              Counts.of(steps, "step"),
              dataset,
              Counts.of(info.totalSteps(), "step"),
              Counts.of(info.history().size(), "training"),
              info.path());
    }
    return 0;
  }

  private Instant time(String option, String text) {
    return Timestamps.instant(text)
        .orElseThrow(
            () ->
                badUsage(
                    "%s is \"%s\"; a time as 2025-12-11T10:30:00 is expected"
                        .formatted(option, text)));
  }
}
