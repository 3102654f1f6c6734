package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestSpecs;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.plan.PlanDocument;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.manifests.LoadStatistics;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestIdentity;
import dev.mixdown.registry.training.TrainingEntries;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.index.DamagedFileException;
import dev.mixdown.transforms.mixing.ExactDecimals;
import dev.mixdown.transforms.records.RejectedRecords;
import dev.mixdown.transforms.shards.InspectedShard;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lies beside a manifest's parts, and the manifest's id. */
final class ManifestDocuments {
  /** As the switch log and the load statistics have always written times. */
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final StagePlan plan;
  private final PrepareRequest request;
  private final Optional<String> baseModel;
  private final Resolution resolution;
  private final DatasetConfig config;
  private final List<InspectedShard> shards;
  private final ManifestIdentity identity;
  private final String id;

  /**
   * @param baseModel what the stage will be trained from; no sample depends on it
   */
  ManifestDocuments(StagePlan plan, PrepareRequest request, Optional<String> baseModel) {
    this.plan = plan;
    this.request = request;
    this.baseModel = baseModel;
    this.resolution = plan.resolution();
    this.config = resolution.config();
    this.shards = plan.shards();
    this.identity = identity();
    this.id = identity.id();
  }

  /** What the stage will be trained from, where that was said. */
  Optional<String> baseModel() {
    return baseModel;
  }

  String manifestId() {
    return id;
  }

  long samples() {
    return plan.mix().total();
  }

  private ManifestIdentity identity() {
    List<ManifestIdentity.Dataset> datasets = new ArrayList<>();
    for (InspectedDataset dataset : plan.datasets()) {
      datasets.add(
          new ManifestIdentity.Dataset(
              dataset.entry().name(),
              dataset.version(),
              dataset.records(),
              config.mix().shuffle()
                  ? null
                  : dataset.shards().stream().map(s -> s.inspection().sha256()).toList()));
    }
    return new ManifestIdentity(
        planner(),
        resolution.arm(),
        request.epoch(),
        request.format().extension(),
        tasks(),
        ManifestSpecs.of(config),
        datasets,
        plan.rules().json().orElse(null),
        heldOut());
  }

  /** What is held out, where the rows depend on it. */
  private @Nullable JsonNode heldOut() {
    if (config.mix().samples().holdOut().policy() != SampleRules.Policy.EXCLUDE) {
      return null;
    }
    List<String> digests = plan.selection().heldOut();
    return digests.isEmpty() ? null : Json.tree(digests);
  }

  private @Nullable JsonNode tasks() {
    return config.tasks().isEmpty() ? null : Json.tree(config.tasks());
  }

  /**
   * The planner's version, as far as it matters here: version 2 rounds {@code unimax} over
   * categories first, and takes identities of Parquet rows from what their values mean. Whatever
   * neither touches is as it was in version 1, and keeps its id.
   */
  private int planner() {
    boolean touched =
        config.mix().strategy().equals(Optional.of(Strategy.UNIMAX))
            || shards.stream().anyMatch(s -> s.inspection().typed());
    return touched ? Version.PLANNER : 1;
  }

  /** What the stage will be trained by, where that was said. */
  Optional<ObjectNode> recipe() {
    return request.recipe().map(PlannedRecipe::reference);
  }

  /**
   * The manifest with its parts.
   *
   * @param recipe that it was prepared for before; kept where no other is said
   */
  Manifest manifest(List<Manifest.Part> parts, @Nullable JsonNode recipe) {
    return new Manifest(
        Manifest.SCHEMA_VERSION,
        id,
        resolution.stage(),
        resolution.variant().orElse(null),
        request.epoch(),
        samples(),
        request.format().extension(),
        planner(),
        config.releaseName().orElse(null),
        tasks(),
        recipe().<JsonNode>map(r -> r).orElse(recipe),
        identity.spec(),
        identity.json(),
        plan.datasets().stream().map(ManifestDocuments::dataset).toList(),
        plan.heldOut().stream().map(ManifestDocuments::heldOut).toList(),
        shards.stream().map(ManifestDocuments::shard).toList(),
        PlanDocument.strata(plan.mix()),
        plan.mix().warnings().stream().map(Note::of).toList(),
        resolution.carried().document(),
        parts,
        Map.of());
  }

  private static Manifest.Dataset dataset(InspectedDataset dataset) {
    return new Manifest.Dataset(
        dataset.entry().name(),
        dataset.version(),
        dataset.records(),
        dataset.bytes(),
        dataset.shards().size(),
        Json.tree(dataset.entry().bundleVersions()),
        dataset.rejected(),
        dataset.filtered());
  }

  private static Manifest.HeldOut heldOut(InspectedHeldOut held) {
    return new Manifest.HeldOut(
        held.entry().name(),
        held.entry().kind().key(),
        held.version(),
        held.records(),
        held.shards().stream()
            .map(
                shard ->
                    new Manifest.HeldOutShard(
                        StoragePath.absolute(shard.file().path()),
                        shard.inspection().sha256(),
                        shard.inspection().bytes(),
                        shard.inspection().stored()))
            .toList());
  }

  private static Manifest.Shard shard(InspectedShard shard) {
    return new Manifest.Shard(
        shard.matched().dataset(),
        StoragePath.absolute(shard.file().path()),
        shard.inspection().sha256(),
        shard.inspection().bytes(),
        shard.inspection().stored(),
        shard.spec().format().toString(),
        shard.inspection().rejectedRecords());
  }

  LoadStatistics loadStatistics(Instant begin, Instant end) {
    List<LoadStatistics.Dataset> loaded = new ArrayList<>();
    for (InspectedDataset dataset : plan.datasets()) {
      String name = dataset.entry().name();
      long samples = plan.mix().samples(name);
      loaded.add(
          new LoadStatistics.Dataset(
              name,
              samples,
              dataset.entry().weight().map(ExactDecimals::shortest).orElse(null),
              LoadStatistics.seconds(dataset.seconds()),
              ExactDecimals.of(plan.mix().share(name)),
              ExactDecimals.quotient(samples, samples()),
              dataset.rejected(),
              dataset.filtered()));
    }
    return new LoadStatistics(
        LOG_TIME.format(end),
        resolution.stage(),
        loaded,
        samples(),
        LoadStatistics.seconds(Duration.between(begin, end).toMillis() / 1000.0),
        Map.of());
  }

  /** The stage's training record, which training goes on with. */
  TrainingInfo trainingInfo(String path, String uri, Instant end) {
    return TrainingInfo.prepared(
        path,
        resolution.stage(),
        baseModel,
        recipe(),
        TrainingEntries.data(
            id,
            uri,
            plan.datasets().stream()
                .map(d -> new TrainingEntry.Used(d.entry().name(), d.version(), null))
                .toList()),
        end);
  }

  /** Copies the records that were left out, each with its shard and reason. */
  void writeRejected(String folder) throws IOException {
    Storage storage = request.repository().storage();
    for (int number = 0; number < shards.size(); number++) {
      InspectedShard shard = shards.get(number);
      if (shard.inspection().rejectedRecords() > 0) {
        String kept = request.workspace().rejected(shard.inspection().sha256(), shard.spec());
        Optional<byte[]> lines = storage.read(kept).flatMap(RejectedRecords::lines);
        if (lines.isEmpty()) {
          throw new DamagedFileException(kept, "it is missing, or its checksum does not fit");
        }
        String name = String.format(Locale.ROOT, "shard-%05d.jsonl", number);
        storage.write(StoragePath.resolve(folder, name), lines.get());
      }
    }
  }
}
