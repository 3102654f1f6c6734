package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.configs.samples.SampleRules.Source;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.leaks.Confirmation.Verdict;
import dev.mixdown.pipelines.leaks.HeldOutMatches.Found;
import dev.mixdown.pipelines.leaks.LeakReport.Checked;
import dev.mixdown.pipelines.leaks.LeakReport.Leak;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.uses.GivenPlaces;
import dev.mixdown.pipelines.uses.ModelManifests.Followed;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for records that are trained on although they are held out. A stage that is prepared counts
 * by its manifest: a record is a leak where it is given. One that is not counts by its data.
 */
public final class Leaks {
  private final ReleaseRepository repository;
  private final RuleSources sources;
  private final Workspace workspace;
  private final Storage storage;
  private final RunnerSettings runner;
  private final Progress progress;
  private final List<Checked> checked = new ArrayList<>();
  private final List<Leak> leaks = new ArrayList<>();

  public Leaks(
      ReleaseRepository repository,
      RuleSources sources,
      Workspace workspace,
      RunnerSettings runner,
      Progress progress) {
    this.repository = repository;
    this.sources = sources;
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.runner = runner;
    this.progress = progress;
  }

  /** What was found so far. */
  public LeakReport report() {
    return new LeakReport(List.copyOf(checked), List.copyOf(leaks));
  }

  /**
   * Checks every stage of the repository that is not for evaluation itself.
   *
   * @param against stages or paths; empty for what each stage holds out, and all that is for
   *     evaluation
   */
  public void ofAll(List<String> against) throws IOException {
    HeldOutSources none = heldOut(Content.WHOLE);
    List<StageChoice> stages = none.stages();
    for (StageChoice choice : stages.isEmpty() ? List.of(StageChoice.OPEN) : stages) {
      Resolution stage = repository.resolve(choice);
      if (!HeldOutSources.isEvaluation(stage)) {
        ofStage(stage, against);
      }
    }
  }

  /** Checks one stage. */
  public void ofStage(Resolution stage, List<String> against) throws IOException {
    Content content = stage.config().mix().samples().content();
    HeldOutSources heldOut = heldOut(content);
    InspectedStage inspected = heldOut.inspect(stage);
    addHeldOut(heldOut, stage, inspected, against);
    Optional<ManifestFolder> prepared = sources.ofStage(stage.folder());
    if (prepared.isPresent()) {
      long samples = prepared.get().manifest().samples();
      ofManifest(stage.arm(), prepared.get(), samples, heldOut.found(), content);
    } else {
      ofData(stage, inspected, heldOut.found(), content);
    }
  }

  /** Checks a manifest, against what its stage holds out. */
  public void ofManifest(ManifestFolder prepared) throws IOException {
    Manifest manifest = prepared.manifest();
    Resolution stage =
        repository
            .unforced()
            .resolve(repository.choice(manifest.stage(), Optional.ofNullable(manifest.variant())));
    Content content = stage.config().mix().samples().content();
    HeldOutSources heldOut = heldOut(content);
    addHeldOut(heldOut, stage, heldOut.inspect(stage), List.of());
    ofManifest("manifest " + manifest.id(), prepared, manifest.samples(), heldOut.found(), content);
  }

  private void addHeldOut(
      HeldOutSources heldOut, Resolution stage, InspectedStage inspected, List<String> against)
      throws IOException {
    if (against.isEmpty()) {
      heldOut.add(inspected.heldOut());
      Problems problems = new Problems();
      for (Source source : stage.config().mix().samples().holdOut().against()) {
        heldOut.add(source, stage, problems);
      }
      problems.throwIfAny();
      heldOut.addEvaluation(stage);
    } else {
      addNamed(heldOut, against);
    }
  }

  /** Checks the manifests that a model was trained on. */
  public void ofModel(List<Followed> followed, List<String> against) throws IOException {
    HeldOutSources heldOut = heldOut(Content.WHOLE);
    if (against.isEmpty()) {
      addAllHeldOut(heldOut);
    } else {
      addNamed(heldOut, against);
    }
    for (Followed one : followed) {
      ManifestFolder manifest =
          sources
              .byId(one.manifestId())
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "the manifest",
                          one.manifestId(),
                          "is gone, and a training followed it: what the model has seen cannot be said; prepare it again, or name its folder with --output"));
      ofManifest(
          "manifest " + one.manifestId(),
          manifest,
          one.consumed().orElse(manifest.manifest().samples()),
          heldOut.found(),
          Content.WHOLE);
    }
  }

  private HeldOutSources heldOut(Content content) {
    return new HeldOutSources(repository, sources, workspace, runner, progress, content);
  }

  /** What any stage of the repository holds out, and all that is for evaluation. */
  private void addAllHeldOut(HeldOutSources heldOut) throws IOException {
    for (StageChoice choice : heldOut.stages()) {
      Resolution stage = repository.resolve(choice);
      if (HeldOutSources.isEvaluation(stage)) {
        heldOut.add(stage);
      }
      heldOut.add(heldOut.inspect(stage).heldOut());
    }
  }

  /** Stages or paths, as people name them. */
  private void addNamed(HeldOutSources heldOut, List<String> against) throws IOException {
    Set<String> stages = new LinkedHashSet<>();
    for (StageChoice choice : heldOut.stages()) {
      choice.arm().ifPresent(stages::add);
    }
    List<Problem> problems = new ArrayList<>();
    for (String name : against) {
      if (stages.contains(name)) {
        heldOut.add(repository.unforced().resolve(StageChoice.ofArm(name)));
      } else {
        heldOut.addFiles(
            "\"" + name + "\"",
            storage.stat(name).isPresent() ? StoragePath.absolute(name) : name,
            problem ->
                problems.add(
                    new Problem(
                        Place.of(name),
                        "",
                        "is neither a stage of the repository (%s) nor data that can be read: %s"
                            .formatted(String.join(", ", stages), problem))));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("what is held out", problems);
    }
  }

  private void ofData(
      Resolution stage, InspectedStage inspected, List<HeldOutShard> heldOut, Content content)
      throws IOException {
    List<InspectedShard> shards =
        inspected.datasets().stream().flatMap(d -> d.shards().stream()).toList();
    List<ContentShard> contents =
        shards.stream().map(s -> ContentShard.of(workspace, s, content)).toList();
    HeldOutMatches matches =
        new HeldOutMatches(
            workspace, runner, contents, heldOut, stage.config().mix().identityField());
    List<Found> found = matches.find();
    Map<Integer, Map<Integer, Long>> identities = matches.identities(shards, found);
    int before = leaks.size();
    for (Found one : matches.confirm(found)) {
      Long identity = identities.getOrDefault(one.shard(), Map.of()).get(one.record());
      if (identity != null) {
        add(stage.arm(), contents.get(one.shard()), one, 0, identity);
      }
    }
    checked(stage.arm(), "", heldOut, leaks.size() - before);
  }

  private void ofManifest(
      String subject,
      ManifestFolder prepared,
      long consumed,
      List<HeldOutShard> heldOut,
      Content content)
      throws IOException {
    Manifest manifest = prepared.manifest();
    List<ContentShard> contents =
        manifest.shards().stream()
            .map(s -> ContentShard.of(workspace, manifest, s, content))
            .toList();
    HeldOutMatches matches =
        new HeldOutMatches(
            workspace,
            runner,
            contents,
            heldOut,
            Optional.ofNullable(manifest.spec().identityField()));
    List<Found> found = matches.find();
    Map<GivenPlaces.Place, GivenPlaces.Given> given =
        GivenPlaces.some(
            storage, prepared.path(), manifest, HeldOutMatches.records(found), consumed);
    List<Found> ofGiven =
        found.stream()
            .filter(f -> given.containsKey(new GivenPlaces.Place(f.shard(), f.record())))
            .toList();
    int before = leaks.size();
    for (Found one : matches.confirm(ofGiven)) {
      GivenPlaces.Given its =
          Objects.requireNonNull(given.get(new GivenPlaces.Place(one.shard(), one.record())));
      add(subject, contents.get(one.shard()), one, its.times(), its.identity());
    }
    checked(subject, manifest.id(), heldOut, leaks.size() - before);
  }

  private void add(String subject, ContentShard shard, Found found, int times, long identity) {
    leaks.add(
        new Leak(
            subject,
            shard.dataset(),
            times,
            identity,
            shard.uri(),
            found.record(),
            found.other().what(),
            found.other().shard().uri(),
            found.match().otherRecord(),
            found.match().others(),
            found.byField(),
            found.verdict() == Verdict.CONFIRMED));
  }

  private void checked(String subject, String manifest, List<HeldOutShard> heldOut, int found) {
    checked.add(
        new Checked(
            subject,
            manifest,
            heldOut.stream().map(HeldOutShard::what).distinct().toList(),
            found));
  }
}
