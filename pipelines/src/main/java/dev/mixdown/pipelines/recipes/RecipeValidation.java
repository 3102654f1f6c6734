package dev.mixdown.pipelines.recipes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.SizeClass;
import dev.mixdown.recipes.checking.ConfigRules;
import dev.mixdown.recipes.checking.DataRules;
import dev.mixdown.recipes.checking.Finding;
import dev.mixdown.recipes.checking.Finding.Level;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A config held against the rules, and data against what its recipe requires.
 *
 * @param findings of both, errors first
 * @param data what the records have; empty where there were none
 */
public record RecipeValidation(
    Recipe recipe, List<Finding> findings, Optional<DataCheck> data, DataRules rules) {
  /**
   * What is held against what.
   *
   * @param config to train with
   * @param size of the model
   * @param charactersPerToken for records that do not say how many tokens they have
   */
  public record Request(
      Recipe recipe, Node.Mapping config, SizeClass size, BigDecimal charactersPerToken) {}

  /**
   * Data that were inspected with the recipe's requirements.
   *
   * @param samples that there are to train on
   */
  public record Data(Workspace workspace, List<InspectedShard> shards, long samples) {}

  /** Validates a config, and data where there are any. */
  public static RecipeValidation of(Request request, Optional<Data> data) throws IOException {
    DataRules rules =
        new DataRules(
            request.recipe().dataRequirements(), request.config(), request.charactersPerToken());
    List<Finding> findings =
        new ArrayList<>(
            new ConfigRules(request.recipe().algorithm(), request.size(), request.config())
                .findings(
                    data.isPresent()
                        ? OptionalLong.of(data.get().samples())
                        : OptionalLong.empty()));
    Optional<DataCheck> check = Optional.empty();
    if (data.isPresent()) {
      Data there = data.get();
      check = Optional.of(DataCheck.of(there.workspace(), there.shards(), rules, there.samples()));
      findings.addAll(check.get().findings());
    }
    findings.sort((a, b) -> a.level().compareTo(b.level()));
    return new RecipeValidation(request.recipe(), List.copyOf(findings), check, rules);
  }

  /** Whether nothing is wrong. */
  public boolean isValid() {
    return findings.stream().noneMatch(Finding::isError);
  }

  /** Whether nothing is wrong with the config; the data may be. */
  public boolean isConfigValid() {
    return findings.stream().noneMatch(f -> f.isError() && !f.parameter().isEmpty());
  }

  /** How many findings there are of a level. */
  public long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  /** The document: that of spec/platform.md, and more; see recipes-validate.schema.json. */
  public ObjectNode json() {
    ObjectNode json = Json.object().put("valid", isValid());
    ArrayNode warnings = json.putArray("warnings");
    ArrayNode errors = json.putArray("errors");
    ArrayNode all = json.putArray("findings");
    for (Finding finding : findings) {
      (finding.isError() ? errors : warnings).add(finding.message());
      all.add(finding.json());
    }
    json.set("recipe", recipe.reference());
    data.ifPresent(check -> json.set("data", check.facts().json()));
    return json;
  }
}
