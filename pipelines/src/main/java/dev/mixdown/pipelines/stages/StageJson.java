package dev.mixdown.pipelines.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.NextStage;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.switching.Arm;
import dev.mixdown.configs.switching.LoaderChanges;
import dev.mixdown.configs.switching.StageCheck.Answer;
import dev.mixdown.configs.switching.StageSwitcher.Switched;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the commands answer to programs. */
public final class StageJson {
  private StageJson() {}

  public static ObjectNode next(Optional<NextStage> next) {
    ObjectNode node = Json.object();
    node.put("predicted_stage", next.flatMap(NextStage::stage).orElse(null));
    node.put("estimated_switch_time", next.flatMap(NextStage::estimatedSwitchTime).orElse(null));
    node.set("conditions", Json.tree(next.map(NextStage::conditions).orElse(List.of())));
    return node;
  }

  public static ObjectNode changes(LoaderChanges changes) {
    ObjectNode node = Json.object();
    ArrayNode drop = node.putArray("drop");
    changes
        .drop()
        .forEach(
            d ->
                drop.addObject()
                    .put("dataset", d.dataset())
                    .put("obs_path", d.path())
                    .put("why", d.why()));
    node.set("keep", Json.tree(changes.keep()));
    node.set("load", Json.tree(changes.load()));
    node.put("consumer_version", changes.consumerVersion().orElse(null));
    return node;
  }

  public static ObjectNode switched(Switched switched, Optional<String> tag) {
    ObjectNode node = Json.object();
    node.put("outcome", switched.made().isPresent() ? "switched" : "unchanged");
    node.put("stage", switched.arm().stage());
    node.put("variant", switched.arm().variant().orElse(null));
    node.put("previous", switched.made().flatMap(s -> s.from()).orElse(null));
    node.put("previous_variant", switched.made().flatMap(s -> s.fromVariant()).orElse(null));
    node.put("reason", switched.made().map(s -> s.cause().reason()).orElse(null));
    node.set("loader", changes(switched.changes()));
    node.put("tag", tag.orElse(null));
    node.set("notes", Problems.json(switched.warnings()));
    return node;
  }

  public static ObjectNode answer(Answer answer) {
    ObjectNode node = Json.object();
    node.put("action", answer.action().name().toLowerCase(Locale.ROOT));
    node.put("stage", answer.active().flatMap(ActiveStage::stage).orElse(null));
    node.put("variant", answer.active().flatMap(ActiveStage::variant).orElse(null));
    node.put("previous", answer.previous().map(Arm::toString).orElse(null));
    node.put("why", answer.why());
    node.put(
        "proposed",
        answer.active().flatMap(ActiveStage::proposal).map(Proposal::stage).orElse(null));
    node.put("next_check_epoch", answer.looked().nextCheck().orElse(null));
    node.set("next_stage", next(answer.active().flatMap(ActiveStage::next)));
    ArrayNode candidates = node.putArray("candidates");
    answer.looked().candidates().forEach(c -> candidates.add(candidate(c)));
    node.set("unusable", Problems.json(answer.looked().unusable()));
    answer.changes().ifPresent(changes -> node.set("loader", changes(changes)));
    return node;
  }

  private static ObjectNode candidate(Candidate candidate) {
    ObjectNode node = Json.object();
    node.put("stage", candidate.stage().key());
    node.put("holds", candidate.holds());
    ArrayNode conditions = node.putArray("conditions");
    candidate
        .findings()
        .forEach(
            f ->
                conditions
                    .addObject()
                    .put("condition", f.condition().text())
                    .put("holds", f.holds())
                    .put("value", f.value().map(BigDecimal::stripTrailingZeros).orElse(null)));
    return node;
  }
}
