package dev.mixdown.service.site;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.service.access.Access;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service is started.
 *
 * @param settings with workspace, registry, output and catalog
 * @param repository the release repository's folder
 * @param host to listen on
 * @param port 0 for any that is free
 * @param tokenFile whose callers may write, and on other hosts read
 * @param dataRoots folders that requests may name paths below
 * @param origins pages elsewhere that may call
 * @param staleAfter how long a running job may be silent
 * @param watch how often the data of current manifests is looked at; empty for never
 */
public record ServiceSettings(
    Settings settings,
    String repository,
    String host,
    int port,
    Optional<Path> tokenFile,
    List<Path> dataRoots,
    List<String> origins,
    Duration staleAfter,
    Optional<Duration> watch) {
  /**
   * @throws ConfigException when others could call and nobody were asked who it is
   */
  public ServiceSettings {
    dataRoots = List.copyOf(dataRoots);
    origins = List.copyOf(origins);
    if (!Access.isLocal(host) && tokenFile.isEmpty()) {
      throw new ConfigException(
          "the service",
          "--host " + host,
          "other machines could call, and nobody would be asked for a token; set --token-file, or"
              + " leave out --host");
    }
  }
}
