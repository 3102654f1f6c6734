package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.Filtering;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedDataset.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.plan.StagePlan.NumberedShard;
import dev.mixdown.pipelines.prepare.Preparation.Outcome;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.training.TrainingEntries;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.DamagedFileException;
import dev.mixdown.transforms.manifest.PartFile;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RejectedRecords;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.numbers.fraction.BigFraction;

/** The records beside a manifest's parts, and the manifest's id. */
public final class ManifestDocuments {
  /** As the switch log and the load statistics have always written times. */
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** As training_info.json has times: in UTC, which the Z says. */
  private static final DateTimeFormatter TRAINING_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final StagePlan plan;
  private final PrepareRequest request;
  private final Optional<String> baseModel;
  private final Resolution resolution;
  private final DatasetConfig config;
  private final List<NumberedShard> shards;
  private final String id;
  private final PreparedEntries records;

  /**
   * @param baseModel what the stage will be trained from; no part of the manifest
   */
  ManifestDocuments(StagePlan plan, PrepareRequest request, Optional<String> baseModel) {
    this.plan = plan;
    this.request = request;
    this.baseModel = baseModel;
    this.resolution = plan.resolution();
    this.config = resolution.config();
    this.shards = plan.shards();
    this.id = Digests.sha256(Json.line(identity())).substring(0, 20);
    this.records = new PreparedEntries(plan, request, baseModel, id);
  }

  /** What the stage will be trained from, where that was said. */
  Optional<String> baseModel() {
    return baseModel;
  }

  String manifestId() {
    return id;
  }

  long total() {
    return plan.mix().total();
  }

  /**
   * All that a manifest's rows depend on, and nothing else: no place, no name of a file, no time.
   */
  private ObjectNode identity() {
    ObjectNode identity = Json.object();
    identity.put("planner", planner());
    identity.put("stage", resolution.arm());
    identity.put("epoch", request.epoch());
    identity.put("format", request.format().extension());
    if (!config.tasks().isEmpty()) {
      identity.set("tasks", Json.tree(config.tasks()));
    }
    identity.set("spec", spec());
    ArrayNode versions = identity.putArray("datasets");
    for (InspectedDataset dataset : plan.datasets()) {
      ObjectNode version = versions.addObject();
      version.put("name", dataset.entry().name());
      version.put("version", dataset.version());
      version.put("records", dataset.records());
      if (!config.mix().shuffle()) {
        ArrayNode order = version.putArray("order");
        dataset.shards().forEach(s -> order.add(s.inspection().sha256()));
      }
    }
    return identity;
  }

  /**
   * The planner's version, as far as it matters here: version 2 rounds {@code unimax} over
   * categories first, and takes identities of Parquet rows from what their values mean. Whatever
   * neither touches is as it was in version 1, and keeps its id.
   */
  private int planner() {
    boolean touched =
        config.mix().strategy().equals(Optional.of(Strategy.UNIMAX))
            || shards.stream().anyMatch(s -> s.shard().inspection().typed());
    return touched ? Version.PLANNER : 1;
  }

  /** What the stage asks for, with all defaults filled in. */
  private ObjectNode spec() {
    MixSettings mix = config.mix();
    ObjectNode spec = Json.object();
    ObjectNode ratios = spec.putObject("data_ratio");
    mix.dataRatio().forEach((category, ratio) -> ratios.put(category, plain(ratio)));
    spec.put("sampling_strategy", mix.strategy().map(s -> s.word()).orElse(null));
    spec.put("max_clips_per_dataset", mix.maxClipsPerDataset().orElse(null));
    spec.put("shuffle", mix.shuffle());
    spec.set("augmentation", Json.tree(mix.augmentation()));
    spec.put("difficulty_progression", mix.difficultyProgression());
    spec.put("seed", mix.seed());
    spec.put("total_clips", mix.totalClips().orElse(null));
    spec.put("shortfall", mix.shortfall().word());
    spec.put("temperature", plain(mix.temperature()));
    spec.put("category_field", mix.categoryField().orElse(null));
    spec.put("difficulty_field", mix.difficultyField().orElse(null));
    spec.set("difficulty_levels", Json.tree(mix.difficultyLevels()));
    spec.put("weight_unit", mix.weightUnit());
    spec.put("identity_field", mix.identityField().orElse(null));
    spec.put("shuffle_block", mix.shuffleBlock());
    spec.put("rows_per_part", mix.rowsPerPart());
    if (mix.filtering().isApplied()) {
      spec.set("filtering", filtering(mix.filtering()));
    }
    ArrayNode datasets = spec.putArray("datasets");
    for (DatasetEntry entry : config.enabled()) {
      ObjectNode dataset = datasets.addObject();
      dataset.put("name", entry.name());
      dataset.put("duplicate", plain(entry.duplicate()));
      dataset.put("stage_weight", entry.weight().map(ManifestDocuments::plain).orElse(null));
      dataset.put("sampling_priority", entry.priority().word());
      dataset.put("difficulty_level", entry.difficultyLevel().orElse(null));
      dataset.put("category", entry.category().orElse(null));
      dataset.put("format", entry.format().orElse(null));
      if (!entry.csv().equals(DatasetEntry.CsvOptions.DEFAULT)) {
        dataset
            .putObject("csv")
            .put("delimiter", String.valueOf(entry.csv().delimiter()))
            .put("quote", String.valueOf(entry.csv().quote()))
            .put("header", entry.csv().header());
      }
    }
    return spec;
  }

  /** The rules that are applied. */
  private static ObjectNode filtering(Filtering filtering) {
    ObjectNode node = Json.object();
    filtering
        .appliedQualityField()
        .ifPresent(
            field -> {
              node.put("quality_field", field);
              filtering.qualityThreshold().ifPresent(t -> node.put("quality_threshold", plain(t)));
            });
    filtering
        .appliedDurationField()
        .ifPresent(
            field -> {
              node.put("duration_field", field);
              filtering.minDuration().ifPresent(t -> node.put("min_duration", plain(t)));
              filtering.maxDuration().ifPresent(t -> node.put("max_duration", plain(t)));
            });
    return node;
  }

  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** The manifest. Equal inputs at equal places give equal bytes: there is no time in it. */
  ObjectNode manifest(List<PartFile> parts) {
    ObjectNode manifest = Json.object();
    manifest.put("manifest_id", id);
    manifest.put("stage", resolution.stage());
    manifest.put("variant", resolution.variant().orElse(null));
    manifest.put("epoch", request.epoch());
    manifest.put("total", plan.mix().total());
    manifest.put("format", request.format().extension());
    manifest.put("planner", planner());
    manifest.put("release_name", config.releaseName().orElse(null));
    if (!config.tasks().isEmpty()) {
      manifest.set("tasks", Json.tree(config.tasks()));
    }
    manifest.set("spec", spec());
    manifest.set("identity", identity());
    ArrayNode datasets = manifest.putArray("datasets");
    for (InspectedDataset dataset : plan.datasets()) {
      ObjectNode node =
          datasets
              .addObject()
              .put("name", dataset.entry().name())
              .put("version", dataset.version())
              .put("records", dataset.records())
              .put("bytes", dataset.bytes())
              .put("shards", dataset.shards().size());
      node.set("bundle_versions", Json.tree(dataset.entry().bundleVersions()));
      putCounts(node, dataset);
    }
    ArrayNode heldOut = manifest.putArray("held_out");
    plan.heldOut().forEach(held -> heldOut.add(heldOut(held)));
    manifest.set("shards", shardList());
    manifest.set("strata", strata(plan.mix()));
    manifest.set("warnings", Json.tree(plan.mix().warnings()));
    manifest.set("carried", resolution.carried().document());
    manifest.set("parts", Json.tree(parts));
    return manifest;
  }

  /** How many records were left out, by reason, where any were. */
  private static void putCounts(ObjectNode node, InspectedDataset dataset) {
    if (dataset.rejectedRecords() > 0) {
      node.set("rejected", Json.tree(dataset.rejected()));
    }
    if (!dataset.filtered().isEmpty()) {
      node.set("filtered", Json.tree(dataset.filtered()));
    }
  }

  /** Data that is held out, by what identifies it. */
  static ObjectNode heldOut(InspectedHeldOut held) {
    ObjectNode node =
        Json.object()
            .put("name", held.entry().name())
            .put("kind", held.entry().kind().key())
            .put("version", held.version())
            .put("records", held.records());
    ArrayNode shards = node.putArray("shards");
    for (InspectedShard shard : held.shards()) {
      shards
          .addObject()
          .put("uri", Storage.absolute(shard.file().path()))
          .put("sha256", shard.inspection().sha256())
          .put("bytes", shard.inspection().bytes())
          .put("records", shard.inspection().stored());
    }
    return node;
  }

  private ArrayNode shardList() {
    ArrayNode list = Json.array();
    for (NumberedShard shard : shards) {
      InspectionSpec spec = shard.shard().spec();
      ObjectNode node =
          list.addObject()
              .put("dataset", shard.dataset().entry().name())
              .put("uri", Storage.absolute(shard.shard().file().path()))
              .put("sha256", shard.shard().inspection().sha256())
              .put("bytes", shard.shard().inspection().bytes())
              .put("records", shard.shard().inspection().stored())
              .put("format", spec.format().toString());
      if (shard.shard().inspection().rejectedRecords() > 0) {
        node.put("rejected", shard.shard().inspection().rejectedRecords());
      }
    }
    return list;
  }

  /** What each stratum was to have, can have and has. */
  public static ArrayNode strata(Mix mix) {
    ArrayNode list = Json.array();
    for (Mix.StratumQuota part : mix.strata()) {
      list.addObject()
          .put("dataset", part.stratum().dataset())
          .put("category", part.stratum().category())
          .put("difficulty", part.stratum().level())
          .put("requested_share", decimal(part.share()))
          .put("records", part.records())
          .put("capacity", part.capacity())
          .put("quota", part.quota())
          .put("achieved_share", share(part.quota(), mix.total()))
          .put("passes", passes(part))
          .put("reason", part.reason().isEmpty() ? null : part.reason());
    }
    return list;
  }

  /** How many passes over its records a stratum gives, the last one perhaps in part. */
  private static BigDecimal passes(Mix.StratumQuota part) {
    return part.records() == 0
        ? BigDecimal.ZERO
        : decimal(BigFraction.of(part.quota()).divide(BigFraction.of(part.records())));
  }

  private static BigDecimal decimal(BigFraction share) {
    return plain(share.bigDecimalValue(12, RoundingMode.HALF_EVEN));
  }

  private static BigDecimal share(long part, long total) {
    return decimal(BigFraction.of(part).divide(BigFraction.of(total)));
  }

  /** The load statistics, in the form that loaders have always read. */
  ObjectNode loadStats(Instant begin, Instant end) {
    ObjectNode stats = Json.object();
    stats.put("timestamp", LOG_TIME.format(end));
    stats.put("stage", resolution.stage());
    ArrayNode loaded = stats.putArray("datasets_loaded");
    for (InspectedDataset dataset : plan.datasets()) {
      List<Mix.StratumQuota> parts =
          plan.mix().strata().stream()
              .filter(p -> p.stratum().dataset().equals(dataset.entry().name()))
              .toList();
      long clips = parts.stream().mapToLong(Mix.StratumQuota::quota).sum();
      BigFraction asked =
          parts.stream().map(Mix.StratumQuota::share).reduce(BigFraction.ZERO, BigFraction::add);
      ObjectNode node = loaded.addObject();
      node.put("name", dataset.entry().name())
          .put("clips_loaded", clips)
          .put("weight", dataset.entry().weight().map(ManifestDocuments::plain).orElse(null))
          .put("load_time", seconds(dataset.seconds()))
          .put("requested_share", decimal(asked))
          .put("achieved_share", share(clips, plan.mix().total()));
      putCounts(node, dataset);
    }
    stats.put("total_clips", plan.mix().total());
    stats.put("total_load_time", seconds(Duration.between(begin, end).toMillis() / 1000.0));
    return stats;
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1fs", seconds);
  }

  /** Who made what of which versions, when, with what. */
  ObjectNode lineage(UUID run, String uri, Instant begin, Instant end) throws IOException {
    return PreparedEntries.lineage(records.run(run, uri, begin, end, Outcome.PREPARED));
  }

  /** The same, and more, for the registry. */
  PreparedEntries records() {
    return records;
  }

  /** The stage's training record, which training goes on with. */
  ObjectNode trainingInfo(String uri, Instant end) {
    ObjectNode info = Json.object();
    info.putNull("model_name");
    info.put("stage", resolution.stage());
    info.putNull("final_checkpoint");
    info.put("base_model", baseModel.orElse(null));
    info.put("created_at", TRAINING_TIME.format(end));
    info.put("last_updated", TRAINING_TIME.format(end));
    info.put("total_steps", 0);
    info.putNull("last_dataset");
    info.putArray("training_history");
    info.put("status", "prepared");
    info.set(
        "data",
        TrainingEntries.data(
            id,
            uri,
            plan.datasets().stream()
                .map(d -> new TrainingEntry.Used(d.entry().name(), d.version(), null))
                .toList()));
    return info;
  }

  /** Copies the records that were left out, each with its shard and reason. */
  void writeRejected(String folder) throws IOException {
    for (int number = 0; number < shards.size(); number++) {
      NumberedShard shard = shards.get(number);
      if (shard.shard().inspection().rejectedRecords() > 0) {
        String kept =
            ShardInspector.rejectedPath(
                request.workspace(), shard.shard().inspection().sha256(), shard.shard().spec());
        Optional<byte[]> lines = Storage.read(kept).flatMap(RejectedRecords::lines);
        if (lines.isEmpty()) {
          throw new DamagedFileException(kept, "it is missing, or its checksum does not fit");
        }
        String name = String.format(Locale.ROOT, "shard-%05d.jsonl", number);
        Storage.write(Storage.resolve(folder, name), lines.get());
      }
    }
  }
}
