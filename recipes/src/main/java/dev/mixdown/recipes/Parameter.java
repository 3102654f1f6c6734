package dev.mixdown.recipes;

import dev.mixdown.configs.syntax.Node;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/**
 * A parameter of training configs.
 *
 * @param least the smallest value; empty without one
 * @param above what the value is larger than; empty without that
 * @param most the largest value; empty without one
 * @param algorithms that use it; empty where all do
 */
public record Parameter(
    String name,
    Type type,
    Optional<BigDecimal> least,
    Optional<BigDecimal> above,
    Optional<BigDecimal> most,
    Set<Algorithm> algorithms) {
  /** What its values are. */
  public enum Type {
    NUMBER("a number"),
    INTEGER("a whole number"),
    BOOLEAN("true or false"),
    TEXT("text");

    private final String title;

    Type(String title) {
      this.title = title;
    }
  }

  /** Whether an algorithm uses it. */
  public boolean isUsedBy(Algorithm algorithm) {
    return algorithms.isEmpty() || algorithms.contains(algorithm);
  }

  /** Why a value cannot be one of this parameter, as the end of a sentence; empty where it can. */
  public Optional<String> problem(Node value) {
    boolean fits =
        switch (type) {
          case NUMBER -> value instanceof Node.Decimal;
          case INTEGER -> value.wholeNumber().isPresent();
          case BOOLEAN -> value instanceof Node.Bool;
          case TEXT -> value instanceof Node.Text;
        };
    if (!fits) {
      return Optional.of("is %s; %s is expected".formatted(value.kind(), type.title));
    }
    if (value instanceof Node.Decimal number) {
      if (least.isPresent() && number.value().compareTo(least.get()) < 0) {
        return Optional.of(
            "is %s; it may not be below %s".formatted(number.written(), least.get()));
      }
      if (above.isPresent() && number.value().compareTo(above.get()) <= 0) {
        return Optional.of("is %s; it has to be above %s".formatted(number.written(), above.get()));
      }
      if (most.isPresent() && number.value().compareTo(most.get()) > 0) {
        return Optional.of(
            "is %s; it may not be above %s"
                .formatted(number.written(), most.get().toPlainString()));
      }
    }
    return Optional.empty();
  }
}
