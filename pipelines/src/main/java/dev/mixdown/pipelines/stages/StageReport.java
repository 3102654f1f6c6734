package dev.mixdown.pipelines.stages;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.switching.SwitchLog;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.plan.KnownMix;
import dev.mixdown.storage.Reach;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report in Markdown: the stages, their mixes, their history, and what is next. */
public final class StageReport {
  private final ReleaseRepository repository;
  private final Clock clock;
  private final Workspace workspace;
  private final Reach reach;
  private final StringBuilder text = new StringBuilder();

  public StageReport(ReleaseRepository repository, Clock clock, Workspace workspace) {
    this.repository = repository.unforced();
    this.clock = clock;
    this.workspace = workspace;
    this.reach = Reach.impatient(repository.storage());
  }

  /** The whole report. */
  public String markdown() throws IOException {
    StageStatus status = StageStatus.of(repository, clock);
    line("# Stages of " + repository.folder());
    line("");
    line("As of " + Timestamps.text(now()) + ".");
    section("Now");
    now(status);
    if (status.catalog().isPresent()) {
      section("Stages");
      stages(status);
    }
    section("Mix");
    for (StageChoice choice : choices(status)) {
      mix(choice);
    }
    if (status.active().isPresent()) {
      section("History");
      history(status.active().get());
      log();
    }
    return text.toString();
  }

  private LocalDateTime now() {
    return LocalDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS);
  }

  private void now(StageStatus status) {
    Optional<ActiveStage> active = status.active();
    line(
        "**%s**%s is active%s%s%s."
            .formatted(
                escape(status.stage().orElse("No stage")),
                active.flatMap(ActiveStage::variant).map(v -> ", variant " + escape(v)).orElse(""),
                active.flatMap(ActiveStage::activatedAt).map(at -> " since " + at).orElse(""),
                status.since().map(d -> ", for " + Timestamps.text(d)).orElse(""),
                active.flatMap(ActiveStage::reason).map(r -> " (" + escape(r) + ")").orElse("")));
    if (status.catalog().isPresent()) {
      line("");
      line("Next: " + escape(status.expected()) + ".");
    }
    active
        .flatMap(ActiveStage::proposal)
        .ifPresent(
            p -> {
              line("");
              line(
                  "Proposed: **%s**, since %s (%s)."
                      .formatted(
                          escape(p.stage()), p.proposedAt().orElse("?"), escape(p.condition())));
            });
    status
        .problems()
        .ifPresent(
            e -> {
              line("");
              e.problems().forEach(problem -> line("- " + escape(problem.toString())));
            });
  }

  private void stages(StageStatus status) {
    StageCatalog catalog = status.catalog().orElseThrow();
    line("Switching is %s.".formatted(catalog.switching().mode().word()));
    line("");
    row("", "stage", "name", "entered", "config", "resources");
    rule(6);
    for (Stage stage : catalog.inOrder()) {
      row(
          status.stage().equals(Optional.of(stage.key())) ? "**active**" : "",
          escape(stage.key()),
          escape(stage.name().orElse("")),
          escape(StageDescription.entered(stage)),
          escape(StageDescription.configs(stage)),
          escape(StageDescription.resources(stage)));
    }
  }

  private static List<StageChoice> choices(StageStatus status) {
    return status
        .catalog()
        .map(
            catalog ->
                catalog.inOrder().stream()
                    .flatMap(stage -> stage.choices(Optional.empty()).stream())
                    .toList())
        .orElse(List.of(StageChoice.OPEN));
  }

  private void mix(StageChoice choice) throws IOException {
    try {
      mix(repository.resolve(choice));
    } catch (ConfigException e) {
      line("### " + escape(choice.stage().orElse("")));
      line("");
      line("Its config cannot be used:");
      line("");
      e.problems().forEach(problem -> line("- " + escape(problem.toString())));
      line("");
    }
  }

  private void mix(Resolution resolution) throws IOException {
    KnownMix known = KnownMix.of(repository, resolution, workspace, reach);
    MixSettings mix = resolution.config().mix();
    line("### " + escape(resolution.folder()));
    line("");
    line(
        "`%s`, sampling strategy %s%s."
            .formatted(
                resolution.config().file(),
                mix.strategy().map(Strategy::word).orElse("by what there is"),
                known.mix().map(m -> ", " + Counts.number(m.total()) + " samples").orElse("")));
    line("");
    row("dataset", "category", "duplicate", "weight", "records", "samples", "share");
    line("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (DatasetEntry dataset : resolution.config().enabled()) {
      Optional<Long> samples = known.samples(dataset.name());
      Optional<Long> total = known.mix().map(Mix::total).filter(t -> t > 0);
      row(
          escape(dataset.name()),
          escape(Categories.of(dataset, mix)),
          dataset.duplicate().toPlainString(),
          dataset.weight().map(w -> w.toPlainString()).orElse(""),
          number(Optional.ofNullable(known.records().get(dataset.name()))),
          number(samples),
          total.flatMap(t -> samples.map(s -> Counts.percent((double) s / t))).orElse(""));
    }
    line("");
    known.notes().forEach(note -> line("- " + escape(note.toString())));
    if (!known.notes().isEmpty()) {
      line("");
    }
  }

  private void history(ActiveStage active) {
    row("stage", "from", "to", "duration", "reason");
    rule(5);
    Map<String, Duration> total = new LinkedHashMap<>();
    for (Activation entry : active.history()) {
      Optional<LocalDateTime> from = entry.activatedAt().flatMap(Timestamps::parse);
      Optional<LocalDateTime> to =
          entry.deactivatedAt().isPresent()
              ? entry.deactivatedAt().flatMap(Timestamps::parse)
              : Optional.of(now());
      Optional<Duration> duration =
          from.flatMap(f -> to.map(t -> Timestamps.between(f, t))).filter(d -> !d.isNegative());
      String stage = entry.stage().orElse("?") + entry.variant().map(v -> "/" + v).orElse("");
      duration.ifPresent(d -> total.merge(stage, d, Duration::plus));
      row(
          escape(stage),
          entry.activatedAt().orElse("?"),
          entry.deactivatedAt().orElse("now"),
          duration.map(Timestamps::text).orElse("?"),
          escape(entry.reason().orElse("")));
    }
    line("");
    line(
        "In all: "
            + total.entrySet().stream()
                .map(e -> escape(e.getKey()) + " " + Timestamps.text(e.getValue()))
                .collect(Collectors.joining("; "))
            + ".");
  }

  /** What the switch log adds to the history: what held, and what the metrics were. */
  private void log() throws IOException {
    List<Map<?, ?>> lines = new ArrayList<>(new SwitchLog(repository).lines());
    if (lines.isEmpty()) {
      return;
    }
    section("Switches");
    row("at", "from", "to", "trigger", "condition", "reported");
    rule(6);
    for (Map<?, ?> line : lines) {
      row(
          cell(line.get("timestamp")),
          cell(line.get("from_stage")),
          cell(line.get("to_stage")),
          cell(line.get("trigger")),
          cell(line.get("condition")),
          line.get("metadata") instanceof Map<?, ?> metadata
              ? metadata.entrySet().stream()
                  .map(e -> escape(e.getKey() + " " + e.getValue()))
                  .collect(Collectors.joining(", "))
              : "");
    }
  }

  private static String cell(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "" : escape(String.valueOf(value));
  }

  private void section(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void rule(int columns) {
    line("|" + " --- |".repeat(columns));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Text as Markdown shows it. */
  private static String escape(String text) {
    return text.replaceAll("([\\\\`*~&\\[\\]<>|])", "\\\\$1")
        // Inside a word it stands for itself.
        .replaceAll("(?<!\\w)_|_(?!\\w)", "\\\\_")
        .replaceAll("\\R", " ");
  }

  private static String number(Optional<Long> number) {
    return number.map(Counts::number).orElse("?");
  }
}
