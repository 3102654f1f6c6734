package dev.mixdown.pipelines.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shard of a current manifest that is no longer as it was when the manifest was made: it is gone,
 * has another size, or was written since. No data is read.
 *
 * @param message what has changed
 */
public record ChangedShard(PreparedManifest manifest, String dataset, String path, String message) {
  /** Looks at the shards of all current manifests. */
  public static List<ChangedShard> of(Storage storage, List<PreparedManifest> manifests)
      throws IOException {
    List<ChangedShard> changed = new ArrayList<>();
    Map<String, Optional<FileInfo>> looked = new HashMap<>();
    for (PreparedManifest manifest : manifests) {
      if (!manifest.current()) {
        continue;
      }
      for (Manifest.Shard shard : manifest.manifest().shards()) {
        Optional<FileInfo> now = looked.get(shard.uri());
        if (now == null) {
          now = StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
          looked.put(shard.uri(), now);
        }
        change(shard, now, manifest.made())
            .ifPresent(
                message ->
                    changed.add(new ChangedShard(manifest, shard.dataset(), shard.uri(), message)));
      }
    }
    return changed;
  }

  private static Optional<String> change(
      Manifest.Shard shard, Optional<FileInfo> now, Instant made) {
    if (now.isEmpty()) {
      return Optional.of("is not there any more");
    }
    if (now.get().bytes() != shard.bytes()) {
      return Optional.of("has %,d bytes, and had %,d".formatted(now.get().bytes(), shard.bytes()));
    }
    return now.get().changedMillis() > made.toEpochMilli()
        ? Optional.of("was written again; \"prepare\" finds out whether its content has changed")
        : Optional.empty();
  }

  /** One of the changes that the service answers. */
  public ObjectNode json() {
    return Json.object()
        .put("stage", manifest.manifest().stage())
        .put("variant", manifest.manifest().variant())
        .put("manifest_id", manifest.manifest().id())
        .put("dataset", dataset)
        .put("path", path)
        .put("message", message);
  }
}
