package dev.mixdown.pipelines.increments;

import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.LastLook;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps what the last step saw, for {@code online status}: at once when it changes. */
public final class LookNotes {
  /** What does not change is written so often, to show that somebody looks. */
  private static final Duration EVERY = Duration.ofSeconds(30);

  private LookNotes() {}

  public static void write(StreamFolder folder, LastLook look, Instant now) throws IOException {
    Optional<LastLook> before = read(folder);
    if (before.isEmpty()
        || !before.get().saysAs(look)
        || Instant.parse(before.get().when()).isBefore(now.minus(EVERY))) {
      folder.storage().write(folder.file(LastLook.FILE), look.bytes());
    }
  }

  /** The last one; empty where there is none that can be used. */
  public static Optional<LastLook> read(StreamFolder folder) throws IOException {
    Optional<byte[]> bytes = folder.storage().read(folder.file(LastLook.FILE));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LastLook.read(bytes.get()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
