package dev.mixdown.pipelines.samples;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.uses.UsedManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stage does with samples that others gave, with manifests in the place of names.
 *
 * @param asked what the config says
 * @param continued the manifest that the stage goes on from, and before it those that this one went
 *     on from; none where it begins anew
 * @param exclude in the order of the config
 * @param replay in the order of the config
 */
public record ResolvedRules(
    SampleRules asked,
    List<Consumed> continued,
    List<Named<UsedManifest>> exclude,
    List<Named<Consumed>> replay) {
  /** No rule at all. */
  public static final ResolvedRules NONE =
      new ResolvedRules(SampleRules.NONE, List.of(), List.of(), List.of());

  /**
   * A manifest as far as it was consumed.
   *
   * @param samples from the first
   */
  public record Consumed(UsedManifest manifest, long samples) {}

  /** What a name of the config is. */
  public record Named<T>(SampleRules.Source source, T value) {}

  /**
   * A manifest that the stage refers to.
   *
   * @param as the rule
   * @param consumed how far it was consumed, where that matters
   */
  public record Reference(String manifest, String as, Optional<Long> consumed) {}

  /** The manifests that the stage refers to, each with the rule. */
  public List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    continued.stream()
        .limit(1)
        .forEach(
            c ->
                references.add(
                    new Reference(c.manifest().id(), "continue", Optional.of(c.samples()))));
    exclude.forEach(
        e -> references.add(new Reference(e.value().id(), "exclude", Optional.empty())));
    replay.forEach(
        r ->
            references.add(
                new Reference(
                    r.value().manifest().id(), "replay", Optional.of(r.value().samples()))));
    return references;
  }

  /** The references as a manifest's identity has them; empty without any. */
  public Optional<ArrayNode> json() {
    ArrayNode list = Json.array();
    for (Reference reference : references()) {
      ObjectNode one =
          list.addObject().put("as", reference.as()).put("manifest_id", reference.manifest());
      reference.consumed().ifPresent(samples -> one.put("consumed", samples));
    }
    return list.isEmpty() ? Optional.empty() : Optional.of(list);
  }
}
