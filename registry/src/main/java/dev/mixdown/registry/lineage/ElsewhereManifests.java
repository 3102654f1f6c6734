package dev.mixdown.registry.lineage;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds manifests that were recorded in another registry than the trainings that followed them: by
 * the place that {@code training_info.json} names.
 */
final class ElsewhereManifests {
  private ElsewhereManifests() {}

  /** What is to be said of a training's manifest, as far as it can be found. */
  static String detail(TrainingEntry training, Storage storage) {
    return manifest(training, storage)
        .map(
            manifest ->
                String.format(
                    Locale.ROOT,
                    "%s, %,d samples, recorded elsewhere",
                    manifest.stage(),
                    manifest.samples()))
        .orElse("recorded elsewhere");
  }

  /** Nothing depends on it: what cannot be read is as if it were not there. */
  private static Optional<Manifest> manifest(TrainingEntry training, Storage storage) {
    try {
      Optional<byte[]> history = read(storage, training.file());
      if (history.isEmpty()) {
        return Optional.empty();
      }
      TrainingInfo info = TrainingInfo.parse(String.valueOf(training.file()), history.get());
      Optional<String> place = info.manifestPlace(String.valueOf(training.manifest()));
      Optional<byte[]> manifest =
          place.isEmpty()
              ? Optional.empty()
              : read(storage, StoragePath.resolve(place.get(), Manifest.FILE));
      return manifest.isEmpty() ? Optional.empty() : Optional.of(Manifest.read(manifest.get()));
    } catch (IOException | ConfigException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> read(Storage storage, @Nullable String path) throws IOException {
    return path != null && StoragePath.isSupported(path) ? storage.read(path) : Optional.empty();
  }
}
