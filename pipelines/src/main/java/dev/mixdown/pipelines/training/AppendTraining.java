package dev.mixdown.pipelines.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.GitCheckout;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.training.Training;
import dev.mixdown.registry.training.TrainingAppend;
import dev.mixdown.registry.training.TrainingHeader;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Adds a training to a history, records it in the registry, and sends lineage events. */
public final class AppendTraining {
  /** What hyperparameters call the samples of one step, the whole of it first. */
  private static final List<String> BATCHES =
      List.of("global_batch_size", "train_batch_size", "batch_size");

  private final Registry registry;
  private final EventSettings events;
  private final Path outboxes;

  /**
   * @param outboxes where events wait on this machine's disk
   */
  public AppendTraining(Registry registry, EventSettings events, Path outboxes) {
    this.registry = registry;
    this.events = events;
    this.outboxes = outboxes;
  }

  /**
   * What is asked for.
   *
   * @param path a training_info.json, or the folder that it is to lie in
   * @param header what the history is of; what is empty stays as the file has it
   * @param repository the release repository that knows the stages
   * @param dataset what it trained on
   * @param metrics values as text: JSON where they can be
   * @param hyperparams likewise; what may be secret is masked
   * @param end empty for now
   * @param manifest the folder of the manifest that it followed; empty for the one that the file
   *     was prepared with
   * @param consumed how many samples of the manifest it took; empty where that was not counted
   * @param code the checkout of the training's code
   */
  public record Request(
      String path,
      TrainingHeader header,
      ReleaseRepository repository,
      String dataset,
      long steps,
      Optional<Long> epochs,
      Map<String, String> metrics,
      Map<String, String> hyperparams,
      Instant start,
      Optional<Instant> end,
      Optional<String> manifest,
      Optional<Long> consumed,
      String code) {}

  /**
   * Adds it.
   *
   * @return the history with it
   * @throws UnrecordedException when it is in the file, but not in the registry
   */
  public TrainingInfo append(Request request) throws IOException {
    boolean named = request.header().stage().isPresent();
    TrainingPlace place =
        TrainingPlace.of(
            registry.storage(),
            TrainingHistory.file(request.path()),
            named ? Optional.of(request.repository()) : Optional.empty(),
            request.manifest().orElse(null));
    place.checkedStage(request.header().stage());
    Training training =
        new Training(
            request.dataset(),
            request.steps(),
            request.epochs().orElse(null),
            values(request.metrics()),
            Secrets.masked(values(request.hyperparams())),
            request.start(),
            request.end().orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.SECONDS)),
            place.data().orElse(null),
            consumed(request, place).orElse(null),
            git(request.code()),
            TrainingEnvironment.here());
    TrainingInfo info =
        TrainingAppend.append(registry.storage(), place.file(), request.header(), training);
    try {
      new TrainingReport(registry, events, outboxes).tell(info);
    } catch (IOException e) {
      throw new UnrecordedException(
          "the training is in " + place.file(),
          registry.folder(),
          "do not append it again: the next one records both",
          e);
    }
    return info;
  }

  /**
   * How far the training took its manifest: as it says, else as steps and batch tell. Whoever goes
   * on from there needs to know which of the two it is.
   */
  private Optional<TrainingEntry.Consumed> consumed(Request request, TrainingPlace place)
      throws IOException {
    OptionalLong estimate = estimate(request);
    if (request.consumed().isEmpty()) {
      return estimate.isEmpty()
          ? Optional.empty()
          : Optional.of(new TrainingEntry.Consumed(estimate.getAsLong(), true));
    }
    long samples = request.consumed().get();
    Optional<Manifest> manifest = place.manifest(registry.storage());
    if (manifest.isPresent() && samples > manifest.get().samples()) {
      throw new ConfigException(
          "the training",
          place.file(),
          "--consumed is %,d, but manifest %s has %,d samples; an epoch of another order is another manifest (prepare --epoch)"
              .formatted(samples, manifest.get().id(), manifest.get().samples()));
    }
    return Optional.of(new TrainingEntry.Consumed(samples, false));
  }

  /** Steps times the batch; empty where no hyperparameter says how large that was. */
  private static OptionalLong estimate(Request request) {
    for (String name : BATCHES) {
      String value = request.hyperparams().getOrDefault(name, "");
      if (value.matches("[1-9][0-9]{0,8}")) {
        return OptionalLong.of(Math.multiplyExact(request.steps(), Long.parseLong(value)));
      }
    }
    return OptionalLong.empty();
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

  private static @Nullable JsonNode git(String code) throws IOException {
    GitCheckout checkout = new GitCheckout(code);
    Optional<GitCheckout.State> state = checkout.state();
    return state.isEmpty()
        ? null
        : Json.object().put("commit", state.get().commit()).put("clean", checkout.isClean());
  }
}
