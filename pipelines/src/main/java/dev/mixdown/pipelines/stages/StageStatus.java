package dev.mixdown.pipelines.stages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.NextStage;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.switching.SwitchRules;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a repository stands.
 *
 * @param catalog its stages, where it has any
 * @param active what {@code active_stage.yaml} says, where there is one
 * @param stage the stage that is active, or the default where none was recorded
 * @param configs the dataset config in use, or those of all arms where none is set
 * @param problems what keeps the config from being used
 * @param since how long the stage has been active
 * @param next the stage that comes next by itself, with its conditions and the time it is expected
 */
public record StageStatus(
    Optional<StageCatalog> catalog,
    Optional<ActiveStage> active,
    Optional<String> stage,
    List<Resolution> configs,
    Optional<ConfigException> problems,
    Optional<Duration> since,
    NextStage next) {

  public static StageStatus of(ReleaseRepository repository, Clock clock) throws IOException {
    Problems broken = new Problems();
    Optional<StageCatalog> catalog = repository.catalog(broken);
    Optional<ActiveStage> active = repository.active(broken);
    broken.throwIfAny();
    Optional<String> stage =
        active.flatMap(ActiveStage::stage).or(() -> catalog.flatMap(StageCatalog::defaultStage));
    List<Resolution> configs = new ArrayList<>();
    Optional<ConfigException> problems = Optional.empty();
    try {
      for (StageChoice choice : choices(catalog, active, stage)) {
        configs.add(repository.unforced().resolve(choice));
      }
    } catch (ConfigException e) {
      if (catalog.isEmpty()) {
        throw e;
      }
      problems = Optional.of(e);
    }
    LocalDateTime now = LocalDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS);
    Optional<Duration> since =
        active
            .flatMap(ActiveStage::activatedAt)
            .flatMap(Timestamps::parse)
            .map(at -> Timestamps.between(at, now))
            .filter(duration -> !duration.isNegative());
    Optional<String> name = stage.or(() -> configs.stream().map(Resolution::stage).findFirst());
    return new StageStatus(
        catalog, active, name, configs, problems, since, next(catalog, active, stage, now));
  }

  /** By the stages as they are now; the file's own prediction may be older than they. */
  private static NextStage next(
      Optional<StageCatalog> catalog,
      Optional<ActiveStage> active,
      Optional<String> stage,
      LocalDateTime now) {
    Optional<Stage> next =
        catalog.flatMap(
            c -> stage.flatMap(key -> SwitchRules.enterable(c, key).stream().findFirst()));
    Optional<String> time =
        active
            .flatMap(ActiveStage::next)
            .filter(predicted -> predicted.stage().equals(next.map(Stage::key)))
            .flatMap(NextStage::estimatedSwitchTime)
            .filter(at -> Timestamps.parse(at).map(now::isBefore).orElse(false));
    List<String> conditions =
        next.map(n -> n.conditions().stream().map(Condition::text).toList()).orElse(List.of());
    return new NextStage(next.map(Stage::key), time, conditions);
  }

  /** The stage with its arm; without one, with each of its arms. */
  private static List<StageChoice> choices(
      Optional<StageCatalog> catalog, Optional<ActiveStage> active, Optional<String> stage) {
    if (catalog.isEmpty()) {
      return List.of(StageChoice.OPEN);
    }
    Stage known = stage.map(s -> catalog.get().stages().get(s)).orElse(null);
    Optional<String> variant = active.flatMap(ActiveStage::variant);
    if (stage.isEmpty()) {
      return List.of();
    }
    // A missing stage is reported with the rule that names it.
    return known == null ? List.of(StageChoice.OPEN) : known.choices(variant);
  }

  /** How stages are switched, in words. */
  public static String mode(StageCatalog catalog) {
    return switch (catalog.switching().mode()) {
      case AUTO -> "auto: a check switches";
      case HYBRID -> "hybrid: a check proposes, a person confirms";
      case MANUAL -> "manual: only people switch";
    };
  }

  /** What comes next, in a sentence. */
  public String expected() {
    if (next.stage().isEmpty()) {
      return "nothing follows by itself";
    }
    boolean byHand = catalog.map(c -> c.switching().mode() == Mode.MANUAL).orElse(false);
    return next.stage().get()
        + (byHand ? ", by hand, once " : " when ")
        + String.join(" and ", next.conditions())
        + next.estimatedSwitchTime().map(t -> ", about " + t).orElse("");
  }

  public ObjectNode json() {
    ObjectNode document = Json.object();
    document.put("current_stage", stage.orElse(null));
    document.put("current_variant", active.flatMap(ActiveStage::variant).orElse(null));
    document.put("activated_at", active.flatMap(ActiveStage::activatedAt).orElse(null));
    document.put("active_for_seconds", since.map(Duration::toSeconds).orElse(null));
    document.put("activated_by", active.flatMap(ActiveStage::activatedBy).orElse(null));
    document.put("switch_reason", active.flatMap(ActiveStage::reason).orElse(null));
    document.put("mode", catalog.map(c -> c.switching().mode().word()).orElse(null));
    document.set("configs", Json.tree(configs.stream().map(r -> r.config().file()).toList()));
    document.set("next_stage", StageJson.next(Optional.of(next)));
    document.set(
        "proposal",
        active
            .flatMap(a -> a.root().find("proposal"))
            .map(node -> Json.tree(node.plain()))
            .orElse(null));
    document.put("epoch", active.flatMap(ActiveStage::progress).map(p -> p.epoch()).orElse(null));
    document.set(
        "errors", Problems.json(problems.map(ConfigException::problems).orElse(List.of())));
    return document;
  }
}
