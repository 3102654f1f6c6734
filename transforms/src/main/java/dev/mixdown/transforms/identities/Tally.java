package dev.mixdown.transforms.identities;

import java.io.Serializable;

/**
 * A collection of identities, told by its size and its digest: both add up.
 *
 * @param count how many there are, each as often as it occurs
 */
public record Tally(long count, SetDigest digest) implements Serializable {
  /** Nothing. */
  public static final Tally NONE = new Tally(0, SetDigest.NONE);

  /** Both together. */
  public Tally plus(Tally other) {
    return new Tally(count + other.count, digest.plus(other.digest));
  }

  /** The collection as often as {@code times} says. */
  public Tally times(long times) {
    return new Tally(count * times, digest.times(times));
  }
}
