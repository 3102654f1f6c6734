package dev.mixdown.pipelines.samples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.samples.SampleRules.Source;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.samples.ResolvedRules.Named;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the manifests that rules name: a stage's current one below the output folder, or one by its
 * id, below the output folder or where the registry says that it lay.
 */
public final class RuleSources {
  private final Storage storage;
  private final Optional<String> output;
  private final Registry registry;
  private final Workspace workspace;

  /**
   * @param output the folder that all stages' manifests lie in
   * @param registry which knows manifests elsewhere, and what trainings recorded
   */
  public RuleSources(Optional<String> output, Registry registry, Workspace workspace) {
    this.storage = workspace.storage();
    this.output = output;
    this.registry = registry;
    this.workspace = workspace;
  }

  /** Those of some settings. */
  public static RuleSources of(Settings settings) throws IOException {
    return new RuleSources(
        Optional.of(settings.output().orElse(Settings.USUAL_OUTPUT)),
        new Registry(settings.storage(), settings.registry(), damage -> {}),
        settings.workspace());
  }

  /**
   * Finds all that a stage's rules name.
   *
   * @throws dev.mixdown.configs.problems.ConfigException with every name that has no manifest
   */
  public ResolvedRules resolve(Resolution stage) throws IOException {
    SampleRules rules = stage.config().mix().samples();
    if (rules.continued().isEmpty() && rules.exclude().isEmpty() && rules.replay().isEmpty()) {
      return new ResolvedRules(rules, List.of(), List.of(), List.of());
    }
    Problems problems = new Problems();
    List<Consumed> continued = new ArrayList<>();
    if (rules.continued().isPresent()) {
      continued.addAll(continued(rules.continued().get(), stage, problems));
    }
    List<Named<UsedManifest>> exclude = new ArrayList<>();
    for (Source source : rules.exclude()) {
      find(source, stage, problems).ifPresent(used -> exclude.add(new Named<>(source, used)));
    }
    List<Named<Consumed>> replay = new ArrayList<>();
    for (SampleRules.Replay one : rules.replay()) {
      Optional<UsedManifest> used = find(one.source(), stage, problems);
      if (used.isPresent()) {
        replayed(one, used.get(), problems)
            .ifPresent(consumed -> replay.add(new Named<>(one.source(), consumed)));
      }
    }
    refuseOtherIdentities(stage, continued, exclude, replay, problems);
    problems.throwIfAny();
    return new ResolvedRules(rules, continued, exclude, replay);
  }

  /** What one of a stage's rules names. */
  public Optional<UsedManifest> find(Source source, Resolution stage, Problems problems)
      throws IOException {
    boolean id = source.kind() == Source.Kind.MANIFEST && source.name().matches("[0-9a-f]{20}");
    if (!id && (source.name().equals(stage.arm()) || source.name().equals(stage.folder()))) {
      Optional<ManifestFolder> own = ofStage(source.name());
      problems.add(
          source.node(),
          "the stage names itself, but which of its manifests is current changes with every run; write the manifest's id: \"manifest\": \"%s\""
              .formatted(own.map(m -> m.manifest().id()).orElse("...")));
      return Optional.empty();
    }
    Optional<ManifestFolder> found;
    try {
      found = id ? byId(source.name()) : ofStage(source.name());
    } catch (DataException e) {
      e.problems().forEach(p -> problems.add(source.node(), p.toString()));
      return Optional.empty();
    }
    if (found.isEmpty()) {
      problems.add(source.node(), id ? gone(source.name()) : notPrepared(source.name()));
      return Optional.empty();
    }
    return Optional.of(UsedManifest.of(storage, found.get()));
  }

  private String notPrepared(String stage) {
    return output.isEmpty()
        ? "where manifests lie is not known; say it with --output or MIXDOWN_OUTPUT"
        : "stage \"%s\" has no manifest in %s; prepare it first, or name a manifest by its id"
            .formatted(stage, output.get());
  }

  private String gone(String id) throws IOException {
    Optional<ManifestEntry> entry = entry(id);
    return entry.isPresent()
        ? "manifest %s is gone: it lay in %s; prepare stage \"%s\" again as it was then, or leave the rule out"
            .formatted(id, entry.get().uri(), entry.get().stage())
        : "manifest %s is not known: it is neither in %s nor in the registry %s; check the id"
            .formatted(id, output.orElse("the output folder"), registry.folder());
  }

  /** A stage's current manifest. */
  public Optional<ManifestFolder> ofStage(String stage) throws IOException {
    return output.isEmpty()
        ? Optional.empty()
        : ManifestFolder.at(storage, StoragePath.resolve(output.get(), stage));
  }

  /** A manifest by its whole id. */
  public Optional<ManifestFolder> byId(String id) throws IOException {
    if (output.isPresent()) {
      for (FileInfo file : storage.below(output.get())) {
        String folder = StoragePath.folder(file.path());
        if (StoragePath.name(file.path()).equals(Manifest.FILE)
            && StoragePath.name(folder).equals(id)) {
          return ManifestFolder.at(storage, folder);
        }
      }
    }
    Optional<String> uri = entry(id).map(ManifestEntry::uri);
    return uri.isPresent() && StoragePath.isSupported(uri.get())
        ? ManifestFolder.at(storage, uri.get())
        : Optional.empty();
  }

  private Optional<ManifestEntry> entry(String id) throws IOException {
    return RegistryIndex.manifests(registry, workspace.folder()).stream()
        .filter(entry -> entry.id().equals(id))
        .findFirst();
  }

  /** The manifest that is continued, and those that it continues in turn. */
  private List<Consumed> continued(SampleRules.Continue rule, Resolution stage, Problems problems)
      throws IOException {
    Optional<UsedManifest> used = find(rule.source(), stage, problems);
    if (used.isEmpty()) {
      return List.of();
    }
    Node node = rule.source().node();
    OptionalLong samples = consumed(used.get(), rule.consumed(), node, problems);
    if (samples.isEmpty()) {
      return List.of();
    }
    List<Consumed> chain = new ArrayList<>();
    chain.add(new Consumed(used.get(), samples.getAsLong()));
    chain.addAll(continued(used.get().manifest(), problem -> problems.add(node, problem)));
    return chain;
  }

  /**
   * The manifests that one continues, the newest first.
   *
   * @param problems takes what is wrong with them; nothing is found then
   */
  public List<Consumed> continued(Manifest manifest, Consumer<String> problems) throws IOException {
    List<Consumed> chain = new ArrayList<>();
    Set<String> seen = new HashSet<>(Set.of(manifest.id()));
    Optional<JsonNode> next = continues(manifest);
    while (next.isPresent()) {
      String id = next.get().path("manifest_id").asText();
      if (!seen.add(id)) {
        problems.accept(
            "manifest %s continues itself by way of others: its manifest.json was changed by hand; prepare it again"
                .formatted(id));
        return List.of();
      }
      Optional<ManifestFolder> found = byId(id);
      if (found.isEmpty()) {
        problems.accept("it continues a manifest in turn, and of that one: %s".formatted(gone(id)));
        return List.of();
      }
      UsedManifest used = UsedManifest.of(storage, found.get());
      chain.add(new Consumed(used, next.get().path("consumed").asLong()));
      next = continues(used.manifest());
    }
    return chain;
  }

  /** What a manifest says that it continues. */
  private static Optional<JsonNode> continues(Manifest manifest) {
    if (manifest.identity() != null) {
      for (JsonNode source : manifest.identity().path("sources")) {
        if (source.path("as").asText().equals("continue")) {
          return Optional.of(source);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * How far a manifest was consumed: as the config says, else as a training of it has counted, else
   * to its end. An estimate is refused, with the number to write.
   */
  private OptionalLong consumed(
      UsedManifest used, Optional<Long> said, Node node, Problems problems) throws IOException {
    long all = used.manifest().samples();
    if (said.isPresent()) {
      if (said.get() > all) {
        problems.add(
            node,
            "consumed is %,d, but manifest %s has %,d samples"
                .formatted(said.get(), used.id(), all));
        return OptionalLong.empty();
      }
      return OptionalLong.of(said.get());
    }
    Recorded recorded = recorded(used.id());
    if (recorded.exact().isPresent()) {
      return OptionalLong.of(Math.min(all, recorded.exact().getAsLong()));
    }
    if (recorded.estimate().isPresent()) {
      problems.add(
          node,
          "a training took about %,d samples of manifest %s (steps x batch, an estimate); write how many it took: \"consumed\": %d"
              .formatted(
                  recorded.estimate().getAsLong(),
                  used.id(),
                  Math.min(all, recorded.estimate().getAsLong())));
      return OptionalLong.empty();
    }
    return OptionalLong.of(all);
  }

  private Optional<Consumed> replayed(SampleRules.Replay rule, UsedManifest used, Problems problems)
      throws IOException {
    if (!rule.onlyConsumed()) {
      return Optional.of(new Consumed(used, used.manifest().samples()));
    }
    Recorded recorded = recorded(used.id());
    if (recorded.exact().isEmpty()) {
      problems.add(
          rule.source().node(),
          "only_consumed: no training recorded how far it took manifest %s; record it with mixdown training append --consumed N, or leave only_consumed out"
              .formatted(used.id()));
      return Optional.empty();
    }
    return Optional.of(
        new Consumed(used, Math.min(used.manifest().samples(), recorded.exact().getAsLong())));
  }

  /**
   * What trainings of a manifest recorded.
   *
   * @param exact the furthest that one has counted
   * @param estimate the furthest by steps and batch
   */
  record Recorded(OptionalLong exact, OptionalLong estimate) {}

  private Recorded recorded(String manifest) throws IOException {
    List<TrainingEntry.Consumed> consumed = new ArrayList<>();
    for (TrainingEntry training : RegistryIndex.of(registry, workspace.folder()).trainings()) {
      TrainingEntry.Consumed its = training.consumed();
      if (manifest.equals(training.manifest()) && its != null) {
        consumed.add(its);
      }
    }
    return new Recorded(
        consumed.stream()
            .filter(c -> !c.estimate())
            .mapToLong(TrainingEntry.Consumed::samples)
            .max(),
        consumed.stream()
            .filter(TrainingEntry.Consumed::estimate)
            .mapToLong(TrainingEntry.Consumed::samples)
            .max());
  }

  private static void refuseOtherIdentities(
      Resolution stage,
      List<Consumed> continued,
      List<Named<UsedManifest>> exclude,
      List<Named<Consumed>> replay,
      Problems problems) {
    Optional<String> own = stage.config().mix().identityField();
    List<Named<UsedManifest>> all = new ArrayList<>(exclude);
    replay.forEach(r -> all.add(new Named<>(r.source(), r.value().manifest())));
    stage
        .config()
        .mix()
        .samples()
        .continued()
        .ifPresent(
            rule -> continued.forEach(c -> all.add(new Named<>(rule.source(), c.manifest()))));
    for (Named<UsedManifest> named : all) {
      if (!own.equals(Optional.ofNullable(named.value().uses().identityField()))) {
        problems.add(
            named.source().node(),
            "manifest %s identifies records %s, this stage %s; their records cannot be compared by identity: set identity_field to the same"
                .formatted(
                    named.value().id(),
                    named.value().identityDefinition(),
                    own.map(field -> "by the field \"" + field + "\"")
                        .orElse("by the records' bytes")));
      }
    }
  }
}
