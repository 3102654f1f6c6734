package dev.mixdown.recipes.checking;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.Parameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks data against what a recipe requires of them, and against the config. */
public final class DataRules {
  /** As many characters as a token of English text has, about. */
  public static final BigDecimal USUAL_CHARACTERS = new BigDecimal("4");

  private final DataRequirements requirements;
  private final Map<String, Node> config;
  private final BigDecimal charactersPerToken;

  /**
   * @param config to train with
   * @param charactersPerToken for records that do not say how many tokens they have
   */
  public DataRules(
      DataRequirements requirements, Node.Mapping config, BigDecimal charactersPerToken) {
    this.requirements = requirements;
    this.config = config.values();
    this.charactersPerToken = charactersPerToken;
  }

  /**
   * What is wrong with the data.
   *
   * @param samples that there are to train on; records may be repeated, or left out
   */
  public List<Finding> findings(DataFacts facts, long samples) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts.Failure failure : facts.failures()) {
      DataFacts.Example first = failure.examples().get(0);
      findings.add(
          Finding.error(
              "fields",
              "",
              "%s of %s: %s; the first is record %d of %s"
                  .formatted(
                      Counts.number(failure.count()),
                      Counts.of(facts.records(), "record"),
                      failure.reason(),
                      first.record(),
                      first.path())));
    }
    requirements
        .least()
        .filter(least -> samples < least)
        .ifPresent(
            least ->
                findings.add(
                    Finding.warning(
                        "few-samples",
                        "",
                        "there are %s; the recipe was made for %s or more"
                            .formatted(Counts.of(samples, "sample"), Counts.number(least)))));
    context(facts).ifPresent(findings::add);
    return findings;
  }

  /** Tokens that a sequence may have, where the config says it. */
  private Optional<Long> limit() {
    return whole(Parameters.CONTEXT_LENGTH)
        .or(
            () ->
                whole(Parameters.MAX_PROMPT_LENGTH)
                    .flatMap(p -> whole(Parameters.MAX_RESPONSE_LENGTH).map(r -> p + r)));
  }

  private Optional<Long> whole(String name) {
    Node value = config.get(name);
    return value == null ? Optional.empty() : value.wholeNumber();
  }

  private Optional<Finding> context(DataFacts facts) {
    Optional<Long> limit = limit();
    if (limit.isEmpty() || facts.characters().records() == 0) {
      return Optional.empty();
    }
    boolean counted = facts.tokens().records() == facts.characters().records();
    long p99 = counted ? facts.tokens().percentile(99) : tokens(facts.characters().percentile(99));
    if (p99 <= limit.get()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            "context",
            Parameters.CONTEXT_LENGTH,
            "1 of 100 records has %s tokens or more%s, and the context holds %s: what is longer is cut"
                .formatted(
                    Counts.number(p99),
                    counted
                        ? ""
                        : " (%s characters at %s for each token)"
                            .formatted(
                                Counts.number(facts.characters().percentile(99)),
                                charactersPerToken.toPlainString()),
                    Counts.number(limit.get()))));
  }

  /** Characters in tokens, rounded up. */
  public long tokens(long characters) {
    return BigDecimal.valueOf(characters)
        .divide(charactersPerToken, 0, RoundingMode.CEILING)
        .longValue();
  }
}
