package dev.mixdown.registry.lineage;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.storage.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of a registry's entries. It says what each run and training used at its time: a
 * version is a content, and a checkpoint that was written over is one for each time.
 */
public final class GraphBuilder {
  private final RegistryIndex index;
  private final Storage storage;
  private final LineageGraph graph = new LineageGraph();
  private final Map<String, Node> versions = new HashMap<>();
  private final Map<String, Node> runs = new HashMap<>();
  private final Map<String, Node> manifests = new HashMap<>();
  private final Map<String, Node> trainings = new HashMap<>();
  private final Checkpoints checkpoints = new Checkpoints();

  /** How many records the versions have that runs used. */
  private final Map<String, Long> counted = new HashMap<>();

  private GraphBuilder(RegistryIndex index, Storage storage) {
    this.storage = storage;
    this.index = index;
    for (RunEntry run : index.runs()) {
      run.inputs().forEach(input -> counted.put(input.version(), input.records()));
    }
  }

  /** The graph of all entries. */
  public static LineageGraph graph(RegistryIndex index, Storage storage) {
    GraphBuilder builder = new GraphBuilder(index, storage);
    builder.addVersions();
    Map<String, List<Node>> makers = builder.addRuns();
    builder.addManifests(makers);
    builder.addTrainings();
    builder.addCheckpoints();
    builder.connectTrainings();
    builder.connectRuns();
    return builder.graph;
  }

  private void addVersions() {
    Map<String, List<DatasetVersion>> tellings = new LinkedHashMap<>();
    for (DatasetVersion version : index.versions()) {
      tellings.computeIfAbsent(version.version(), h -> new ArrayList<>()).add(version);
    }
    tellings.forEach(
        (hash, same) -> {
          Set<String> names = new TreeSet<>();
          same.forEach(version -> names.add(version.dataset()));
          long samples = same.get(0).records();
          versions.put(hash, graph.add(version(hash, String.join(", ", names), samples)));
        });
  }

  /**
   * @param records below 0 where that is not known
   */
  private static Node version(String hash, String name, long records) {
    return new Node(
        Node.Kind.VERSION,
        hash,
        name + " " + shortened(hash),
        records < 0 ? "recorded elsewhere" : String.format(Locale.ROOT, "%,d records", records));
  }

  private static String shortened(String id) {
    return id.length() > 12 ? id.substring(0, 12) : id;
  }

  private Map<String, List<Node>> addRuns() {
    Map<String, List<Node>> makers = new HashMap<>();
    for (RunEntry run : index.runs()) {
      Node node = graph.add(node(run));
      runs.put(run.id(), node);
      run.outputs()
          .forEach(o -> makers.computeIfAbsent(o.manifestId(), m -> new ArrayList<>()).add(node));
    }
    return makers;
  }

  private static Node node(RunEntry run) {
    List<String> detail = new ArrayList<>();
    detail.add(run.job() + (run.stage() == null ? "" : " " + run.stage()));
    detail.add(run.startedAt().replaceFirst("\\.\\d+", ""));
    if (run.outcome() != null && !run.outcome().equals("prepared")) {
      detail.add(run.outcome());
    }
    if (!run.state().equals("COMPLETE")) {
      detail.add("failed: " + run.error());
    }
    if (run.recipe() != null) {
      detail.add(
          "by %s@%s"
              .formatted(run.recipe().path("id").asText(), run.recipe().path("version").asText()));
    }
    if (run.baseModel() != null) {
      // No sample depends on it: it is what the manifest is for.
      detail.add("to be trained from " + run.baseModel());
    }
    if (run.backfilled()) {
      detail.add("backfilled");
    }
    return new Node(Node.Kind.RUN, run.id(), run.id(), String.join(", ", detail));
  }

  private void addManifests(Map<String, List<Node>> makers) {
    for (ManifestEntry manifest : index.manifests()) {
      String stage =
          manifest.stage() + (manifest.variant() == null ? "" : "/" + manifest.variant());
      Node node =
          graph.add(
              new Node(
                  Node.Kind.MANIFEST,
                  manifest.id(),
                  manifest.id(),
                  String.format(Locale.ROOT, "%s, %,d samples", stage, manifest.samples())));
      manifests.put(manifest.id(), node);
      List<Node> runs = makers.getOrDefault(manifest.id(), List.of());
      runs.forEach(run -> graph.connect(run, node, ""));
      if (runs.isEmpty()) {
        manifest.datasets().forEach(d -> graph.connect(used(d.version(), d.name()), node, ""));
      }
    }
  }

  /** The node of a version, also of one that is not recorded. */
  private Node used(String hash, String name) {
    return versions.computeIfAbsent(
        hash, h -> graph.add(version(hash, name, counted.getOrDefault(hash, -1L))));
  }

  private void addTrainings() {
    for (TrainingEntry training : index.trainings()) {
      trainings.put(training.training(), graph.add(node(training)));
    }
  }

  private static Node node(TrainingEntry training) {
    List<String> detail = new ArrayList<>();
    add(detail, training.name() == null ? training.modelName() : training.name());
    add(detail, training.stage());
    if (training.dataset() != null) {
      detail.add("on " + training.dataset());
    }
    if (training.steps() != null) {
      detail.add(String.format(Locale.ROOT, "%,d steps", training.steps()));
    }
    add(detail, training.endTime() == null ? training.startTime() : training.endTime());
    add(detail, training.status());
    if (training.backfilled()) {
      detail.add("backfilled");
    }
    return new Node(
        Node.Kind.TRAINING, training.training(), training.training(), String.join(", ", detail));
  }

  private static void add(List<String> detail, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      detail.add(text);
    }
  }

  private void addCheckpoints() {
    Map<String, List<TrainingEntry>> makers = new LinkedHashMap<>();
    for (TrainingEntry training : index.trainings()) {
      if (training.checkpoint() != null) {
        makers.computeIfAbsent(training.checkpoint(), c -> new ArrayList<>()).add(training);
      }
    }
    makers.forEach(
        (place, made) -> {
          boolean once = made.size() == 1;
          if (!once) {
            made.sort(Comparator.comparing(GraphBuilder::end).thenComparing(TrainingEntry::id));
          }
          for (TrainingEntry training : made) {
            String end = end(training);
            String id = once ? place : place + "@" + end;
            Node node = graph.add(new Node(Node.Kind.CHECKPOINT, id, id, ""));
            graph.connect(trainingNode(training), node, "");
            checkpoints.add(place, node, end);
          }
        });
  }

  private Node trainingNode(TrainingEntry training) {
    return Objects.requireNonNull(trainings.get(training.training()));
  }

  private static String end(TrainingEntry training) {
    return training.endTime() != null
        ? Checkpoints.moment(training.endTime())
        : Checkpoints.moment(
            training.startTime() != null ? training.startTime() : training.recordedAt());
  }

  private void connectTrainings() {
    for (TrainingEntry training : index.trainings()) {
      Node node = trainingNode(training);
      Node manifest = training.manifest() == null ? null : manifests.get(training.manifest());
      if (manifest != null) {
        graph.connect(manifest, node, "");
      } else if (training.manifest() != null) {
        graph.connect(elsewhere(training, training.manifest()), node, "");
      } else {
        for (TrainingEntry.Used used : training.versions()) {
          graph.connect(used(used.version(), used.name()), node, note(used));
        }
      }
      Node previous = training.previous() == null ? null : trainings.get(training.previous());
      if (previous != null) {
        graph.connect(previous, node, "");
      } else if (training.baseModel() != null) {
        connect(
            checkpoints.base(training.baseModel(), training.file(), training.startTime()), node);
      }
    }
  }

  /**
   * A manifest that another registry knows: with the versions that the training says it was made
   * of.
   */
  private Node elsewhere(TrainingEntry training, String id) {
    Node manifest =
        graph.add(
            new Node(Node.Kind.MANIFEST, id, id, ElsewhereManifests.detail(training, storage)));
    manifests.put(id, manifest);
    for (TrainingEntry.Used used : training.versions()) {
      graph.connect(used(used.version(), used.name()), manifest, note(used));
    }
    return manifest;
  }

  private void connect(Checkpoints.Base base, Node node) {
    graph.connect(graph.add(base.node()), node, base.note());
  }

  private static String note(TrainingEntry.Used used) {
    TrainingEntry.Match match = used.match();
    return match == null
        ? ""
        : String.format(
            Locale.ROOT,
            "by %s, %.0f %% sure: %s",
            match.by(),
            match.confidence() * 100,
            match.why());
  }

  private void connectRuns() {
    for (RunEntry run : index.runs()) {
      Node node = Objects.requireNonNull(runs.get(run.id()));
      run.inputs().forEach(i -> graph.connect(used(i.version(), i.dataset()), node, ""));
      run.sources()
          .forEach(source -> graph.connect(manifest(source.manifestId()), node, note(source)));
    }
  }

  /** The node of a manifest, also of one that is not recorded. */
  private Node manifest(String id) {
    return manifests.computeIfAbsent(
        id, i -> graph.add(new Node(Node.Kind.MANIFEST, i, i, "recorded elsewhere")));
  }

  private static String note(RunEntry.Source source) {
    return source.as()
        + (source.consumed() == null
            ? ""
            : String.format(Locale.ROOT, ", %,d samples of it", source.consumed()));
  }
}
