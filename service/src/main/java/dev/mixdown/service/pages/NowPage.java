package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.switching.SwitchLog;
import dev.mixdown.configs.switching.SwitchRules;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.switching.SwitchRules.Finding;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.Work;
import dev.mixdown.service.work.WorkPool;
import io.javalin.http.Context;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first page: what is active, since when and why, what comes next, and what runs. */
public final class NowPage {
  private static final int SWITCHES = 8;

  private final Site site;
  private final WorkPool works;
  private final Watch watch;
  private final Renderer renderer;

  /** A condition of the stage that comes next. */
  public record NextCondition(String text, boolean holds, String state) {}

  /** The current manifest. */
  public record Current(String id, String samples, String made) {}

  /** A line of the switch log. */
  public record Switch(String at, String from, String to, String by, String why) {}

  /** What the page shows; texts are empty where there is nothing. */
  public record View(
      String stage,
      boolean linked,
      String variant,
      String since,
      String duration,
      String by,
      String why,
      String epoch,
      String mode,
      String next,
      List<NextCondition> conditions,
      String proposed,
      String proposedWhy,
      @Nullable Current manifest,
      List<Work> works,
      List<Switch> switches,
      String problems,
      String changes) {}

  NowPage(Site site, WorkPool works, Watch watch, Renderer renderer) {
    this.site = site;
    this.works = works;
    this.watch = watch;
    this.renderer = renderer;
  }

  Answer show(Context context) throws IOException {
    ReleaseRepository repository = site.repository();
    StageStatus status = StageStatus.of(repository, site.clock());
    Optional<ActiveStage> active = status.active();
    String stage = status.stage().orElse("none");
    Optional<String> variant = active.flatMap(ActiveStage::variant);
    View view =
        new View(
            stage,
            status.catalog().map(c -> c.stages().containsKey(stage)).orElse(false),
            variant.orElse(""),
            active.flatMap(ActiveStage::activatedAt).orElse(""),
            status.since().map(Timestamps::text).orElse(""),
            active.flatMap(ActiveStage::activatedBy).orElse(""),
            active.flatMap(ActiveStage::reason).orElse(""),
            active.flatMap(ActiveStage::progress).map(p -> String.valueOf(p.epoch())).orElse(""),
            status.catalog().map(StageStatus::mode).orElse("one config for all training"),
            status.next().stage().orElse(""),
            conditions(status),
            active.flatMap(ActiveStage::proposal).map(ActiveStage.Proposal::stage).orElse(""),
            active.flatMap(ActiveStage::proposal).map(ActiveStage.Proposal::condition).orElse(""),
            manifest(stage, variant),
            works.list().stream().filter(work -> !work.state().isEnd()).toList(),
            switches(repository, active),
            status.problems().map(ConfigException::getMessage).orElse(""),
            watch.notice());
    return renderer.render("now", renderer.page(context, "Now", "Now"), Map.of("view", view));
  }

  private static List<NextCondition> conditions(StageStatus status) {
    if (status.catalog().isEmpty() || status.stage().isEmpty()) {
      return List.of();
    }
    Optional<EpochsSeen> seen = status.active().flatMap(ActiveStage::progress);
    Map<String, BigDecimal> metrics = new HashMap<>();
    seen.ifPresent(s -> metrics.put(Condition.EPOCH, BigDecimal.valueOf(s.epoch())));
    Set<String> events = seen.map(s -> Set.copyOf(s.events())).orElse(Set.of());
    List<NextCondition> conditions = new ArrayList<>();
    SwitchRules.candidates(status.catalog().get(), status.stage().get(), metrics, events).stream()
        .limit(1)
        .map(Candidate::findings)
        .flatMap(List::stream)
        .forEach(finding -> conditions.add(condition(finding)));
    return conditions;
  }

  private static NextCondition condition(Finding finding) {
    boolean event = finding.condition() instanceof Condition.Event;
    String state =
        finding
            .value()
            .map(value -> "it is " + value.toPlainString())
            .orElse(
                event ? (finding.holds() ? "it has happened" : "not yet") : "asked at each check");
    return new NextCondition(finding.condition().text(), finding.holds(), state);
  }

  private @Nullable Current manifest(String stage, Optional<String> variant) {
    for (PreparedManifest manifest : site.holdings().manifests()) {
      if (manifest.current()
          && manifest.manifest().stage().equals(stage)
          && variant.filter(v -> !v.equals(manifest.manifest().variant())).isEmpty()) {
        return new Current(
            manifest.manifest().id(),
            Counts.number(manifest.manifest().samples()),
            manifest.made().toString());
      }
    }
    return null;
  }

  /** The switch log; where there is none, the stages that the active one's file remembers. */
  private static List<Switch> switches(ReleaseRepository repository, Optional<ActiveStage> active)
      throws IOException {
    List<Map<?, ?>> lines = new SwitchLog(repository).lines();
    if (lines.isEmpty()) {
      return remembered(active.map(ActiveStage::history).orElse(List.of()));
    }
    List<Switch> switches = new ArrayList<>();
    for (int i = lines.size() - 1; i >= 0 && switches.size() < SWITCHES; i--) {
      Map<?, ?> line = lines.get(i);
      switches.add(
          new Switch(
              text(line, "timestamp"),
              text(line, "from_stage"),
              text(line, "to_stage"),
              text(line, "by"),
              line.get("condition") == null ? text(line, "trigger") : text(line, "condition")));
    }
    return switches;
  }

  private static List<Switch> remembered(List<Activation> history) {
    List<Switch> switches = new ArrayList<>();
    for (int i = history.size() - 1; i >= 0 && switches.size() < SWITCHES; i--) {
      Activation one = history.get(i);
      switches.add(
          new Switch(
              one.activatedAt().orElse(""),
              i == 0 ? "" : history.get(i - 1).stage().orElse(""),
              one.stage().orElse("") + one.variant().map(v -> "/" + v).orElse(""),
              "",
              one.reason().orElse("")));
    }
    return switches;
  }

  private static String text(Map<?, ?> line, String key) {
    return Objects.toString(line.get(key), "");
  }
}
