package dev.mixdown.registry.catalog;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.PostgreSql;
import dev.mixdown.registry.imports.PlatformImport;
import dev.mixdown.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformImportTest {
  @TempDir Path folder;

  @Test
  void x() throws Exception {
    Path db =
        Path.of(System.getProperty("mixdown.root"), "../shared/data/platform/training_platform.db")
            .normalize();
    Storage storage = Storage.of(Map.of());
    List<DatabaseAddress> all =
        List.of(
            DatabaseAddress.of(folder.resolve("c/c.db").toString(), Optional.empty()),
            PostgreSql.address());
    List<String> dumps = new ArrayList<>();
    int n = 0;
    for (DatabaseAddress address : all) {
      Registry registry =
          new Registry(
              storage,
              folder.resolve("r" + n++).toString(),
              d -> {
                throw new AssertionError(d.toString());
              });
      List<String> notices = new ArrayList<>();
      try (Catalog catalog = Catalog.open(address, registry, notices::add)) {
        PlatformImport.Request request =
            new PlatformImport.Request(
                DatabaseAddress.of(db.toString(), Optional.empty()), false, Map.of());
        System.out.println(PlatformImport.run(catalog, request).json().toPrettyString());
        System.out.println(PlatformImport.run(catalog, request).json());
        String first = dump(catalog);
        catalog.rebuild();
        assertThat(dump(catalog), equalTo(first));
        assertThat(notices, empty());
        dumps.add(first);
        Files.writeString(Path.of("/tmp/dump" + n), first);
      }
    }
  }

  static String dump(Catalog catalog) {
    StringBuilder lines = new StringBuilder();
    CatalogDump.write(catalog.database(), line -> lines.append(line).append('\n'));
    return lines.toString();
  }
}
