package dev.mixdown.pipelines.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.jobs.JobData;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.training.TrainingEntries;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a training's words refer to: the stages of a release repository, and the manifest that it
 * followed.
 *
 * @param file the {@code training_info.json}, in full
 * @param stages the repository's; empty where there is no repository with stages
 * @param data what the manifest was made of; empty where no manifest is named
 */
public record TrainingPlace(String file, Set<String> stages, Optional<ObjectNode> data) {

  /**
   * Looks it all up.
   *
   * @param repository the release repository; empty where no stage has to be checked
   * @param manifest a manifest's folder, or a stage's, whose current one is meant
   */
  public static TrainingPlace of(
      Storage storage,
      String file,
      Optional<ReleaseRepository> repository,
      @Nullable String manifest)
      throws IOException {
    Problems problems = new Problems();
    Set<String> stages =
        repository.isPresent() && StoragePath.isSupported(repository.get().folder())
            ? repository
                .get()
                .catalog(problems)
                .map(StageCatalog::stages)
                .map(all -> Set.copyOf(all.keySet()))
                .orElse(Set.of())
            : Set.of();
    problems.throwIfAny();
    return new TrainingPlace(
        file, stages, manifest == null ? Optional.empty() : Optional.of(data(storage, manifest)));
  }

  /**
   * The manifest that a training follows: the one that was named, else the one that the file was
   * prepared with; empty where neither can be read.
   */
  Optional<Manifest> manifest(Storage storage) throws IOException {
    Optional<ObjectNode> named = data();
    String uri = named.map(d -> d.path("manifest").asText()).orElse("");
    Optional<byte[]> history = storage.read(file);
    if (named.isEmpty() && history.isPresent()) {
      uri = TrainingInfo.parse(file, history.get()).data(Json.object()).path("manifest").asText();
    }
    return uri.isEmpty() || !StoragePath.isSupported(uri)
        ? Optional.empty()
        : ManifestFolder.at(storage, uri).map(ManifestFolder::manifest);
  }

  private static ObjectNode data(Storage storage, String path) throws IOException {
    Optional<ManifestFolder> found =
        StoragePath.isSupported(path) ? ManifestFolder.at(storage, path) : Optional.empty();
    if (found.isEmpty()) {
      throw new ConfigException(
          "the manifest",
          path,
          "holds no manifest; --manifest names a manifest's folder, or a stage's");
    }
    ManifestFolder manifest = found.get();
    JobData data = JobData.of(manifest);
    return TrainingEntries.data(
        data.manifest(), StoragePath.absolute(manifest.path()), data.versions());
  }

  /**
   * A stage that the repository has.
   *
   * @throws ConfigException when it has none of this name
   */
  public Optional<String> checkedStage(Optional<String> stage) {
    if (stage.isPresent() && !stages.isEmpty() && !stages.contains(stage.get())) {
      throw new ConfigException(
          "the stage",
          file,
          "\"%s\" is not a stage of the release repository%s; it has %s"
              .formatted(
                  stage.get(),
                  DidYouMean.hint(stage.get(), stages),
                  String.join(", ", stages.stream().sorted().toList())));
    }
    return stage;
  }
}
