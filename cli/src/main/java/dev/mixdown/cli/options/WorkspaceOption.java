package dev.mixdown.cli.options;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.storage.Storage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command keeps what it has read. */
public final class WorkspaceOption {
  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      order = 81,
      description =
          "Where shard indexes and the ledger are kept, so that nothing is read twice"
              + " (default: $MIXDOWN_WORKSPACE, else ~/.cache/mixdown).")
  private @Nullable String workspace;

  /** The folder that is named; else what MIXDOWN_WORKSPACE names; else the user's cache. */
  public String folder() {
    return folder(workspace);
  }

  private static String folder(@Nullable String named) {
    String variable = System.getenv("MIXDOWN_WORKSPACE");
    if (named != null) {
      return Storage.absolute(named);
    }
    if (variable != null && !variable.isBlank()) {
      return Storage.absolute(variable);
    }
    return cache().toString();
  }

  private static Path cache() {
    String cache = System.getenv("XDG_CACHE_HOME");
    if (cache != null && !cache.isBlank()) {
      return Path.of(cache).resolve("mixdown");
    }
    // Java's own user.home knows only the password file, which containers often lack.
    String home = System.getenv("HOME");
    if (home == null || home.isBlank()) {
      throw new ConfigException(
          "the workspace",
          "HOME",
          "is not set, so there is no place for a cache; set MIXDOWN_WORKSPACE, XDG_CACHE_HOME or HOME");
    }
    return Path.of(home, ".cache", "mixdown");
  }

  /**
   * Where events wait to be sent: in the workspace that this machine's processes share, or beside
   * it where that is in an object store.
   */
  public static Path outboxes() {
    String workspace = folder(null);
    return (Storage.scheme(workspace).isPresent() ? cache() : Path.of(workspace)).resolve("outbox");
  }
}
