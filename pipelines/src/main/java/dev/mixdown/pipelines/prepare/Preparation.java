package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.inspect.Results;
import dev.mixdown.pipelines.leaks.HeldOutCheck;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.match.ShardMatcher;
import dev.mixdown.pipelines.place.PlacePipeline;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.recipes.DataCheck;
import dev.mixdown.pipelines.samples.Replays;
import dev.mixdown.pipelines.samples.ResolvedRules;
import dev.mixdown.pipelines.samples.SampleSelection;
import dev.mixdown.pipelines.samples.Selection;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.checking.DataRules;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.ShardToPlace;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.uses.WrittenPart;
import io.openlineage.client.utils.UUIDUtils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Prepares a stage: reads what the release repository says, lists and inspects the shards, decides
 * the mix, places every record, and publishes the manifest.
 *
 * <p>Shards are read by one pipeline and records placed by another, with the plan between them in
 * this process: it is small, and it needs all of what the first finds. What did not change is not
 * done again: shards that the ledger knows are not read, and a manifest that is there is not made.
 */
public final class Preparation {
  private final PrepareRequest request;
  private final Storage storage;
  private final Progress progress;
  private final AtomicReference<PrepareReport> running = new AtomicReference<>();
  private final Map<String, Long> metrics = new TreeMap<>();
  private final Optional<ReadShards> read;

  /**
   * Shards that were listed and read before, together with those of other stages.
   *
   * @param outcome of these, and of others
   */
  record ReadShards(MatchedStage stage, Inspections.Outcome outcome) {}

  public Preparation(PrepareRequest request, Progress progress) {
    this(request, progress, Optional.empty());
  }

  Preparation(PrepareRequest request, Progress progress, Optional<ReadShards> read) {
    this.request = request;
    this.storage = request.repository().storage();
    this.progress = progress;
    this.read = read;
  }

  /** Decides the mix and writes no manifest. */
  public StagePlan plan() throws IOException {
    return plan(request.resolve());
  }

  private StagePlan plan(Resolution resolution) throws IOException {
    Inspections inspections =
        new Inspections(
            request.workspace(), request.runner(), progress, "inspect", resolution.folder());
    return plan(resolution, inspections.inspect(match(request, resolution)));
  }

  /** Lists the shards of a stage. */
  static MatchedStage match(PrepareRequest request, Resolution resolution) throws IOException {
    ShardMatcher matcher =
        new ShardMatcher(
            Reach.patient(request.repository().storage()),
            request.repository().folder(),
            resolution.config().mix(),
            request.full(),
            request.skipBad(),
            request.recipe().flatMap(PlannedRecipe::requirements));
    return matcher.match(resolution.config());
  }

  /** Finds the manifests that rules name, selects records, and decides the mix. */
  private StagePlan plan(Resolution resolution, InspectedStage inspected) throws IOException {
    List<DataProblem> tooMany = request.maxRejected().problems(inspected.datasets());
    if (!tooMany.isEmpty()) {
      throw new DataException(tooMany);
    }
    ResolvedRules rules = request.sources().resolve(resolution);
    MixSettings settings = StagePlan.settings(resolution, inspected.datasets());
    List<InspectedDataset> replays =
        Replays.inspect(
            rules,
            storage,
            new Inspections(
                request.workspace(), request.runner(), progress, "inspect", resolution.folder()));
    HeldOutCheck.Outcome heldOut =
        new HeldOutCheck(request.workspace(), request.runner(), progress, request.sources())
            .check(request.repository(), resolution, inspected.and(replays));
    SampleSelection selecting =
        new SampleSelection(
            request.workspace(), request.runner(), resolution.config(), request.epoch());
    Map<String, SelectedShard> again = new HashMap<>();
    for (int r = 0; r < replays.size(); r++) {
      again.putAll(
          selecting.given(replays.get(r), rules.replay().get(r).value(), heldOut.leftOut()));
    }
    Selection selection =
        selecting
            .select(
                inspected.datasets(),
                rules,
                heldOut.leftOut(),
                (entry, group) -> StagePlan.stratum(entry, settings, group))
            .with(replays, again, heldOut.digests());
    return StagePlan.of(resolution, inspected.with(heldOut.notes()), rules, selection);
  }

  /**
   * The process is being ended from outside: the run is recorded as failed. Whatever it has read
   * and written stays, and the next run goes on from there.
   *
   * @return whether a run was under way
   */
  public boolean interrupted() throws IOException {
    PrepareReport report = running.getAndSet(null);
    if (report == null) {
      return false;
    }
    report.failed(new InterruptedIOException("interrupted by a signal"));
    report.close();
    return true;
  }

  /** Prepares the manifest, and records the run. */
  public Prepared prepare(PrepareOutput output) throws IOException {
    Instant begin = Instant.now();
    UUID run = UUIDUtils.generateNewUUID(begin);
    Resolution resolution = request.resolve();
    try (PrepareReport report = new PrepareReport(request, output, run, begin, resolution)) {
      running.set(report);
      report.started();
      try {
        return prepare(output, resolution, report, run, begin);
      } catch (UnrecordedException e) {
        // It did not fail: the next run records it.
        throw e;
      } catch (IOException | RuntimeException e) {
        try {
          report.failed(e);
        } catch (IOException | RuntimeException alsoFailed) {
          e.addSuppressed(alsoFailed);
        }
        throw e;
      } finally {
        running.set(null);
      }
    }
  }

  private Prepared prepare(
      PrepareOutput output, Resolution resolution, PrepareReport report, UUID run, Instant begin)
      throws IOException {
    StagePlan plan =
        read.isPresent()
            ? plan(resolution, Inspections.stage(read.get().stage(), read.get().outcome()))
            : plan(resolution);
    plan = checked(plan);
    String stageFolder = StoragePath.resolve(output.folder(), resolution.folder());
    ManifestDocuments documents = new ManifestDocuments(plan, request, output.baseModel());
    String id = documents.manifestId();
    PreparedEntries entries = new PreparedEntries(plan, request, output.baseModel(), id);
    String folder = StoragePath.resolve(stageFolder, id);
    Publication publication = new Publication(storage, stageFolder, id, entries, output);
    Optional<ManifestChanges> changes =
        current(stageFolder)
            .flatMap(current -> ManifestChanges.of(current, documents.manifest(List.of(), null)));
    Optional<Outcome> there = publication.reuse(documents, run, begin);
    if (there.isEmpty()) {
      Placed parts;
      try {
        parts = place(plan, folder);
      } catch (IOException | RuntimeException e) {
        // What is damaged in the workspace is made again, and once more tried.
        Optional<StagePlan> mended = mended(plan, resolution);
        if (mended.isEmpty()) {
          throw e;
        }
        plan = mended.get();
        parts = place(plan, folder);
      }
      publication.publish(
          documents,
          parts.parts().stream().map(WrittenPart::part).toList(),
          ManifestUses.of(id, plan, parts.layout(), parts.parts()),
          run,
          begin);
    }
    Outcome outcome = there.orElse(Outcome.PREPARED);
    try {
      report.completed(plan, documents, entries, folder, outcome);
    } catch (IOException e) {
      throw new UnrecordedException(
          folder + " is published", output.registry(), "run again to record it", e);
    }
    metrics.putAll(plan.metrics());
    metrics.put("shards_known", plan.datasets().stream().mapToLong(InspectedDataset::known).sum());
    double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    return new Prepared(plan.with(report.notes()), id, folder, outcome, metrics, seconds, changes);
  }

  /** The stage's current manifest; empty where there is none, or it is damaged. */
  private Optional<Manifest> current(String stageFolder) throws IOException {
    try {
      return ManifestFolder.at(storage, stageFolder).map(ManifestFolder::manifest);
    } catch (DataException e) {
      // Publishing replaces it.
      return Optional.empty();
    }
  }

  /**
   * Holds the data against what the recipe requires, where that is asked for.
   *
   * @return the plan, with a note of what is unusual
   */
  private StagePlan checked(StagePlan plan) throws IOException {
    Optional<PlannedRecipe> planned = request.recipe().filter(PlannedRecipe::checkData);
    if (planned.isEmpty()) {
      return plan;
    }
    Recipe recipe = planned.get().recipe();
    DataCheck check =
        DataCheck.of(
            request.workspace(),
            plan.shards(),
            new DataRules(
                recipe.dataRequirements(), recipe.defaultConfig(), DataRules.USUAL_CHARACTERS),
            plan.mix().total());
    check.refuse(recipe.fullName());
    return plan.with(check.warnings());
  }

  /** The plan with new indexes in the place of those that are damaged; empty where none is. */
  private Optional<StagePlan> mended(StagePlan plan, Resolution resolution) throws IOException {
    Set<String> damaged = new TreeSet<>();
    for (InspectedDataset dataset : plan.datasets()) {
      for (InspectedShard shard : dataset.shards()) {
        String index = request.workspace().index(shard.inspection().sha256(), shard.spec());
        if (storage.stat(index).isEmpty() || !IndexReader.isSound(storage, index)) {
          damaged.add(index);
        }
      }
    }
    if (damaged.isEmpty()) {
      return Optional.empty();
    }
    storage.delete(damaged);
    List<String> notes =
        damaged.stream().map(index -> index + " was damaged; it was made again").toList();
    return Optional.of(plan(resolution).with(notes));
  }

  /** As much of a manifest's id as tells a job from the others. */
  private static String shortId(String folder) {
    return StoragePath.name(folder).substring(0, ManifestFinder.SHORT_ID);
  }

  /** The parts of a manifest, and how they were laid out. */
  private record Placed(Layout layout, List<WrittenPart> parts) {}

  private Placed place(StagePlan plan, String folder) throws IOException {
    Layout layout =
        Layout.of(
            plan.mix(),
            plan.resolution().config().mix(),
            request.epoch(),
            request.runner().workers());
    Results<WrittenPart> results = new Results<>(request.workspace(), WrittenPart.class);
    try (Progress.Step step = progress.writing(layout.parts(), folder)) {
      List<List<ShardToPlace>> batches =
          ShardToPlace.batches(
              plan.toPlace(layout, request.workspace()), request.runner().batches());
      metrics.putAll(
          request
              .runner()
              .run(
                  new PlacePipeline(layout, batches, request.format(), storage, folder, results),
                  "prepare",
                  plan.resolution().folder(),
                  shortId(folder)));
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    return new Placed(
        layout,
        results.take().stream()
            .sorted(Comparator.comparingLong(written -> written.part().firstPosition()))
            .toList());
  }
}
