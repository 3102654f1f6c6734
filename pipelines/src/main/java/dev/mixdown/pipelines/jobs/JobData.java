package dev.mixdown.pipelines.jobs;

import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.TrainingEntry.Used;
import java.util.List;

/**
 * What a job is trained on.
 *
 * @param manifest the id of the manifest that it follows
 * @param versions what that is made of
 */
public record JobData(String manifest, List<Used> versions) {
  /** The data of a manifest. */
  public static JobData of(ManifestFolder folder) {
    return new JobData(
        folder.manifest().id(),
        folder.manifest().datasets().stream()
            .map(dataset -> new Used(dataset.name(), dataset.version(), null))
            .toList());
  }
}
