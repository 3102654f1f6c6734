package dev.mixdown.registry.training;

import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.storage.StoragePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a history is of: what stands above its entries. What is empty stays as the file has it.
 *
 * @param baseModel a pretrained model, or the previous stage's checkpoint
 */
public record TrainingHeader(
    Optional<String> modelName,
    Optional<String> stage,
    Optional<String> baseModel,
    Optional<String> checkpoint) {

  /** A base model as it is written down: a path in full where it is one, else a model's name. */
  public static String baseModel(String written) {
    return StoragePath.scheme(written).isEmpty() && Files.exists(Path.of(written))
        ? StoragePath.absolute(written)
        : Secrets.masked(written);
  }
}
