package dev.mixdown.cli.catalog;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogDump;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints all that the catalog says. */
@Command(
    name = "dump",
    description = {
      "Print all rows of the catalog, a line of JSON for each.",
      "",
      "The order depends on the rows only: two catalogs that say the same print the same."
    },
    sortOptions = false)
final class DumpCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      order = 91,
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Mixin private RegistryOption registry = new RegistryOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (Catalog current = catalog.current(registry.located(), registry.registry())) {
      CatalogDump.write(current.database(), out::println);
    }
    return 0;
  }
}
