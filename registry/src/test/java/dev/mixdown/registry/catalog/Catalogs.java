package dev.mixdown.registry.catalog;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.PostgreSql;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Catalogs as tests need them: of SQLite and of PostgreSQL. */
public final class Catalogs {
  /** What catalogs told users. */
  public final List<String> notices = Collections.synchronizedList(new ArrayList<>());

  private final Path folder;

  public Catalogs(Path folder) {
    this.folder = folder;
  }

  /** The databases that a catalog can be in, both empty. */
  public List<DatabaseAddress> empty() {
    return List.of(
        DatabaseAddress.of(
            folder.resolve("catalog-" + System.nanoTime() + ".db").toString(), Optional.empty()),
        PostgreSql.address());
  }

  /** A registry, whose entries have to be undamaged. */
  public Registry registry(String name) {
    return new Registry(
        Storage.of(Map.of()),
        folder.resolve(name).toString(),
        damage -> {
          throw new AssertionError(damage.toString());
        });
  }

  /** A catalog, up to date. */
  public Catalog current(DatabaseAddress address, Registry registry) throws IOException {
    return Catalog.current(new CatalogPlace(address, false), registry, notices::add);
  }

  /** All that a catalog says. */
  public static List<String> dump(Catalog catalog) {
    List<String> lines = new ArrayList<>();
    CatalogDump.write(catalog.database(), lines::add);
    return lines;
  }
}
