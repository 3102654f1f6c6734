package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.content.ContentFiles;
import dev.mixdown.transforms.content.ContentSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.util.List;

/**
 * A shard whose records are compared by their content.
 *
 * @param dataset its dataset's name
 * @param uri where it lies
 * @param sha256 of the file, as it was when it was inspected
 * @param records good and bad ones
 * @param files where its records by content lie, or will lie
 */
public record ContentShard(
    String dataset, String uri, String sha256, long records, ContentSpec spec, List<String> files) {
  /** A shard that was inspected. */
  public static ContentShard of(Workspace workspace, InspectedShard shard, Content content) {
    return of(
        workspace,
        shard.matched().dataset(),
        shard.file().path(),
        shard.inspection().sha256(),
        shard.inspection().stored() + shard.inspection().rejectedRecords(),
        ContentSpec.of(shard.spec().format(), shard.spec().csv(), content));
  }

  /** The same shard, where something else makes the content of records the same. */
  ContentShard by(Workspace workspace, Content content) {
    return of(
        workspace,
        dataset,
        uri,
        sha256,
        records,
        ContentSpec.of(spec.format(), spec.csv(), content));
  }

  /** A shard of a manifest. */
  public static ContentShard of(
      Workspace workspace, Manifest manifest, Manifest.Shard shard, Content content) {
    CsvOptions csv = manifest.spec().csv(shard.dataset());
    return of(
        workspace,
        shard.dataset(),
        shard.uri(),
        shard.sha256(),
        shard.records() + shard.rejected(),
        ContentSpec.of(ShardFormat.of(shard.format()).orElseThrow(), csv, content));
  }

  private static ContentShard of(
      Workspace workspace,
      String dataset,
      String uri,
      String sha256,
      long records,
      ContentSpec spec) {
    String prefix =
        StoragePath.resolve(
            workspace.folder(),
            "content/%s/%s-%s".formatted(sha256.substring(0, 2), sha256, spec.digest()));
    return new ContentShard(
        dataset, uri, sha256, records, spec, ContentFiles.files(prefix, records));
  }
}
