package dev.mixdown.cli.training;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The folder below which a command looks for training histories. */
final class Artifacts {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where artifacts lie (default: ${DEFAULT-VALUE}).")
  private String folder = ".";

  String folder() {
    return folder;
  }

  /** All histories below it; what cannot be read is reported as notes. */
  TrainingHistory histories(Storage storage, PrintWriter notes) throws IOException {
    if (StoragePath.scheme(folder).isEmpty() && Files.notExists(Path.of(folder))) {
      throw new ConfigException(
          "the folder", folder, "is not there; name one with trainings below");
    }
    TrainingHistory found = TrainingHistory.below(storage, folder);
    found.problems().forEach(problem -> notes.println("Note: " + problem));
    return found;
  }
}
