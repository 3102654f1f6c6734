package dev.mixdown.pipelines.prepare;

import dev.mixdown.registry.events.EventSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a manifest goes, and where its run is recorded.
 *
 * @param folder that all stages' manifests lie in
 * @param baseModel the model, or checkpoint, that the stage will be trained from
 * @param registry the registry's folder
 * @param outboxes where events wait on this machine's disk
 * @param checkParts whether parts that are there already are compared with their digests
 * @param current whether the manifest becomes its stage's current one
 */
public record PrepareOutput(
    String folder,
    Optional<String> baseModel,
    String registry,
    EventSettings events,
    Path outboxes,
    boolean checkParts,
    boolean current) {
  /** The same, but whichever manifest is current stays so. */
  public PrepareOutput keepingCurrent() {
    return new PrepareOutput(folder, baseModel, registry, events, outboxes, checkParts, false);
  }
}
