package dev.mixdown.cli.serve;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.catalog.StaleOption;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.service.Service;
import dev.mixdown.service.site.ServiceSettings;
import dev.mixdown.storage.StoragePath;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the service. */
@Command(
    name = "serve",
    description = {
      "Start the service: a page to look at stages, manifests, lineage, recipes and jobs, and HTTP for"
          + " programs.",
      "",
      "It runs until it is interrupted. On this machine (127.0.0.1) it asks nobody for a token; other"
          + " machines can only call with --host and --token-file."
    },
    sortOptions = false)
public final class ServeCommand extends JsonCommand {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "The port; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where manifests lie (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String output;

  @Option(
      names = "--data-root",
      paramLabel = "DIR",
      description =
          "Requests may name paths below this folder, and records from there are shown; may be"
              + " repeated. The release repository always counts.")
  private List<Path> roots = new ArrayList<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Who may call: a line name:token for each. Calls that write need one, then.")
  private @Nullable Path tokens;

  @Option(
      names = "--allow-origin",
      paramLabel = "URL",
      description = "Pages of this origin may call, as https://portal.example; may be repeated.")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--watch",
      paramLabel = "AGE",
      description =
          "Look so often whether the data of current manifests has changed, as 10m (default: never"
              + " by itself).")
  private @Nullable String watch;

  @Mixin private RecipeOptions registry = new RecipeOptions();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Mixin private StaleOption stale = new StaleOption();

  @Override
  public Integer call() throws Exception {
    ServiceSettings settings = serviceSettings();
    CountDownLatch ended = new CountDownLatch(1);
    try (Service service = Service.start(settings)) {
      String address =
          "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, service.port());
      if (json()) {
        print(
            Json.object()
                .put("address", address)
                .put("registry", service.site().registry().folder()));
      } else {
        out().println("Serving " + settings.repository() + " at " + address + "  (Ctrl-C ends it)");
      }
      out().flush();
      Thread farewell = new Thread(() -> end(service, ended), "farewell");
      Runtime.getRuntime().addShutdownHook(farewell);
      ended.await();
    }
    return 0;
  }

  private static void end(Service service, CountDownLatch ended) {
    service.close();
    ended.countDown();
  }

  private ServiceSettings serviceSettings() {
    if (port < 0 || port > 65_535) {
      throw badUsage("--port is " + port + "; it has to be from 0 to 65535");
    }
    String repository = registry.repository();
    if (StoragePath.isLocal(repository) && !Files.isDirectory(StoragePath.local(repository))) {
      throw badUsage("--repo " + repository + ": there is no such folder");
    }
    for (Path root : roots) {
      if (!Files.isDirectory(root)) {
        throw badUsage("--data-root " + root + ": there is no such folder");
      }
    }
    for (String origin : origins) {
      if (!origin.matches("https?://[^/]+") || URI.create(origin).getHost() == null) {
        throw badUsage(
            "--allow-origin is \"%s\"; scheme, host and port are expected, as https://portal.example"
                .formatted(origin));
      }
    }
    return new ServiceSettings(
        catalog.in(registry.located().with(Settings.OUTPUT, output)),
        StoragePath.absolute(repository),
        host,
        port,
        Optional.ofNullable(tokens),
        roots,
        origins,
        stale.age(),
        Optional.ofNullable(watch).map(text -> age("--watch", text)));
  }

  private Duration age(String option, String text) {
    return StaleOption.parse(text)
        .orElseThrow(
            () ->
                badUsage(
                    "%s is \"%s\"; a number of days, hours or minutes is expected, as 10m"
                        .formatted(option, text)));
  }
}
