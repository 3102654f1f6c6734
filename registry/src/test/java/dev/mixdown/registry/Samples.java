package dev.mixdown.registry;

import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.DatasetVersion.VersionDetails;
import dev.mixdown.storage.Digests;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as tests need them. */
public final class Samples {
  private Samples() {}

  public static String hash(String of) {
    return Digests.sha256(of);
  }

  public static Shard shard(String uri, String content, long records, String modified) {
    return new Shard(uri, hash(content), content.length(), records, "jsonl", modified);
  }

  public static DatasetVersion version(String name, String path, Shard... shards) {
    return DatasetVersion.of(
        new VersionDetails(name, path, null, List.of(), "2026-01-01T00:00:00Z", false),
        Arrays.asList(shards));
  }

  /** A version of one shard of a few bytes. */
  public static DatasetVersion version(String name, String content, String modified) {
    String path = "/data/" + name + ".jsonl";
    return version(name, path, shard(path, content, 10, modified));
  }

  public static RunEntry run(
      String id, String started, String manifest, @Nullable String base, DatasetVersion... inputs) {
    return new RunEntry(
        id,
        "prepare",
        "COMPLETE",
        "prepared",
        started,
        started,
        "pretraining",
        null,
        0L,
        null,
        base,
        null,
        Arrays.stream(inputs)
            .map(v -> new RunEntry.Input(v.dataset(), v.version(), 10, 10, List.of("/u")))
            .toList(),
        List.of(new RunEntry.Output(manifest, "/out/" + manifest, 10, 0)),
        null,
        null,
        null,
        false);
  }

  public static ManifestEntry manifest(String id, String run, DatasetVersion... made) {
    return new ManifestEntry(
        id,
        "/out/" + id,
        "pretraining",
        null,
        0,
        0,
        10,
        "parquet",
        "2026-01-01T00:00:00Z",
        Arrays.stream(made)
            .map(v -> new ManifestEntry.Share(v.dataset(), v.version(), null, 5))
            .toList(),
        run,
        false);
  }

  public static TrainingEntry training(
      String id,
      @Nullable String manifest,
      @Nullable String base,
      @Nullable String checkpoint,
      String start,
      String end) {
    return new TrainingEntry(
        id,
        null,
        null,
        null,
        null,
        "model",
        "pretraining",
        "mix",
        10L,
        null,
        null,
        null,
        start,
        end,
        "/art/" + id + "/training_info.json",
        null,
        manifest,
        List.of(),
        base,
        checkpoint,
        null,
        null,
        null,
        "2026-01-01T00:00:00Z",
        false);
  }
}
