package dev.mixdown.registry.catalog;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.imports.PlatformImport;
import dev.mixdown.registry.platform.PlatformDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes use one catalog, and some of them are killed. */
class CatalogProcessesTest {
  @TempDir Path folder;

  private Catalogs catalogs;
  private Registry registry;
  private DatabaseAddress file;

  @BeforeEach
  void begin() {
    catalogs = new Catalogs(folder);
    registry = catalogs.registry("registry");
    file = DatabaseAddress.of(folder.resolve("catalog.db").toString(), Optional.empty());
  }

  private Process writer(String... what) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CatalogWriter.class.getName(),
                registry.folder(),
                file.file()));
    command.addAll(List.of(what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void killed_at_any_moment_the_catalog_says_what_it_said() throws Exception {
    PlatformDatabase platform = PlatformDatabase.sqlite(folder.resolve("platform.db"));
    platform.addRandom(8, 150);
    List<String> dump;
    try (Catalog catalog = catalogs.current(file, registry)) {
      PlatformImport.run(catalog, new PlatformImport.Request(platform.address(), false, Map.of()));
      dump = Catalogs.dump(catalog);
    }
    Random random = new Random(8);
    for (int kill = 0; kill < 3; kill++) {
      Process process = writer("rebuild");
      try (BufferedReader out = process.inputReader()) {
        assertThat(out.readLine(), is("open"));
        Thread.sleep(random.nextInt(400));
      }
      process.destroyForcibly().waitFor();
      try (Catalog catalog = catalogs.current(file, registry)) {
        assertThat("kill " + kill, Catalogs.dump(catalog), equalTo(dump));
      }
    }
    assertThat(catalogs.notices, empty());
  }

  @Test
  void two_processes_write_while_ten_read_and_nothing_is_lost() throws Exception {
    catalogs.current(file, registry).close();
    List<Process> writers = List.of(writer("a", "8"), writer("b", "8"));
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> readers = new ArrayList<>();
    for (int r = 0; r < 10; r++) {
      Thread reader =
          new Thread(
              () -> {
                try (Catalog catalog = catalogs.current(file, registry)) {
                  while (writers.stream().anyMatch(Process::isAlive)) {
                    catalog.refresh();
                    new CatalogJobs(catalog)
                        .list(new CatalogJobs.Filter(null, null, null, "", 0, 10));
                    Thread.sleep(20);
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(e);
                }
              });
      readers.add(reader);
      reader.start();
    }
    for (Process writer : writers) {
      assertThat(writer.waitFor(), is(0));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(failures, empty());
    try (Catalog catalog = catalogs.current(file, registry)) {
      assertThat(
          new CatalogJobs(catalog).count(new CatalogJobs.Filter(null, null, null, "", 0, 1)),
          is(16L));
      List<String> dump = Catalogs.dump(catalog);
      catalog.rebuild();
      assertThat(Catalogs.dump(catalog), equalTo(dump));
    }
  }
}
