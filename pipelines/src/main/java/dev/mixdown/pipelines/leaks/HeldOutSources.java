package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.configs.samples.SampleRules.Source;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.pipelines.match.ShardMatcher;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.uses.GivenPlaces;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds what is held out, shard by shard: data that a stage names, files, and stages for
 * evaluation. A stage that is prepared counts by its manifest, else by its datasets.
 */
final class HeldOutSources {
  private final ReleaseRepository repository;
  private final RuleSources sources;
  private final Workspace workspace;
  private final Storage storage;
  private final RunnerSettings runner;
  private final Progress progress;
  private final Content content;
  private final List<HeldOutShard> found = new ArrayList<>();

  /**
   * @param content what makes the content of two records the same
   */
  HeldOutSources(
      ReleaseRepository repository,
      RuleSources sources,
      Workspace workspace,
      RunnerSettings runner,
      Progress progress,
      Content content) {
    this.repository = repository;
    this.sources = sources;
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.runner = runner;
    this.progress = progress;
    this.content = content;
  }

  /** What was found so far. */
  List<HeldOutShard> found() {
    return found;
  }

  /** Data that a stage itself holds out. */
  void add(List<InspectedHeldOut> heldOut) {
    for (InspectedHeldOut held : heldOut) {
      String what = "%s \"%s\"".formatted(held.entry().kind().word(), held.entry().name());
      held.shards().forEach(shard -> add(what, shard));
    }
  }

  private void add(String what, InspectedShard shard) {
    found.add(HeldOutShard.whole(what, ContentShard.of(workspace, shard, content)));
  }

  /** All stages for evaluation, but for one. */
  void addEvaluation(Resolution but) throws IOException {
    for (StageChoice choice : stages()) {
      Resolution stage = repository.resolve(choice);
      if (isEvaluation(stage) && !stage.arm().equals(but.arm())) {
        add(stage);
      }
    }
  }

  /** The stages and variants of the repository. */
  List<StageChoice> stages() throws IOException {
    Problems problems = new Problems();
    Optional<StageCatalog> catalog = repository.catalog(problems);
    problems.throwIfAny();
    return catalog.isEmpty()
        ? List.of()
        : catalog.get().inOrder().stream()
            .flatMap(stage -> stage.choices(Optional.empty()).stream())
            .toList();
  }

  /** Whether a stage is for evaluation. */
  static boolean isEvaluation(Resolution stage) {
    return stage.config().mix().evaluation() || stage.stage().equals("evaluation");
  }

  /** A source that a config names. */
  void add(Source source, Resolution stage, Problems problems) throws IOException {
    switch (source.kind()) {
      case DATASET -> addFiles(source, problems);
      case STAGE -> addStage(source, stage, problems);
      case MANIFEST ->
          sources
              .find(source, stage, problems)
              .ifPresent(
                  used ->
                      add(
                          "manifest " + used.id(),
                          new ManifestFolder(used.folder(), used.manifest())));
    }
  }

  private void addStage(Source source, Resolution stage, Problems problems) throws IOException {
    try {
      Resolution other = repository.unforced().resolve(StageChoice.ofArm(source.name()));
      if (other.arm().equals(stage.arm())) {
        problems.add(source.node(), "a stage cannot hold out itself; name another stage");
      } else {
        add(other);
      }
    } catch (ConfigException e) {
      e.problems().forEach(p -> problems.add(source.node(), p.toString()));
    }
  }

  /** A stage: its current manifest where it has one, else its data. */
  void add(Resolution stage) throws IOException {
    String what = "stage \"" + stage.arm() + "\"";
    Optional<ManifestFolder> prepared = sources.ofStage(stage.folder());
    if (prepared.isPresent()) {
      add(what, prepared.get());
      return;
    }
    for (InspectedDataset dataset : inspect(stage).datasets()) {
      dataset.shards().forEach(shard -> add(what, shard));
    }
  }

  /** A stage's data, whatever is bad in it left out. */
  InspectedStage inspect(Resolution stage) throws IOException {
    MatchedStage matched =
        new ShardMatcher(
                Reach.patient(storage),
                repository.folder(),
                stage.config().mix(),
                true,
                true,
                Optional.empty())
            .match(stage.config());
    return new Inspections(workspace, runner, progress, "inspect", stage.folder()).inspect(matched);
  }

  /** What a manifest gave. */
  private void add(String what, ManifestFolder prepared) {
    Manifest manifest = prepared.manifest();
    try {
      Map<Integer, BitSet> given = GivenPlaces.all(storage, prepared.path(), manifest);
      given.forEach(
          (shard, records) ->
              found.add(
                  new HeldOutShard(
                      what,
                      ContentShard.of(workspace, manifest, manifest.shards().get(shard), content),
                      records)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addFiles(Source source, Problems problems) throws IOException {
    addFiles(
        "dataset \"" + source.name() + "\"",
        source.name(),
        problem -> problems.add(source.node(), problem));
  }

  /**
   * Files that are held out.
   *
   * @param problems takes what is wrong with them
   */
  void addFiles(String what, String path, Consumer<String> problems) throws IOException {
    ShardFiles files =
        ShardFiles.of(
            Reach.patient(storage),
            repository.folder(),
            path,
            Optional.empty(),
            "an ending that names the format, such as .jsonl");
    files.problems().forEach(problem -> problems.accept(problem.toString()));
    List<MatchedShard> shards =
        files.shards().stream()
            .map(s -> new MatchedShard(what, s.file(), InspectionSpec.of(s.format(), true, true)))
            .toList();
    Inspections.Outcome outcome =
        new Inspections(workspace, runner, progress, "inspect", StoragePath.name(path))
            .inspect(shards);
    if (!outcome.bad().isEmpty()) {
      throw new DataException(outcome.problems());
    }
    outcome.of(shards).forEach(shard -> add(what, shard));
  }
}
