package dev.mixdown.service;

import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.imports.PlatformImport;
import dev.mixdown.registry.platform.PlatformDatabase;
import dev.mixdown.registry.platform.PlatformDatabase.JobRow;
import dev.mixdown.service.site.ServiceSettings;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A service over the demo release, in a folder of its own, with manifests and past jobs. */
final class TestSite implements AutoCloseable {
  static final String JOB = "aaaa0001";
  static final String OTHER_JOB = "aaaa0002";
  static final String FAILED_JOB = "bbbb0001";

  private static final Path ROOT = Path.of(System.getProperty("mixdown.root"));

  final Path folder;
  final Path repository;
  final List<Path> roots = new ArrayList<>();
  final List<String> origins = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  Optional<Path> tokens = Optional.empty();
  String host = "127.0.0.1";
  private Service service;

  TestSite(Path folder) {
    this.folder = folder;
    this.repository = folder.resolve("demo");
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    try (Stream<Path> files = Files.walk(ROOT.resolve("configs/demo"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path to = repository.resolve(ROOT.resolve("configs/demo").relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Settings settings() {
    return Settings.of(environment)
        .with(Settings.WORKSPACE, folder.resolve("ws").toString())
        .with(Settings.OUTPUT, folder.resolve("out").toString());
  }

  /** Prepares a stage. */
  String prepare(String stage) throws IOException {
    Settings settings = settings();
    return new Preparation(
            new PrepareRequest(
                settings.repository(repository.toString()),
                StageChoice.of(stage, Optional.empty()),
                settings.workspace(),
                0,
                ManifestFormat.PARQUET,
                true,
                false,
                MaxRejected.DEFAULT,
                RunnerSettings.DIRECT,
                Optional.empty(),
                RuleSources.of(settings),
                Optional.empty()),
            Progress.NONE)
        .prepare(
            new PrepareOutput(
                folder.resolve("out").toString(),
                Optional.empty(),
                settings.registry(),
                settings.events(),
                folder.resolve("outbox"),
                false,
                true))
        .manifestId();
  }

  /** Imports a platform's database with some jobs, three of them known by name. */
  TestSite jobs(int more) throws IOException {
    PlatformDatabase platform = PlatformDatabase.sqlite(folder.resolve("platform.db"));
    for (String uuid : List.of(JOB, OTHER_JOB, "aaaa0003", "aaaa0004", FAILED_JOB)) {
      JobRow row = new JobRow();
      row.uuid = uuid;
      row.status = uuid.equals(FAILED_JOB) ? "FAILED" : "COMPLETED";
      row.learningRate = uuid.equals(OTHER_JOB) ? "5e-07" : "1e-06";
      row.createdAt = "2026-02-07 08:36:17.83105" + uuid.charAt(7);
      platform.add(row);
      platform.addMetric(uuid, 0, "0.1", "2.5", "NULL");
      platform.addMetric(uuid, 100, uuid.equals(FAILED_JOB) ? "9e999" : "0.7", "1.5", "NULL");
    }
    platform.addRandom(7, more);
    platform.close();
    Settings settings = settings();
    Registry registry = new Registry(settings.storage(), settings.registry(), damage -> {});
    try (Catalog catalog =
        Catalog.current(settings.catalog(registry.folder()), registry, notice -> {})) {
      PlatformImport.run(catalog, new PlatformImport.Request(platform.address(), false, Map.of()));
    }
    return this;
  }

  /** Starts the service, and waits until it can answer. */
  Client start() throws Exception {
    service =
        Service.start(
            new ServiceSettings(
                settings(),
                repository.toString(),
                host,
                0,
                tokens,
                roots,
                origins,
                Duration.ofDays(7),
                Optional.empty()));
    Client client = client();
    for (int i = 0; i < 600 && client.get("/readyz").status() != 200; i++) {
      Thread.sleep(50);
    }
    return client;
  }

  Client client() {
    return new Client(port());
  }

  int port() {
    return service.port();
  }

  Service service() {
    return service;
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
  }
}
