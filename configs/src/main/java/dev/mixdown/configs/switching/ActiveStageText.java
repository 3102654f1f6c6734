package dev.mixdown.configs.switching;

import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.Condition.Comparison;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.configs.syntax.YamlEdit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code active_stage.yaml} after something happened; what people wrote in it stays.
 */
final class ActiveStageText {
  /** What lies further ahead was written by a clock that was wrong beyond doubt. */
  private static final Duration MOST_AHEAD = Duration.ofDays(7);

  private static final String NEW =
      """
      # Which stage is active. Written by "mixdown stage"; comments and keys of your own stay.
      current_stage: null
      current_variant: null
      activated_at: null
      activated_by: null         # system | user | scheduler
      switch_reason: null
      history: []
      next_stage:
        predicted_stage: null
        estimated_switch_time: null
        conditions: []
      """;

  private final StageCatalog catalog;
  private final Optional<ActiveStage> old;
  private final YamlEdit edit;

  /**
   * @param text the file's; empty where there is none yet
   * @param old what it says
   */
  ActiveStageText(
      StageCatalog catalog, String file, Optional<String> text, Optional<ActiveStage> old) {
    this.catalog = catalog;
    this.old = old;
    // A file without values may still have comments.
    this.edit =
        YamlEdit.of(
            old.isPresent()
                ? text.orElse(NEW)
                : text.map(t -> t.stripTrailing() + "\n").orElse("") + NEW,
            file);
  }

  /**
   * The time of what happens now: not before anything that is in the file already, but for times
   * that were written by a wrong clock.
   */
  static LocalDateTime notBefore(Optional<ActiveStage> active, LocalDateTime now) {
    LocalDateTime most = now.plus(MOST_AHEAD);
    return times(active).filter(time -> !time.isAfter(most)).reduce(now, ActiveStageText::later);
  }

  /** The latest time in the file, where it lies too far ahead to be right. */
  static Optional<LocalDateTime> wronglyAhead(Optional<ActiveStage> active, LocalDateTime now) {
    LocalDateTime most = now.plus(MOST_AHEAD);
    return times(active).filter(time -> time.isAfter(most)).reduce(ActiveStageText::later);
  }

  private static LocalDateTime later(LocalDateTime a, LocalDateTime b) {
    return a.isAfter(b) ? a : b;
  }

  private static Stream<LocalDateTime> times(Optional<ActiveStage> active) {
    return active.stream()
        .flatMap(
            a ->
                Stream.concat(
                    Stream.of(a.activatedAt()),
                    a.history().stream()
                        .flatMap(h -> Stream.of(h.activatedAt(), h.deactivatedAt()))))
        .flatMap(time -> time.flatMap(Timestamps::parse).stream());
  }

  /** After a switch. */
  String switched(Switch to, Optional<EpochsSeen> seen) {
    Map<String, BigDecimal> metrics = metrics(to.cause().metadata());
    edit.set("current_stage", to.to())
        .set("current_variant", to.variant().orElse(null))
        .set("activated_at", Timestamps.text(to.at()))
        .set("activated_by", to.cause().by())
        .set("switch_reason", to.cause().reason());
    if (old.map(a -> a.has("config_file")).orElse(false)) {
      edit.set("config_file", configFile(to));
    }
    currentMetrics(metrics, to.at());
    history(to, metrics);
    next(to.to(), seen, metrics, Set.of());
    if (seen.isPresent() || old.flatMap(ActiveStage::progress).isPresent()) {
      edit.set("progress", seen.map(ActiveStageText::map).orElse(null));
    }
    if (old.flatMap(ActiveStage::proposal).isPresent()) {
      edit.set("proposal", null);
    }
    return edit.set("last_switch", to.line()).text();
  }

  /**
   * After a check that changed nothing else.
   *
   * @param metrics what was reported
   */
  String seen(String stage, EpochsSeen seen, Map<String, BigDecimal> metrics) {
    next(stage, Optional.of(seen), metrics, Set.copyOf(seen.events()));
    return edit.set("progress", map(seen)).text();
  }

  /** After a check that proposes a switch. */
  String proposed(
      String stage, EpochsSeen seen, Map<String, BigDecimal> metrics, Proposal proposal) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("stage", proposal.stage());
    map.put("condition", proposal.condition());
    map.put("proposed_at", proposal.proposedAt().orElse(null));
    map.put("metrics", proposal.metrics());
    edit.set("proposal", map);
    return seen(stage, seen, metrics);
  }

  /** The numbers of what a switch knows: the metrics that were reported. */
  private static Map<String, BigDecimal> metrics(Map<String, ?> metadata) {
    Map<String, BigDecimal> metrics = new LinkedHashMap<>();
    metadata.forEach(
        (name, value) -> {
          if (value instanceof BigDecimal number) {
            metrics.put(name, number);
          }
        });
    return metrics;
  }

  private @Nullable String configFile(Switch to) {
    Optional<Stage> stage = Optional.ofNullable(catalog.stages().get(to.to()));
    return stage
        .flatMap(s -> to.variant().map(v -> s.variants().get(v)))
        .flatMap(StageCatalog.Variant::configFile)
        .or(() -> stage.flatMap(Stage::configFile))
        .orElse(null);
  }

  /** Where the file keeps the trainer's metrics, those that are known. */
  private void currentMetrics(Map<String, BigDecimal> metrics, LocalDateTime at) {
    Optional<Node> kept = old.flatMap(a -> a.root().find("current_metrics"));
    if (metrics.isEmpty() || !(kept.orElse(null) instanceof Node.Mapping mapping)) {
      return;
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>(metrics);
    if (mapping.values().containsKey("last_updated")) {
      values.put("last_updated", Timestamps.text(at));
    }
    edit.merge("current_metrics", values);
  }

  private void history(Switch to, Map<String, BigDecimal> metrics) {
    List<Activation> history = old.map(ActiveStage::history).orElse(List.of());
    Optional<String> current = old.flatMap(ActiveStage::stage);
    Optional<String> since = old.flatMap(ActiveStage::activatedAt);
    Optional<LocalDateTime> end = Optional.empty();
    boolean open = false;
    for (int i = 0; i < history.size(); i++) {
      Activation entry = history.get(i);
      end = entry.deactivatedAt().flatMap(Timestamps::parse);
      if (entry.deactivatedAt().isEmpty()) {
        open = i + 1 == history.size() && entry.stage().equals(current);
        Optional<String> next =
            i + 1 < history.size()
                ? history.get(i + 1).activatedAt()
                : open ? Optional.empty() : since;
        end = Optional.of(next.flatMap(Timestamps::parse).orElse(to.at()));
        edit.mergeItem("history", i, ended(entry.activatedAt(), end.get()));
        if (open && !metrics.isEmpty() && item(i).containsKey("final_metrics")) {
          edit.mergeItem("history", i, "final_metrics", metrics);
        }
      }
    }
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    if (!open && current.isPresent()) {
      // Somebody wrote current_stage by hand, and no history of it.
      Optional<String> begin = later(since, end);
      items.add(
          entry(
              current.get(),
              old.flatMap(ActiveStage::variant),
              begin,
              old.flatMap(ActiveStage::reason)));
      items.get(0).putAll(ended(begin, to.at()));
    }
    Map<String, @Nullable Object> begun =
        entry(
            to.to(),
            to.variant(),
            Optional.of(Timestamps.text(to.at())),
            Optional.of(to.cause().reason()));
    if (!history.isEmpty()) {
      likeThe(item(history.size() - 1), begun, to);
    }
    items.add(begun);
    edit.append("history", items);
  }

  /** The keys of an item of the history. */
  private Map<String, Node> item(int index) {
    return old.flatMap(a -> a.root().find("history"))
        .filter(Node.Sequence.class::isInstance)
        .map(list -> ((Node.Sequence) list).values().get(index))
        .filter(Node.Mapping.class::isInstance)
        .map(item -> ((Node.Mapping) item).values())
        .orElse(Map.of());
  }

  /** Gives a new item the further keys that the item before it has. */
  private static void likeThe(
      Map<String, Node> before, Map<String, @Nullable Object> item, Switch to) {
    if (before.containsKey("variant")) {
      item.putIfAbsent("variant", null);
    }
    if (before.containsKey("triggered_by")) {
      item.put("triggered_by", to.cause().by());
    }
    if (before.get("final_metrics") instanceof Node.Mapping metrics) {
      Map<String, @Nullable Object> none = new LinkedHashMap<>();
      metrics.values().keySet().forEach(name -> none.put(name, null));
      item.put("final_metrics", none);
    }
  }

  /** A time as written; but the end of what was before where that is later. */
  private static Optional<String> later(Optional<String> time, Optional<LocalDateTime> end) {
    Optional<LocalDateTime> begun = time.flatMap(Timestamps::parse);
    boolean overlaps = end.isPresent() && (begun.isEmpty() || begun.get().isBefore(end.get()));
    return overlaps ? end.map(Timestamps::text) : time;
  }

  private static Map<String, @Nullable Object> entry(
      String stage, Optional<String> variant, Optional<String> at, Optional<String> reason) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("stage", stage);
    variant.ifPresent(v -> entry.put("variant", v));
    entry.put("activated_at", at.orElse(null));
    entry.put("deactivated_at", null);
    entry.put("duration", null);
    entry.put("reason", reason.orElse(null));
    return entry;
  }

  private static Map<String, @Nullable Object> ended(Optional<String> begin, LocalDateTime end) {
    Map<String, @Nullable Object> ended = new LinkedHashMap<>();
    ended.put("deactivated_at", Timestamps.text(end));
    ended.put(
        "duration",
        begin
            .flatMap(Timestamps::parse)
            .map(b -> Timestamps.between(b, end))
            .filter(duration -> !duration.isNegative())
            .map(Timestamps::text)
            .orElse(null));
    return ended;
  }

  private void next(
      String stage,
      Optional<EpochsSeen> seen,
      Map<String, BigDecimal> metrics,
      Set<String> events) {
    Optional<Stage> next = SwitchRules.enterable(catalog, stage).stream().findFirst();
    Optional<LocalDateTime> time =
        catalog.switching().mode() == Mode.MANUAL
            ? Optional.empty()
            : next.flatMap(
                n ->
                    seen.flatMap(
                        s -> SwitchRules.estimate(n, catalog.switching().checkInterval(), s)));
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("predicted_stage", next.map(Stage::key).orElse(null));
    values.put("estimated_switch_time", time.map(Timestamps::text).orElse(null));
    values.put("conditions", conditions(next, metrics, events));
    edit.merge("next_stage", values);
  }

  /** The conditions of the next stage, as texts or as objects: in the form that was found. */
  private List<?> conditions(
      Optional<Stage> next, Map<String, BigDecimal> metrics, Set<String> events) {
    List<Condition> conditions = next.map(Stage::conditions).orElse(List.of());
    Optional<Node> found = old.flatMap(a -> a.root().find("next_stage", "conditions"));
    boolean objects =
        found.orElse(null) instanceof Node.Sequence list
            && (list.values().isEmpty()
                // Nothing shows the form: a file that keeps metrics has the long one.
                ? old.get().has("current_metrics")
                : list.values().stream().anyMatch(Node.Mapping.class::isInstance));
    if (!objects) {
      return conditions.stream().map(Condition::text).toList();
    }
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    for (Condition condition : conditions) {
      Map<String, @Nullable Object> item = new LinkedHashMap<>();
      item.put("condition", condition.text());
      item.put("status", condition.holds(metrics, events) ? "met" : "pending");
      item.put(
          "current_value",
          condition instanceof Comparison comparison ? metrics.get(comparison.metric()) : null);
      item.put(
          "target_value", condition instanceof Comparison comparison ? comparison.bound() : null);
      items.add(item);
    }
    return items;
  }

  private static Map<String, @Nullable Object> map(EpochsSeen seen) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("first_epoch", seen.firstEpoch());
    map.put("first_at", Timestamps.text(seen.firstAt()));
    map.put("epoch", seen.epoch());
    map.put("at", Timestamps.text(seen.at()));
    map.put("checked_epoch", seen.checkedEpoch().orElse(null));
    map.put("events", seen.events());
    return map;
  }
}
