package dev.mixdown.cli.catalog;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogPlace;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.DatabaseException;
import dev.mixdown.registry.imports.SharedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which database the catalog is in. */
public final class CatalogOption {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = Settings.CATALOG,
      paramLabel = "URL|FILE",
      order = 82,
      description =
          "The database of the catalog, as jdbc:postgresql://HOST:PORT/NAME (default:"
              + " $MIXDOWN_CATALOG, else a file of SQLite in the workspace).")
  private @Nullable String address;

  /** Settings with the database of this option. */
  public Settings in(Settings settings) {
    return settings.with(Settings.CATALOG, address);
  }

  private CatalogPlace place(Settings settings, Registry registry) {
    return in(settings).catalog(registry.folder());
  }

  /** The catalog of a registry, with all that the registry has. The caller closes it. */
  public Catalog current(Settings settings, Registry registry) throws IOException {
    CatalogPlace place = place(settings, registry);
    Catalog catalog = Catalog.current(place, registry, this::tell);
    if (place.named()) {
      SharedDatabase.refreshIfChanged(catalog);
    }
    return catalog;
  }

  /** The catalog as it is. The caller closes it. */
  public Catalog open(Settings settings, Registry registry) throws IOException {
    return Catalog.open(place(settings, registry), registry, this::tell);
  }

  /**
   * Tells the catalog what was added to a registry, where there is a catalog. The registry has it
   * already: if this fails, the next command that needs the catalog reads it there.
   */
  public void fill(Settings settings, Registry registry) {
    try {
      CatalogPlace place = place(settings, registry);
      if (place.named() || Files.exists(Path.of(place.address().file()))) {
        Catalog.current(place, registry, this::tell).close();
      }
    } catch (IOException | ConfigException | DatabaseException e) {
      tell("the catalog was not brought up to date: " + e.getMessage());
    }
  }

  private void tell(String notice) {
    spec.commandLine().getErr().println("Note: " + notice);
  }

  /** The database that a user named. */
  public DatabaseAddress database(String named) {
    return RootCommand.of(spec).settings().database(named);
  }
}
