package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.repository.GitCheckout;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Version;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.ShardSchema;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.registry.events.EventDataset;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.RunEvents;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.mixing.ExactDecimals;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.shards.InspectedShard;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Records one prepare in the registry, and sends its lineage events: that it began, and what it
 * used and made, or why it failed.
 */
final class PrepareReport implements AutoCloseable {
  private static final int MOST_OF_AN_ERROR = 2000;

  private final PrepareRequest request;
  private final PrepareOutput output;
  private final Storage storage;
  private final Registry registry;
  private final EventLog log;
  private final RunEvents events;
  private final UUID run;
  private final Instant begin;
  private final Resolution resolution;
  private final Set<String> notes = new LinkedHashSet<>();

  PrepareReport(
      PrepareRequest request,
      PrepareOutput output,
      UUID run,
      Instant begin,
      Resolution resolution) {
    this.request = request;
    this.output = output;
    this.storage = request.repository().storage();
    this.run = run;
    this.begin = begin;
    this.resolution = resolution;
    registry =
        new Registry(
            storage,
            output.registry(),
            damage ->
                notes.add(
                    "%s was damaged (%s); it was written again"
                        .formatted(damage.path(), damage.reason())));
    log = new EventLog(registry, output.events(), output.outboxes());
    events =
        new RunEvents(
            output.events(),
            new RunEvents.Job(
                "prepare." + resolution.folder(),
                "PREPARE",
                new GitCheckout(request.repository().folder()).state()),
            run,
            Version.mixdown());
  }

  /** The run has begun. */
  void started() throws IOException {
    log.emit(events.start(begin));
  }

  /**
   * The run has made a manifest, or found it made. A run that found everything made and recorded
   * already leaves no record: it has done nothing.
   */
  void completed(
      StagePlan plan,
      ManifestDocuments documents,
      PreparedEntries entries,
      String folder,
      Outcome outcome)
      throws IOException {
    Instant end = Instant.now();
    String uri = StoragePath.absolute(folder);
    boolean news = outcome != Outcome.UNCHANGED;
    for (DatasetVersion version : entries.versions(end)) {
      news |= registry.add(version);
    }
    ManifestEntry manifest = entries.manifest(uri, end, run);
    if (news || !registry.has(manifest)) {
      registry.add(entries.run(run, uri, begin, end, outcome));
      registry.add(manifest);
    }
    log.emit(
        events.complete(
            end,
            plan.datasets().stream().map(this::input).toList(),
            List.of(output(documents, uri)),
            mix(plan, documents, uri)));
  }

  /** What a user may want to know of the registry. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private String place(DatasetEntry entry) {
    return StoragePath.resolve(request.repository().folder(), entry.path());
  }

  /** A dataset, with its fields where this run has read it: nothing else is opened for them. */
  private EventDataset input(InspectedDataset dataset) {
    Optional<InspectedShard> read =
        dataset.shards().stream().filter(InspectedShard::fresh).findFirst();
    return EventDataset.at(place(dataset.entry()))
        .with(
            dataset.version(),
            dataset.shards().get(0).spec().format().records().word(),
            dataset.records(),
            dataset.bytes(),
            dataset.shards().size(),
            read.map(shard -> ShardSchema.of(storage, shard)).orElse(Map.of()));
  }

  private EventDataset output(ManifestDocuments documents, String uri) throws IOException {
    Optional<byte[]> published = storage.read(StoragePath.resolve(uri, Manifest.FILE));
    List<Manifest.Part> parts =
        published.isEmpty() ? List.of() : Manifest.read(published.get()).parts();
    return EventDataset.at(uri)
        .with(
            documents.manifestId(),
            request.format().extension(),
            documents.samples(),
            parts.stream().mapToLong(Manifest.Part::bytes).sum(),
            parts.size(),
            ManifestFormat.columns());
  }

  /** What only mixdown knows of a run. */
  private ObjectNode mix(StagePlan plan, ManifestDocuments documents, String uri) {
    ObjectNode mix = Json.object();
    mix.put("manifest_id", documents.manifestId());
    mix.put("manifest", uri);
    mix.put("stage", resolution.folder());
    mix.put("epoch", request.epoch());
    mix.put("seed", plan.resolution().config().mix().seed());
    mix.put("samples", plan.mix().total());
    ArrayNode strata = mix.putArray("strata");
    for (Mix.StratumQuota quota : plan.mix().strata()) {
      strata
          .addObject()
          .put("dataset", quota.stratum().dataset())
          .put("category", quota.stratum().category())
          .put("requested_share", ExactDecimals.of(quota.share()))
          .put("quota", quota.quota());
    }
    return mix;
  }

  /** The run has failed. */
  void failed(Exception cause) throws IOException {
    Instant end = Instant.now();
    String said = String.valueOf(cause.getMessage());
    String message = said.length() > MOST_OF_AN_ERROR ? said.substring(0, MOST_OF_AN_ERROR) : said;
    registry.add(
        new RunEntry(
            run.toString(),
            "prepare",
            "FAIL",
            null,
            begin.toString(),
            end.toString(),
            resolution.stage(),
            resolution.variant().orElse(null),
            request.epoch(),
            message,
            output.baseModel().orElse(null),
            request.recipe().map(PlannedRecipe::reference).orElse(null),
            List.of(),
            List.of(),
            null,
            PreparedEntries.code(),
            request.runner().environment(),
            false));
    log.emit(events.fail(end, message));
  }

  @Override
  public void close() {
    log.close();
  }
}
