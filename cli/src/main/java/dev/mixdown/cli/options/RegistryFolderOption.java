package dev.mixdown.cli.options;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which folder the registry is. */
public final class RegistryFolderOption {
  private static final String NAME = "registry";

  /** The registry's name before. */
  private static final String OLD_NAME = "records";

  @Option(
      names = "--registry",
      paramLabel = "DIR",
      order = 80,
      description =
          "The registry, which knows what happened (default: $MIXDOWN_REGISTRY, else registry in the"
              + " output folder, which is out unless --output names another).")
  private @Nullable String registry;

  @Option(names = "--" + OLD_NAME, paramLabel = "DIR", hidden = true)
  private @Nullable String records;

  /** The folder that the command line names. */
  public Optional<String> named() {
    return Optional.ofNullable(registry == null ? records : registry);
  }

  /**
   * The folder that is named; else what the environment names; else the one in the output folder,
   * which older versions called {@code records}.
   */
  public String folder(String output) throws IOException {
    if (named().isPresent()) {
      return named().get();
    }
    for (String variable : new String[] {"MIXDOWN_REGISTRY", "MIXDOWN_RECORDS"}) {
      String value = System.getenv(variable);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    String usual = Storage.resolve(output, NAME);
    String old = Storage.resolve(output, OLD_NAME);
    return !isThere(usual) && isThere(old) ? old : usual;
  }

  private static boolean isThere(String folder) throws IOException {
    // In an object store a folder is there when something lies in it: every run leaves an entry.
    return Storage.scheme(folder).isEmpty()
        ? Files.isDirectory(Path.of(folder))
        : !Storage.names(Storage.resolve(folder, "runs")).isEmpty();
  }
}
