package dev.mixdown.pipelines.terminal;

import dev.mixdown.configs.storage.Storage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the workspace of a command. */
public final class Workspaces {
  private Workspaces() {}

  /** The folder that is named; else what MIXDOWN_WORKSPACE names; else the user's cache. */
  public static String folder(@Nullable String named) {
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
    Path base =
        cache != null && !cache.isBlank()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("mixdown");
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
