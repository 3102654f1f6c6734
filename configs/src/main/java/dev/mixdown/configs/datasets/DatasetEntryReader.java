package dev.mixdown.configs.datasets;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.CarriedReader;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Names;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one entry of a {@code dataset_index}, or of the data that is held out. */
final class DatasetEntryReader {
  private static final List<String> FORMATS = List.of("jsonl", "csv", "parquet");

  /** How far the production of data has come, as its producers write it. */
  static final List<String> STATUSES =
      List.of("pending", "producing", "produced", "completed", "failed");

  /** Statuses of data that is not there, or not to be used. */
  private static final Set<String> NOT_THERE = Set.of("pending", "producing", "failed");

  private static final Pattern PASSWORD = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/@]*@");

  private final Problems problems;
  private final Problems notes;
  private final CarriedReader carried;
  private final List<String> tasks;
  private final boolean mustBeThere;

  /**
   * @param notes takes what is left out, and why
   * @param tasks the tasks asked for; with none, entries of all tasks are taken
   * @param mustBeThere whether an entry that is not produced is an error
   */
  DatasetEntryReader(
      Problems problems,
      Problems notes,
      CarriedReader carried,
      List<String> tasks,
      boolean mustBeThere) {
    this.problems = problems;
    this.notes = notes;
    this.carried = carried;
    this.tasks = tasks;
    this.mustBeThere = mustBeThere;
  }

  DatasetEntry read(Fields fields) {
    String name = fields.requiredText("name").orElse("");
    checkName(fields, name);
    carried.name(fields.mapping(), name);
    boolean enabled = fields.bool("enabled").orElse(true);
    List<String> tags = fields.texts("task_tags");
    Optional<String> status = fields.choice("status", STATUSES).filter(NOT_THERE::contains);
    boolean wanted = tags.isEmpty() || tasks.isEmpty() || tags.stream().anyMatch(tasks::contains);
    Optional<String> leftOut =
        wanted
            ? status.map(s -> "its status is " + s)
            : Optional.of("it is for " + String.join(", ", tags));
    if (enabled && wanted) {
      status.ifPresent(s -> notThere(fields, name, s));
    }
    Optional<Node.Mapping> metadata =
        fields
            .node("metadata")
            .filter(Node.Mapping.class::isInstance)
            .map(Node.Mapping.class::cast);
    DatasetEntry entry =
        new DatasetEntry(
            fields.mapping(),
            name,
            path(fields, status.isPresent()),
            fields.texts("bundle_versions"),
            fields.decimal("duplicate").orElse(BigDecimal.ONE),
            fields.decimal("stage_weight"),
            fields
                .choice("sampling_priority", Priority.words())
                .map(Priority::of)
                .orElse(Priority.MEDIUM),
            enabled && leftOut.isEmpty(),
            leftOut.filter(l -> enabled),
            fields.text("difficulty_level"),
            fields.text("category"),
            metadata.flatMap(m -> m.find("scenario_type")).flatMap(Node::textValue),
            metadata
                .flatMap(m -> m.find("estimated_clips"))
                .flatMap(Node::wholeNumber)
                .filter(clips -> clips >= 0),
            List.copyOf(tags),
            fields.choice("format", FORMATS),
            fields.object("csv").map(this::csv).orElse(CsvOptions.DEFAULT));
    carried.keys(fields, "status", "produced_at", "metadata");
    carried.notes(fields);
    fields.refuseOthers();
    return entry;
  }

  /** Data of which the config says only a name and a path, and perhaps how it is written. */
  Optional<HeldOut> heldOut(Fields fields, HeldOut.Kind kind) {
    String name = fields.requiredText("name").orElse("");
    checkName(fields, name);
    carried.name(fields.mapping(), name);
    String path = fields.node("obs_path").flatMap(Node::textValue).orElse("").strip();
    HeldOut heldOut =
        new HeldOut(
            fields.mapping(),
            kind,
            name,
            path,
            fields.choice("format", FORMATS),
            fields.object("csv").map(this::csv).orElse(CsvOptions.DEFAULT));
    carried.keys(fields, "description", "clips_count");
    fields.refuseMisspelt();
    carried.others(fields);
    if (path.isEmpty()) {
      (mustBeThere ? problems : notes)
          .add(
              fields.mapping(),
              "%s \"%s\" has no obs_path, so it is not held out".formatted(kind.word(), name));
      return Optional.empty();
    }
    return Optional.of(heldOut);
  }

  private void checkName(Fields fields, String name) {
    Names.problem(name)
        .filter(p -> !name.isEmpty())
        .ifPresent(p -> problems.add(fields.mapping(), "the name of a dataset " + p));
  }

  private void notThere(Fields fields, String name, String status) {
    Node at = fields.node("status").orElse(fields.mapping());
    if (mustBeThere) {
      problems.add(
          at,
          "dataset \"%s\" is %s, but this config needs all of its data (meta.status is completed, or strict is true); wait for it, or set enabled to false"
              .formatted(name, status));
    } else {
      notes.add(at, "dataset \"%s\" is left out: its status is %s".formatted(name, status));
    }
  }

  private String path(Fields fields, boolean mayBeEmpty) {
    fields
        .node("obs_path")
        .filter(n -> n.textValue().map(t -> PASSWORD.matcher(t).find()).orElse(false))
        .ifPresent(
            n ->
                problems.add(
                    n,
                    "obs_path has a user's name or password in it, which would go into manifests; keep it in the environment"));
    if (mayBeEmpty) {
      return fields.node("obs_path").flatMap(Node::textValue).orElse("");
    }
    return fields.requiredText("obs_path").orElse("");
  }

  private CsvOptions csv(Fields fields) {
    CsvOptions csv =
        new CsvOptions(
            character(fields, "delimiter", ','),
            character(fields, "quote", '"'),
            fields.bool("header").orElse(true));
    if (csv.delimiter() == csv.quote()) {
      problems.add(fields.mapping(), "csv: delimiter and quote are the same character");
    }
    carried.notes(fields);
    fields.refuseOthers();
    return csv;
  }

  private char character(Fields fields, String key, char absent) {
    Optional<Node> node = fields.node(key);
    if (node.isEmpty()) {
      return absent;
    }
    if (node.get() instanceof Node.Text text && text.value().matches("[\\x00-\\x7f&&[^\\r\\n]]")) {
      return text.value().charAt(0);
    }
    problems.add(
        node.get(), key + " is " + node.get().kind() + "; one ASCII character is expected");
    return absent;
  }
}
