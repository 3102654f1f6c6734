package dev.mixdown.cli.options;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.recipes.RecipeSources;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Where recipes are looked for: in a release repository and in the registry. */
public final class RecipeOptions extends RegistryOption {
  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      order = 10,
      description =
          "The release repository, whose recipes/*.yaml are recipes too (default:"
              + " ${DEFAULT-VALUE}).")
  private String repo = ".";

  /** The release repository's folder. */
  public String repository() {
    return repo;
  }

  /** All places of recipes. */
  public RecipeSources sources() throws IOException {
    return new RecipeSources(settings().storage(), repo, existing());
  }

  /** The same, where the registry may have to be made. */
  public RecipeSources sourcesToWrite() throws IOException {
    return new RecipeSources(settings().storage(), repo, registry());
  }

  /** All recipes; what is wrong with the files of some is told. */
  public RecipeLibrary library() throws IOException {
    RecipeLibrary library = sources().library();
    tell(library);
    return library;
  }

  private void tell(RecipeLibrary library) {
    for (Problem problem : library.problems()) {
      spec().commandLine().getErr().println("Note: this recipe is left out: " + problem);
    }
  }

  /** The recipe of a name, or in a file. */
  public Found find(String name) throws IOException {
    RecipeSources sources = sources();
    return sources.find(sources.library(), name);
  }

  /** What finds manifests by their names. */
  public ManifestFinder manifests() throws IOException {
    return new ManifestFinder(registry(), workspace(), settings().output());
  }
}
