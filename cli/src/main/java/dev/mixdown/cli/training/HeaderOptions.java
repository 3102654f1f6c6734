package dev.mixdown.cli.training;

import dev.mixdown.registry.training.TrainingHeader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a history is of: said once, with its first training. */
final class HeaderOptions {
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
      names = "--checkpoint",
      paramLabel = "C",
      description = "What it made, as seen from the file's folder.")
  private @Nullable String checkpoint;

  TrainingHeader header() {
    return new TrainingHeader(
        Optional.ofNullable(modelName),
        Optional.ofNullable(stage),
        Optional.ofNullable(baseModel).map(TrainingHeader::baseModel),
        Optional.ofNullable(checkpoint));
  }
}
