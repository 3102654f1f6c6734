package dev.mixdown.cli.catalog;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.registry.catalog.Catalog;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** A command that asks the catalog. */
public abstract class CatalogQuestion extends JsonCommand {
  @Mixin private RecipeOptions registry = new RecipeOptions();

  @Mixin private CatalogOption catalog = new CatalogOption();

  /** The catalog, up to date. The caller closes it. */
  protected Catalog catalog() throws IOException {
    return catalog.current(registry.located(), registry.existing());
  }

  /** The registry, where recipes and manifests are found too. */
  protected RecipeOptions registry() {
    return registry;
  }
}
