package dev.mixdown.pipelines.remix;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.uses.UsesOfIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The records that dataset versions of a manifest have, by category: from the indexes of their
 * shards, which the workspace knows where the manifest was made with it. Else shards are read.
 */
final class VersionRecords {
  private final Workspace workspace;
  private final Storage storage;
  private final Inspections inspections;

  VersionRecords(Workspace workspace, Inspections inspections) {
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.inspections = inspections;
  }

  /**
   * A shard with the categories of its records.
   *
   * @param categories by number of the group in its index
   */
  record Shard(String dataset, UsesOfIndex.Shard files, long records, List<String> categories) {}

  /**
   * The shards of some datasets of a manifest.
   *
   * @throws DataException when one is gone, or not as it was
   */
  List<Shard> of(Manifest manifest, Set<String> datasets) throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    List<MatchedShard> matched = new ArrayList<>();
    Ledger ledger = Ledger.open(workspace);
    for (Manifest.Shard shard : manifest.shards()) {
      if (!datasets.contains(shard.dataset())) {
        continue;
      }
      Optional<FileInfo> file =
          StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
      if (file.isEmpty()) {
        problems.add(DataProblem.of(shard.uri(), "is gone, and the manifest was made with it"));
      } else {
        InspectionSpec quick = spec(manifest.spec(), shard, false);
        InspectionSpec full = spec(manifest.spec(), shard, true);
        boolean isQuick =
            ledger.find(file.get(), full).isEmpty() && ledger.find(file.get(), quick).isPresent();
        matched.add(new MatchedShard(shard.dataset(), file.get(), isQuick ? quick : full));
      }
    }
    Inspections.Outcome outcome = inspections.inspect(matched);
    problems.addAll(outcome.problems());
    Set<String> made =
        manifest.shards().stream().map(Manifest.Shard::sha256).collect(Collectors.toSet());
    for (InspectedShard shard : outcome.good().values()) {
      if (!made.contains(shard.inspection().sha256())) {
        problems.add(
            DataProblem.of(shard.file().path(), "has changed since the manifest was made with it"));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException("the manifest's data is not as it was", problems);
    }
    return outcome.of(matched).stream().map(shard -> shard(manifest, shard)).toList();
  }

  private Shard shard(Manifest manifest, InspectedShard shard) {
    Inspection inspection = shard.inspection();
    String dataset = shard.matched().dataset();
    return new Shard(
        dataset,
        UsesOfIndex.Shard.of(
            workspace.index(inspection.sha256(), shard.spec()),
            inspection.stored() + inspection.rejectedRecords()),
        inspection.records(),
        inspection.groups().stream()
            .map(group -> category(manifest, dataset, group.category()))
            .toList());
  }

  /** The category of records: their own, where the manifest took it from them. */
  private static String category(Manifest manifest, String dataset, @Nullable String own) {
    if (own != null) {
      return manifest.spec().dataRatio().containsKey(own) ? own : Categories.OTHERS;
    }
    return manifest.strata().stream()
        .filter(stratum -> stratum.dataset().equals(dataset))
        .map(Manifest.Stratum::category)
        .findFirst()
        .orElse(Categories.OTHERS);
  }

  /** What was looked for when the manifest was made. */
  private static InspectionSpec spec(ManifestSpec spec, Manifest.Shard shard, boolean full) {
    Optional<ManifestSpec.Dataset> dataset = spec.dataset(shard.dataset());
    boolean ownLevels =
        spec.difficultyProgression()
            && dataset
                .map(ManifestSpec.Dataset::difficultyLevel)
                .filter(DatasetEntry.PROGRESSIVE::equals)
                .isPresent();
    return new InspectionSpec(
        ShardFormat.of(shard.format()).orElseThrow(),
        spec.csv(shard.dataset()),
        full,
        true,
        dataset.map(ManifestSpec.Dataset::category).isPresent() ? null : spec.categoryField(),
        ownLevels ? spec.difficultyField() : null,
        spec.unitField(),
        spec.identityField(),
        RecordFilter.of(spec.filtering()));
  }
}
