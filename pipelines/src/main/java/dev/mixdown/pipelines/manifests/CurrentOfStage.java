package dev.mixdown.pipelines.manifests;

import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.registry.manifests.CurrentManifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Which of a stage's manifests is current: read, and switched in one step. */
public final class CurrentOfStage {
  private static final int MOST_TRIES = 100;

  private final Storage storage;
  private final String folder;
  private final String file;

  /**
   * @param folder the stage's
   */
  public CurrentOfStage(Storage storage, String folder) {
    this.storage = storage;
    this.folder = folder;
    this.file = StoragePath.resolve(folder, CurrentManifest.FILE);
  }

  /** Whether a manifest is current. */
  public boolean is(String id) throws IOException {
    return !storage.isLink(file) && is(id, storage.read(file));
  }

  private static boolean is(String id, Optional<byte[]> current) {
    // Where somebody made it unreadable, it is written anew.
    return current.flatMap(CurrentManifest::readIfSound).filter(c -> c.names(id)).isPresent();
  }

  /**
   * Makes a manifest current; of several runs that do so at once, the last one's is.
   *
   * @throws UnrecordedException where that cannot be written
   */
  public void switchTo(String id) throws IOException {
    try {
      replace(id);
    } catch (IOException e) {
      throw new UnrecordedException(
          StoragePath.resolve(folder, id) + " is published",
          file,
          "run again to make it current",
          e);
    }
  }

  private void replace(String id) throws IOException {
    byte[] now = CurrentManifest.of(id, Instant.now()).bytes();
    if (storage.isLink(file)) {
      // What it leads to may be anybody's: the link itself gives way.
      storage.write(file, now);
      return;
    }
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Optional<byte[]> old = storage.read(file);
      if (is(id, old) || storage.replace(file, old, now)) {
        return;
      }
    }
    throw new IOException(file + ": others write to it all the time; run again");
  }
}
