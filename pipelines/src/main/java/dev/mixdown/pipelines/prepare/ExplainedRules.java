package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.samples.Replays;
import dev.mixdown.pipelines.samples.ResolvedRules;
import dev.mixdown.transforms.mixing.MixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stage's rules for samples come to: the manifests that names are, and how many records each
 * rule takes.
 *
 * @param rules in the order in which they apply
 * @param unknown why records are not counted; empty where they are
 */
public record ExplainedRules(List<Rule> rules, String unknown) {
  /** Of a stage without rules. */
  public static final ExplainedRules NONE = new ExplainedRules(List.of(), "");

  /**
   * A rule.
   *
   * @param key of the config
   * @param sources what it names
   * @param records how many it takes: those that are left out, or that come again, or, for {@code
   *     continue}, the samples that count as given; empty where it is not known
   */
  public record Rule(String key, List<Source> sources, Optional<Long> records) {}

  /**
   * What a rule names.
   *
   * @param manifestId the manifest that this is now; empty for data
   * @param samples that it gives, as far as the rule takes them
   */
  public record Source(String name, Optional<String> manifestId, Optional<Long> samples) {}

  /** Whether a stage has such rules. */
  public static boolean has(Resolution stage) {
    return !keys(stage).isEmpty();
  }

  /**
   * Explains the rules of a stage. Records are counted where its shards are known already: nothing
   * that was not inspected is read for it.
   *
   * @throws dev.mixdown.configs.problems.ConfigException with every name that has no manifest
   */
  public static ExplainedRules of(PrepareRequest request) throws IOException {
    Resolution stage = request.resolve();
    ResolvedRules rules = request.sources().resolve(stage);
    Optional<StagePlan> plan = Optional.empty();
    String unknown = "";
    if (!isKnown(request, stage)) {
      unknown = "its shards were not inspected yet, or have changed; run mixdown plan to count";
    } else {
      try {
        plan = Optional.of(new Preparation(request, Progress.NONE).plan());
      } catch (DataException e) {
        unknown = e.what();
      } catch (MixException e) {
        unknown = String.valueOf(e.getMessage());
      }
    }
    List<Rule> explained = new ArrayList<>();
    for (String key : keys(stage)) {
      Optional<Long> records = plan.map(p -> records(p, key));
      explained.add(new Rule(key, sources(stage, rules, key), records));
    }
    return new ExplainedRules(List.copyOf(explained), unknown);
  }

  /** Whether no shard of the stage has to be read. */
  private static boolean isKnown(PrepareRequest request, Resolution stage) throws IOException {
    MatchedStage matched = Preparation.match(request, stage);
    long known =
        new Inspections(request.workspace(), request.runner(), Progress.NONE, "explain")
            .known(matched.datasets()).stream().mapToLong(d -> d.shards().size()).sum();
    return matched.problems().isEmpty()
        && known == matched.datasets().stream().mapToLong(d -> d.shards().size()).sum();
  }

  /** The rules that the stage has, in the order in which they apply. */
  private static List<String> keys(Resolution stage) {
    SampleRules asked = stage.config().mix().samples();
    SampleRules.HoldOut holdOut = asked.holdOut();
    List<String> keys = new ArrayList<>();
    if (!stage.config().heldOut().isEmpty() || holdOut.auto() || !holdOut.against().isEmpty()) {
      keys.add("hold_out");
    }
    if (!asked.exclude().isEmpty()) {
      keys.add("exclude");
    }
    if (stage.config().mix().filtering().removeDuplicates()) {
      keys.add("remove_duplicates");
    }
    if (asked.continued().isPresent()) {
      keys.add("continue");
    }
    if (!asked.replay().isEmpty()) {
      keys.add("replay");
    }
    return keys;
  }

  private static List<Source> sources(Resolution stage, ResolvedRules rules, String key) {
    return switch (key) {
      case "hold_out" -> heldOut(stage);
      case "exclude" ->
          rules.exclude().stream()
              .map(e -> source(e.source().toString(), e.value().id(), e.value().uses().samples()))
              .toList();
      case "continue" ->
          rules.continued().stream()
              .map(c -> source("manifest", c.manifest().id(), c.samples()))
              .toList();
      case "replay" ->
          rules.replay().stream()
              .map(
                  r ->
                      source(r.source().toString(), r.value().manifest().id(), r.value().samples()))
              .toList();
      default -> List.of();
    };
  }

  private static Source source(String name, String manifest, long samples) {
    return new Source(name, Optional.of(manifest), Optional.of(samples));
  }

  private static List<Source> heldOut(Resolution stage) {
    List<String> names = new ArrayList<>();
    for (HeldOut entry : stage.config().heldOut()) {
      names.add("%s \"%s\"".formatted(entry.kind().word(), entry.name()));
    }
    SampleRules.HoldOut rules = stage.config().mix().samples().holdOut();
    rules.against().forEach(source -> names.add(source.toString()));
    if (rules.auto()) {
      names.add("every stage for evaluation");
    }
    return names.stream().map(n -> new Source(n, Optional.empty(), Optional.empty())).toList();
  }

  private static long records(StagePlan plan, String key) {
    return switch (key) {
      case "continue" ->
          plan.rules().continued().stream().mapToLong(ResolvedRules.Consumed::samples).sum();
      case "replay" ->
          plan.datasets().stream().filter(Replays::is).mapToLong(InspectedDataset::records).sum();
      default ->
          plan.datasets().stream()
              .filter(d -> !Replays.is(d))
              .mapToLong(d -> d.leftOut().getOrDefault(key, 0L))
              .sum();
    };
  }

  /** The rules as {@code explain --json} has them. */
  public ArrayNode json() {
    ArrayNode list = Json.array();
    for (Rule rule : rules) {
      ObjectNode json = list.addObject().put("rule", rule.key());
      json.put("records", rule.records().orElse(null));
      ArrayNode sources = json.putArray("sources");
      for (Source source : rule.sources()) {
        sources
            .addObject()
            .put("name", source.name())
            .put("manifest_id", source.manifestId().orElse(null))
            .put("samples", source.samples().orElse(null));
      }
    }
    return list;
  }
}
