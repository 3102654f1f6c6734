package dev.mixdown.configs.datasets;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.CarriedReader;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.configs.syntax.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads a stage's dataset config, and finds every problem in it that its text alone shows. */
public final class DatasetConfigReader {
  private final String file;
  private final List<String> tasks;
  private final Problems problems;
  private final Problems notes = new Problems();
  private final CarriedReader carried = new CarriedReader();

  /**
   * @param tasks the tasks asked for; with none, the datasets of all tasks are taken
   */
  public DatasetConfigReader(String file, List<String> tasks, Problems problems) {
    this.file = file;
    this.tasks = tasks;
    this.problems = problems;
  }

  public Optional<DatasetConfig> read(String text) {
    return JsonTree.read(text, file, problems).map(this::config);
  }

  private DatasetConfig config(Node node) {
    Fields root = Fields.of(node, problems);
    Fields meta = root.object("meta").orElse(none(root));
    StageConfigReader stage = new StageConfigReader(problems, carried);
    MixSettings read = stage.read(meta.object("stage_config").orElse(none(root)));
    Optional<String> status = meta.choice("status", DatasetEntryReader.STATUSES);
    boolean mustBeThere = read.strict() || status.equals(Optional.of("completed"));
    DatasetEntryReader entries =
        new DatasetEntryReader(problems, notes, carried, tasks, mustBeThere);
    List<DatasetEntry> datasets = datasets(root, entries);
    MixSettings mix = read.withLevelsFor(levels(datasets));
    checkLevels(mix, datasets);
    checkTasks(meta, datasets);
    DatasetChecks.check(mix, datasets, problems);
    List<HeldOut> heldOut = new ArrayList<>();
    for (HeldOut.Kind kind : HeldOut.Kind.values()) {
      heldOut.addAll(heldOut(root, kind, entries));
    }
    carried.keys(meta, "status", "produced_at", "training_type", "tasks");
    carried.keys(root, "stage_metrics", "transfer_learning", "evaluation_protocol");
    Optional<String> name = meta.text("stage");
    Optional<String> release = meta.text("release_name");
    Optional<String> version = meta.text("version");
    Optional<String> consumer = meta.text("consumer_version");
    List<String> bundles = meta.texts("bundle_versions");
    meta.text("created_at");
    meta.node("description");
    refuseOthers(meta);
    refuseOthers(root);
    return new DatasetConfig(
        file,
        node,
        name,
        release,
        version,
        consumer,
        bundles,
        mix,
        datasets,
        List.copyOf(heldOut),
        tasks,
        stage.sources(),
        notes.list(),
        carried.carried());
  }

  private void refuseOthers(Fields fields) {
    carried.notes(fields);
    fields.refuseOthers();
  }

  private Fields none(Fields root) {
    return Fields.of(
        new Node.Mapping(root.mapping().place(), Pointer.ROOT, Map.of(), Map.of()), problems);
  }

  private List<DatasetEntry> datasets(Fields root, DatasetEntryReader reader) {
    List<DatasetEntry> datasets = new ArrayList<>();
    Map<String, Node> names = new HashMap<>();
    Optional<Node> index = root.required("dataset_index");
    for (Node node : root.list("dataset_index")) {
      DatasetEntry entry = reader.read(Fields.of(node, problems));
      datasets.add(entry);
      Node first = names.putIfAbsent(entry.name(), node);
      if (first != null && !entry.name().isEmpty()) {
        problems.add(
            node,
            "a dataset called \"%s\" stands already in line %d; names have to differ"
                .formatted(entry.name(), first.place().line()));
      }
    }
    index
        .filter(Node.Sequence.class::isInstance)
        .filter(n -> datasets.stream().noneMatch(DatasetEntry::enabled))
        .ifPresent(n -> problems.add(n, whyNone(datasets)));
    return List.copyOf(datasets);
  }

  private String whyNone(List<DatasetEntry> datasets) {
    if (datasets.isEmpty()) {
      return "dataset_index is empty";
    }
    List<String> reasons =
        datasets.stream()
            .flatMap(d -> d.leftOut().map(why -> d.name() + ": " + why).stream())
            .toList();
    return "no dataset is enabled%s; nothing would be given"
        .formatted(reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")");
  }

  private static List<String> levels(List<DatasetEntry> datasets) {
    return datasets.stream()
        .filter(DatasetEntry::enabled)
        .flatMap(d -> d.fixedLevel().stream())
        .toList();
  }

  private void checkLevels(MixSettings mix, List<DatasetEntry> datasets) {
    for (DatasetEntry dataset : datasets) {
      dataset
          .fixedLevel()
          .filter(level -> dataset.enabled() && !mix.difficultyLevels().contains(level))
          .ifPresent(
              level ->
                  notes.add(
                      dataset.node().find("difficulty_level").orElse(dataset.node()),
                      "difficulty_level \"%s\" of dataset \"%s\" is not one of %s, so the dataset has no level%s"
                          .formatted(
                              level,
                              dataset.name(),
                              String.join(", ", mix.difficultyLevels()),
                              DidYouMean.nearest(level, mix.difficultyLevels())
                                  .map(near -> "; did you mean \"" + near + "\"?")
                                  .orElse(""))));
    }
  }

  private void checkTasks(Fields meta, List<DatasetEntry> datasets) {
    TreeSet<String> known = new TreeSet<>();
    meta.mapping()
        .find("tasks")
        .filter(Node.Sequence.class::isInstance)
        .map(Node.Sequence.class::cast)
        .ifPresent(list -> list.values().forEach(n -> n.textValue().ifPresent(known::add)));
    datasets.forEach(d -> known.addAll(d.tasks()));
    for (String task : tasks) {
      if (!known.contains(task)) {
        problems.add(
            file,
            known.isEmpty()
                ? "task \"%s\" was asked for, but no dataset of this config has task_tags; leave --task out"
                    .formatted(task)
                : "no dataset has the task \"%s\"%s".formatted(task, DidYouMean.hint(task, known)));
      }
    }
  }

  /** The datasets of a part that holds data out; a list stands for its {@code datasets}. */
  private List<HeldOut> heldOut(Fields root, HeldOut.Kind kind, DatasetEntryReader entries) {
    List<HeldOut> heldOut = new ArrayList<>();
    Optional<Node> node = root.node(kind.key());
    if (node.isEmpty()) {
      return heldOut;
    }
    if (node.get() instanceof Node.Sequence list) {
      list.values()
          .forEach(n -> entries.heldOut(Fields.of(n, problems), kind).ifPresent(heldOut::add));
      return heldOut;
    }
    Fields fields = Fields.of(node.get(), problems);
    boolean enabled = fields.bool("enabled").orElse(true);
    for (Node entry : fields.list("datasets")) {
      entries
          .heldOut(Fields.of(entry, problems), kind)
          .filter(h -> enabled)
          .ifPresent(heldOut::add);
    }
    carried.used(fields, "enabled");
    carried.keys(fields, "split_ratio", "stratified");
    fields.refuseMisspelt();
    carried.others(fields);
    return heldOut;
  }
}
