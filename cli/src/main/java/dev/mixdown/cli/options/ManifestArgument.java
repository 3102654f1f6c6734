package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.streams.IncrementManifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which manifest a command is about. */
public final class ManifestArgument {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Parameters(
      paramLabel = "MANIFEST",
      description =
          "A manifest's folder or manifest.json, its stage's folder (the current one is meant), or"
              + " the first digits of its id.")
  private String name = "";

  /**
   * The manifest; of a stream, the increment that has a position.
   *
   * @param registry which knows it by its id
   */
  public ManifestFolder find(RegistryOption registry, long position) throws IOException {
    Storage storage = RootCommand.of(spec).settings().storage();
    boolean manifest =
        StoragePath.isSupported(name) && ManifestFolder.at(storage, name).isPresent();
    Optional<ManifestFolder> increment =
        manifest || !StoragePath.isSupported(name)
            ? Optional.empty()
            : IncrementManifest.at(storage, name, position);
    return increment.isPresent() ? increment.get() : find(registry);
  }

  /**
   * The manifest.
   *
   * @param registry which knows it by its id
   */
  public ManifestFolder find(RegistryOption registry) throws IOException {
    return new ManifestFinder(
            registry.registry(), registry.workspace(), RootCommand.of(spec).settings().output())
        .find(name);
  }
}
