package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import java.io.IOException;
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
