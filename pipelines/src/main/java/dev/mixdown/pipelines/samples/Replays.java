package dev.mixdown.pipelines.samples;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.samples.ResolvedRules.Named;
import dev.mixdown.pipelines.uses.ManifestOrder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data of samples that come again: the shards of the manifests that gave them, each manifest a
 * dataset of its own. They have to be as they were.
 */
public final class Replays {
  /** The category of samples that come again. */
  public static final String CATEGORY = "replay";

  private Replays() {}

  /** Whether a dataset is samples that come again. */
  public static boolean is(InspectedDataset dataset) {
    return dataset.entry().name().startsWith(ManifestOrder.REPLAY);
  }

  /**
   * The datasets, in the order of the rules.
   *
   * @throws DataException when a shard is gone, or not as it was
   */
  public static List<InspectedDataset> inspect(
      ResolvedRules rules, Storage storage, Inspections inspections) throws IOException {
    List<InspectedDataset> datasets = new ArrayList<>();
    for (Named<Consumed> replay : rules.replay()) {
      DatasetEntry entry = entry(replay.source());
      Manifest manifest = replay.value().manifest().manifest();
      Map<String, Manifest.Shard> bySha = new LinkedHashMap<>();
      manifest.shards().forEach(shard -> bySha.putIfAbsent(shard.sha256(), shard));
      List<MatchedShard> matched = new ArrayList<>();
      List<DataProblem> problems = new ArrayList<>();
      for (Manifest.Shard shard : bySha.values()) {
        Optional<FileInfo> file =
            StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
        if (file.isEmpty()) {
          problems.add(changed(shard, manifest, "is gone"));
        } else {
          matched.add(new MatchedShard(entry.name(), file.get(), spec(manifest, shard)));
        }
      }
      Inspections.Outcome outcome = inspections.inspect(matched);
      problems.addAll(outcome.problems());
      List<InspectedShard> shards = outcome.of(matched);
      for (InspectedShard shard : shards) {
        if (!bySha.containsKey(shard.inspection().sha256())) {
          problems.add(
              DataProblem.of(
                  shard.file().path(),
                  "has changed since manifest %s was made, whose samples come again; restore it, or leave the replay out"
                      .formatted(manifest.id())));
        }
      }
      if (!problems.isEmpty()) {
        throw new DataException("what comes again is not as it was", problems);
      }
      datasets.add(new InspectedDataset(entry, shards));
    }
    return datasets;
  }

  private static DataProblem changed(Manifest.Shard shard, Manifest manifest, String how) {
    return DataProblem.of(
        shard.uri(),
        "%s, and manifest %s was made with it, whose samples come again; restore it, or leave the replay out"
            .formatted(how, manifest.id()));
  }

  private static InspectionSpec spec(Manifest manifest, Manifest.Shard shard) {
    return new InspectionSpec(
        ShardFormat.of(shard.format()).orElseThrow(),
        manifest.spec().csv(shard.dataset()),
        true,
        true,
        null,
        null,
        null,
        manifest.spec().identityField(),
        RecordFilter.NONE);
  }

  private static DatasetEntry entry(SampleRules.Source source) {
    return new DatasetEntry(
        source.node(),
        ManifestOrder.REPLAY + source.name(),
        "",
        List.of(),
        BigDecimal.ONE,
        Optional.empty(),
        Priority.MEDIUM,
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.of(CATEGORY),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        DatasetEntry.CsvOptions.DEFAULT);
  }
}
