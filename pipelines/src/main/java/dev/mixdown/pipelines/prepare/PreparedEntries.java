package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.VersionShards;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.samples.Replays;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a prepare leaves in the registry: its run, the manifest, and the dataset versions that it
 * used. {@code lineage.json} beside the manifest says the same as the run.
 */
final class PreparedEntries {
  private final StagePlan plan;
  private final PrepareRequest request;
  private final Optional<String> baseModel;
  private final String manifestId;
  private final Resolution resolution;
  private final DatasetConfig config;

  PreparedEntries(
      StagePlan plan, PrepareRequest request, Optional<String> baseModel, String manifestId) {
    this.plan = plan;
    this.request = request;
    this.baseModel = baseModel;
    this.manifestId = manifestId;
    this.resolution = plan.resolution();
    this.config = resolution.config();
  }

  /** The stage's own datasets: what comes again is known by the manifests that gave it. */
  private List<InspectedDataset> own() {
    return plan.datasets().stream().filter(dataset -> !Replays.is(dataset)).toList();
  }

  /** The versions of the datasets, as they are now. */
  List<DatasetVersion> versions(Instant end) {
    String now = end.truncatedTo(ChronoUnit.SECONDS).toString();
    List<DatasetVersion> versions = new ArrayList<>();
    for (InspectedDataset dataset : own()) {
      String place = StoragePath.resolve(request.repository().folder(), dataset.entry().path());
      versions.add(
          DatasetVersion.of(
              new DatasetVersion.VersionDetails(
                  dataset.entry().name(), StoragePath.absolute(place), null, List.of(), now, false),
              VersionShards.of(dataset.shards())));
    }
    for (InspectedHeldOut held : plan.heldOut()) {
      String place = StoragePath.resolve(request.repository().folder(), held.entry().path());
      versions.add(
          DatasetVersion.of(
              new DatasetVersion.VersionDetails(
                  held.entry().name(),
                  StoragePath.absolute(place),
                  null,
                  List.of(held.entry().kind().key()),
                  now,
                  false),
              VersionShards.of(held.shards())));
    }
    return versions;
  }

  /** The run: who made what of which versions, when, with what. */
  RunEntry run(UUID run, String uri, Instant begin, Instant end, Outcome outcome)
      throws IOException {
    List<RunEntry.Input> inputs = new ArrayList<>();
    for (InspectedDataset dataset : own()) {
      inputs.add(
          new RunEntry.Input(
              dataset.entry().name(),
              dataset.version(),
              dataset.records(),
              dataset.bytes(),
              dataset.shards().stream().map(s -> StoragePath.absolute(s.file().path())).toList()));
    }
    return new RunEntry(
        run.toString(),
        "prepare",
        "COMPLETE",
        outcome.word(),
        begin.toString(),
        end.toString(),
        resolution.stage(),
        resolution.variant().orElse(null),
        request.epoch(),
        null,
        baseModel.orElse(null),
        request.recipe().map(PlannedRecipe::reference).orElse(null),
        inputs,
        plan.rules().references().stream()
            .map(r -> new RunEntry.Source(r.manifest(), r.as(), r.consumed().orElse(null)))
            .toList(),
        List.of(new RunEntry.Output(manifestId, uri, plan.mix().total(), config.mix().seed())),
        config(),
        code(),
        request.runner().environment(),
        false);
  }

  private ObjectNode config() throws IOException {
    ObjectNode source = Json.object();
    source.put("uri", StoragePath.absolute(config.file()));
    source.put(
        "sha256",
        Digests.hex(
            Digests.sha256()
                .digest(request.repository().storage().read(config.file()).orElse(new byte[0]))));
    source.put("stage_rule", resolution.stageRule());
    source.put("config_rule", resolution.configRule());
    source.put("release_name", config.releaseName().orElse(null));
    source.put("version", config.version().orElse(null));
    source.set("bundle_versions", Json.tree(config.bundleVersions()));
    return source;
  }

  /** Which mixdown this is. */
  static ObjectNode code() {
    return Json.object().put("mixdown", Version.mixdown()).put("planner", Version.PLANNER);
  }

  /** The manifest, as it is first made. */
  ManifestEntry manifest(String uri, Instant end, UUID run) {
    return new ManifestEntry(
        manifestId,
        uri,
        resolution.stage(),
        resolution.variant().orElse(null),
        request.epoch(),
        config.mix().seed(),
        plan.mix().total(),
        request.format().extension(),
        end.toString(),
        shares(),
        run.toString(),
        false);
  }

  private List<ManifestEntry.Share> shares() {
    List<ManifestEntry.Share> shares = new ArrayList<>();
    for (InspectedDataset dataset : plan.datasets()) {
      String name = dataset.entry().name();
      long samples = plan.mix().samples(name);
      shares.add(
          new ManifestEntry.Share(
              name, dataset.version(), dataset.entry().weight().orElse(null), samples));
    }
    return shares;
  }
}
