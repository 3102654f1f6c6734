package dev.mixdown.cli.catalog;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.registry.catalog.Catalog;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** A command on the catalog itself. */
abstract class CatalogCommand extends JsonCommand {
  @Mixin RegistryOption registry = new RegistryOption();

  @Mixin CatalogOption catalog = new CatalogOption();

  /** The catalog, as it is. */
  Catalog open() throws IOException {
    return catalog.open(registry.located(), registry.registry());
  }

  /** The catalog, up to date. */
  Catalog current() throws IOException {
    return catalog.current(registry.located(), registry.registry());
  }
}
