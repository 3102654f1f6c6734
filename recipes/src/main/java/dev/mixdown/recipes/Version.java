package dev.mixdown.recipes;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a recipe: Semantic Versioning 2.0.0 (semver.org).
 *
 * @param numbers major, minor and patch
 * @param preRelease what stands behind a hyphen, between dots; empty for a release
 * @param text as it was written
 */
public record Version(List<BigInteger> numbers, List<String> preRelease, String text)
    implements Comparable<Version> {
  private static final Pattern FORM =
      Pattern.compile(
          "(0|[1-9]\\d{0,17})\\.(0|[1-9]\\d{0,17})\\.(0|[1-9]\\d{0,17})(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?");

  /** The version of a text; empty where it is none. */
  public static Optional<Version> of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<BigInteger> numbers =
        List.of(
            new BigInteger(matcher.group(1)),
            new BigInteger(matcher.group(2)),
            new BigInteger(matcher.group(3)));
    String behind = matcher.group(4);
    return Optional.of(
        new Version(
            numbers, behind == null ? List.of() : Arrays.asList(behind.split("\\.")), text));
  }

  /** The next version that adds something: 1.4.2 leads to 1.5.0. */
  public Version nextMinor() {
    return of(numbers.get(0) + "." + numbers.get(1).add(BigInteger.ONE) + ".0").orElseThrow();
  }

  /** By precedence: a release comes after what was released before it (section 11). */
  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < 3; i++) {
      int order = numbers.get(i).compareTo(other.numbers.get(i));
      if (order != 0) {
        return order;
      }
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      int order = compare(preRelease.get(i), other.preRelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compare(String a, String b) {
    boolean aIsNumber = a.matches("\\d+");
    boolean bIsNumber = b.matches("\\d+");
    return aIsNumber && bIsNumber
        ? new BigInteger(a).compareTo(new BigInteger(b))
        : aIsNumber ? -1 : bIsNumber ? 1 : a.compareTo(b);
  }

  @Override
  public String toString() {
    return text;
  }
}
