package dev.mixdown.recipes.adapting;

import dev.mixdown.recipes.SizeClass;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many parameters a model has.
 *
 * @param total that have to be held
 * @param active that a token passes; fewer than all in a mixture of experts
 * @param text as people write it
 */
public record ModelSize(long total, long active, String text) {
  private static final long LEAST = 1_000_000;
  private static final long MOST = 100_000_000_000_000L;

  private static final Pattern COUNT = Pattern.compile("\\d{1,3}([,_ ]\\d{3})+|\\d+");
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([bBmMtT])");
  private static final Pattern ACTIVE = Pattern.compile("[aA](\\d+(?:\\.\\d+)?[bBmM])");
  private static final Pattern EXPERTS = Pattern.compile("(\\d+)[xX](\\d+(?:\\.\\d+)?[bBmM])");

  /**
   * Reads a size: {@code 7B}, {@code 350M}, {@code 70,000,000,000}, {@code 30B-A3B} for a mixture
   * of experts, or the name of a model that has one of these as a whole word.
   *
   * @throws IllegalArgumentException with a message for people, when there is none
   */
  public static ModelSize parse(String text) {
    String name = text.strip();
    if (COUNT.matcher(name).matches()) {
      return counted(name);
    }
    List<String> sizes = new ArrayList<>();
    Optional<String> active = Optional.empty();
    for (String word : name.split("[^A-Za-z0-9.]+", -1)) {
      Matcher experts = EXPERTS.matcher(word);
      if (experts.matches()) {
        throw new IllegalArgumentException(
            "%s is %s experts that share some parameters, so their total is less than the product; say the total, and the active ones where known: 47B-A13B for Mixtral 8x7B"
                .formatted(word, experts.group(1)));
      }
      Matcher activeWord = ACTIVE.matcher(word);
      if (SIZE.matcher(word).matches() && !sizes.contains(word)) {
        sizes.add(word);
      } else if (activeWord.matches() && !sizes.isEmpty()) {
        active = Optional.of(activeWord.group(1));
      }
    }
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no size in \"%s\"; write it as 7B, 350M or 70,000,000,000".formatted(text));
    }
    if (sizes.size() > 1) {
      throw new IllegalArgumentException(
          "\"%s\" has several sizes, %s; say which one is meant"
              .formatted(text, String.join(" and ", sizes)));
    }
    long total = parameters(sizes.get(0));
    long passed = active.map(ModelSize::parameters).orElse(total);
    if (passed > total) {
      throw new IllegalArgumentException(
          "\"%s\" has more active parameters than it has in all".formatted(text));
    }
    return new ModelSize(total, passed, sizes.get(0) + active.map(a -> "-A" + a).orElse(""));
  }

  /** The size of a typical model of a class. */
  public static ModelSize typical(SizeClass size) {
    return new ModelSize(size.typical(), size.typical(), shown(size.typical()));
  }

  private static ModelSize counted(String name) {
    String digits = name.replaceAll("[,_ ]", "");
    long count = digits.length() > 15 ? Long.MAX_VALUE : Long.parseLong(digits);
    if (count < LEAST) {
      throw new IllegalArgumentException(
          "%s parameters are too few for a model; is %sB or %sM meant?"
              .formatted(name, name, name));
    }
    return new ModelSize(bounded(count, name), count, shown(count));
  }

  private static long parameters(String word) {
    Matcher matcher = SIZE.matcher(word);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"%s\" is no size".formatted(word));
    }
    int zeros =
        switch (matcher.group(2)) {
          case "m", "M" -> 6;
          case "b", "B" -> 9;
          default -> 12;
        };
    BigDecimal number = new BigDecimal(matcher.group(1)).scaleByPowerOfTen(zeros);
    return bounded(
        number.precision() - number.scale() > 16 ? Long.MAX_VALUE : number.longValue(), word);
  }

  private static long bounded(long count, String text) {
    if (count < LEAST || count > MOST) {
      throw new IllegalArgumentException(
          "%s is no size that a model has; it has to be from 1M to 100T".formatted(text));
    }
    return count;
  }

  /** A count of parameters as people write it. */
  private static String shown(long count) {
    boolean billions = count >= 1_000_000_000;
    return BigDecimal.valueOf(count, billions ? 9 : 6).stripTrailingZeros().toPlainString()
        + (billions ? "B" : "M");
  }

  /** Its class. */
  public SizeClass sizeClass() {
    return SizeClass.of(total);
  }
}
