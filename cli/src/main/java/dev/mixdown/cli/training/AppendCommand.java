package dev.mixdown.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.EventOptions;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.repository.GitCheckout;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.pipelines.training.TrainingPlace;
import dev.mixdown.pipelines.training.TrainingReport;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.Secrets;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.training.Training;
import dev.mixdown.registry.training.TrainingAppend;
import dev.mixdown.registry.training.TrainingHeader;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  @Mixin private RegistryOption records = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Registry store = records.store();
    boolean newStore = records.mustBeMade();
    TrainingPlace place =
        TrainingPlace.of(
            TrainingHistory.file(path), stage == null ? null : repo, System.getenv(), manifest);
    Optional<String> checkedStage = place.checkedStage(Optional.ofNullable(stage));
    TrainingHeader subject =
        new TrainingHeader(
            Optional.ofNullable(modelName),
            checkedStage,
            Optional.ofNullable(baseModel).map(TrainingHeader::baseModel),
            Optional.ofNullable(checkpoint));
    Instant began = time("--start", start);
    Instant ended =
        end == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : time("--end", end);
    Training entry =
        new Training(
            dataset,
            steps,
            epochs,
            values(metrics),
            Secrets.masked(values(hyperparams)),
            began,
            ended,
            place.data().orElse(null),
            git(),
            TrainingEnvironment.here());
    EventSettings events = EventOptions.settings(spec());
    TrainingInfo info = TrainingAppend.append(place.file(), subject, entry);
    try {
      new TrainingReport(store, events, WorkspaceOption.outboxes()).tell(info);
    } catch (IOException e) {
      throw new UnrecordedException(
          "the training is in " + place.file(),
          store.folder(),
          "do not append it again: the next one records both",
          e);
    }
    if (newStore) {
      err().println("Note: " + store.folder() + " is a new registry; --registry names another");
    }
    if (json()) {
      print(info.json());
    } else {
      out()
          .printf(
              "Added %,d %s on %s: %,d steps in %d %s, %s%n",
              steps,
              steps == 1 ? "step" : "steps",
              dataset,
              info.totalSteps(),
              info.history().size(),
              info.history().size() == 1 ? "training" : "trainings",
              place.file());
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

  private static ObjectNode values(Map<String, String> texts) {
    ObjectNode values = Json.object();
    texts.forEach((name, text) -> values.set(name, value(text)));
    return values;
  }

  /** JSON where it is some; 2e-5 and 0.85 stay as they were written. */
  private static JsonNode value(String text) {
    try {
      return Json.value(text);
    } catch (IOException e) {
      return Json.tree(text);
    }
  }

  private @Nullable JsonNode git() throws IOException {
    GitCheckout checkout = new GitCheckout(code);
    Optional<GitCheckout.State> state = checkout.state();
    return state.isEmpty()
        ? null
        : Json.object().put("commit", state.get().commit()).put("clean", checkout.isClean());
  }
}
