package dev.mixdown.configs.stages;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What has to hold before a stage is entered by itself: an event that happened, or a comparison.
 */
public sealed interface Condition {
  /** The metric that counts epochs. */
  String EPOCH = "epoch";

  /**
   * Whether it holds, by what is known. A comparison with a metric that nobody reported does not.
   */
  boolean holds(Map<String, BigDecimal> metrics, Set<String> events);

  /** The condition as people write it: {@code epoch >= 50}. */
  String text();

  /** Something has happened, such as {@code pretraining_complete}. */
  record Event(String name) implements Condition {
    @Override
    public boolean holds(Map<String, BigDecimal> metrics, Set<String> events) {
      return events.contains(name);
    }

    @Override
    public String text() {
      return name;
    }
  }

  /** A metric compares so to a bound. */
  record Comparison(String metric, Relation relation, BigDecimal bound) implements Condition {
    private static final Pattern FORM =
        Pattern.compile(
            "\\s*([^\\s<>=!≤≥≠]+)\\s*(<=|>=|==|!=|<|>)\\s*"
                + "(-?[0-9]{1,40}(?:\\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?)\\s*");

    private static Optional<Condition> parse(String text) {
      Matcher form = FORM.matcher(text);
      return form.matches()
          ? Arrays.stream(Relation.values())
              .filter(relation -> relation.sign.equals(form.group(2)))
              .findFirst()
              .map(r -> new Comparison(form.group(1), r, new BigDecimal(form.group(3))))
          : Optional.empty();
    }

    @Override
    public boolean holds(Map<String, BigDecimal> metrics, Set<String> events) {
      BigDecimal value = metrics.get(metric);
      return value != null && relation.holds(value.compareTo(bound));
    }

    @Override
    public String text() {
      return metric + " " + relation.sign + " " + bound.toPlainString();
    }
  }

  /** How two numbers compare. */
  enum Relation {
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("=="),
    UNEQUAL("!="),
    BELOW("<"),
    ABOVE(">");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    /** All signs, as people write them; a single {@code =} is {@code ==}. */
    static List<String> signs() {
      return Stream.concat(Arrays.stream(values()).map(r -> r.sign), Stream.of("=")).toList();
    }

    /** The relation of a sign that is one of {@link #signs}. */
    static Relation of(String sign) {
      return Arrays.stream(values())
          .filter(relation -> relation.sign.equals(sign))
          .findFirst()
          .orElse(EQUAL);
    }

    /** Whether it holds when a comparison of value and bound gave {@code compared}. */
    boolean holds(int compared) {
      return switch (this) {
        case AT_MOST -> compared <= 0;
        case AT_LEAST -> compared >= 0;
        case EQUAL -> compared == 0;
        case UNEQUAL -> compared != 0;
        case BELOW -> compared < 0;
        case ABOVE -> compared > 0;
      };
    }
  }

  /** At least so many epochs. */
  static Condition atEpoch(long epoch) {
    return new Comparison(EPOCH, Relation.AT_LEAST, BigDecimal.valueOf(epoch));
  }

  /** The condition that {@code text} says; empty when it is neither an event nor a comparison. */
  static Optional<Condition> parse(String text) {
    Optional<Condition> comparison = Comparison.parse(text);
    if (comparison.isPresent()) {
      return comparison;
    }
    return text.matches("[^<>=!≤≥≠\\p{Cntrl}]+") && !text.isBlank()
        ? Optional.of(new Event(text.strip()))
        : Optional.empty();
  }
}
