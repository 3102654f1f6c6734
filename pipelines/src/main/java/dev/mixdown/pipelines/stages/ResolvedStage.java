package dev.mixdown.pipelines.stages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.CurrentManifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a training script needs: stage, variant, config and current manifest.
 *
 * @param manifest the current one; empty where there is none, or no folder to look in
 * @param notes why there is none
 */
public record ResolvedStage(
    Resolution resolution, Optional<CurrentPlace> manifest, List<Note> notes) {
  /**
   * A manifest that is current.
   *
   * @param file its {@code manifest.json}, in full
   */
  public record CurrentPlace(String id, String file) {}

  /**
   * Looks for the manifest of a stage.
   *
   * @param output where prepare writes manifests; empty where none is set
   */
  public static ResolvedStage of(Storage storage, Resolution resolution, Optional<String> output)
      throws IOException {
    if (output.isEmpty()) {
      return new ResolvedStage(resolution, Optional.empty(), List.of());
    }
    String stageFolder = StoragePath.resolve(output.get(), resolution.folder());
    Optional<CurrentManifest> current =
        storage
            .read(StoragePath.resolve(stageFolder, CurrentManifest.FILE))
            .flatMap(CurrentManifest::readIfSound);
    String file =
        StoragePath.absolute(
            StoragePath.resolve(
                stageFolder, current.map(CurrentManifest::manifest).orElse("none")));
    if (current.isPresent() && storage.stat(file).isPresent()) {
      return new ResolvedStage(
          resolution, Optional.of(new CurrentPlace(current.get().id(), file)), List.of());
    }
    return new ResolvedStage(
        resolution,
        Optional.empty(),
        List.of(
            Note.of(
                "no manifest of %s is in %s; \"mixdown prepare %s --output %s\" makes it"
                    .formatted(
                        resolution.folder(), output.get(), resolution.arguments(), output.get()))));
  }

  /** The variables that a script sets, and those, empty, that it unsets. */
  public Map<String, Optional<String>> variables() {
    Map<String, Optional<String>> variables = new LinkedHashMap<>();
    variables.put("MIXDOWN_STAGE", Optional.of(resolution.stage()));
    variables.put("MIXDOWN_VARIANT", resolution.variant());
    variables.put("MIXDOWN_CONFIG", Optional.of(StoragePath.absolute(resolution.config().file())));
    variables.put("MIXDOWN_MANIFEST", manifest.map(CurrentPlace::file));
    variables.put("MIXDOWN_MANIFEST_ID", manifest.map(CurrentPlace::id));
    return variables;
  }

  /** The document that {@code stage resolve --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    document.put("stage", resolution.stage());
    document.put("stage_rule", resolution.stageRule());
    document.put("variant", resolution.variant().orElse(null));
    document.put("variant_rule", resolution.variantRule());
    document.put("config", StoragePath.absolute(resolution.config().file()));
    document.put("config_rule", resolution.configRule());
    document.put("manifest", manifest.map(CurrentPlace::file).orElse(null));
    document.put("manifest_id", manifest.map(CurrentPlace::id).orElse(null));
    document.set("tasks", Json.tree(resolution.config().tasks()));
    document.set("carried", resolution.carried().document());
    document.set("notes", Json.tree(notes));
    return document;
  }
}
