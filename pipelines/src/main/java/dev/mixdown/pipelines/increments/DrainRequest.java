package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.streams.StreamFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code drain.json} in a stream's folder: whoever runs the stream and sees a new one publishes
 * what there is, and ends. It stays there; one that was there before a run began is none of its.
 */
public final class DrainRequest {
  private static final String FILE = "drain.json";

  private DrainRequest() {}

  public static void leave(StreamFolder folder, Instant now) throws IOException {
    folder
        .storage()
        .write(
            folder.file(FILE),
            Json.write(
                Json.object()
                    .put("request", UUID.randomUUID().toString())
                    .put("when", now.toString())));
  }

  /** The request that is there; empty where there is none. */
  public static Optional<byte[]> read(StreamFolder folder) throws IOException {
    return folder.storage().read(folder.file(FILE));
  }

  /** Whether there is another request than one that was seen before. */
  public static boolean isNew(Optional<byte[]> seen, Optional<byte[]> now) {
    return now.isPresent() && (seen.isEmpty() || !Arrays.equals(seen.get(), now.get()));
  }
}
