package dev.mixdown.transforms.identities;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.HexFormat;

/**
 * A digest of a collection of identities, each as often as it occurs, that adds up: the digest of
 * two together is the sum of theirs. It is the sum of two independent 64-bit hashes of every
 * identity, each modulo 2^64.
 *
 * <p>Two different collections have the same digest by accident once in 2^128. Whoever wants it may
 * make such ones: it guards against accidents, and not against a forger.
 */
public record SetDigest(long first, long second) implements Serializable {
  /** The digest of nothing. */
  public static final SetDigest NONE = new SetDigest(0, 0);

  /** Both together, with everything that occurs in both counted twice. */
  public SetDigest plus(SetDigest other) {
    return new SetDigest(first + other.first, second + other.second);
  }

  /** What is left of this without another collection that is part of it. */
  public SetDigest minus(SetDigest other) {
    return new SetDigest(first - other.first, second - other.second);
  }

  /** The collection as often as {@code times} says. */
  public SetDigest times(long times) {
    return new SetDigest(first * times, second * times);
  }

  /** Reads what {@link #toString} writes. */
  @JsonCreator
  public static SetDigest of(String hex) {
    return new SetDigest(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  /** 32 hexadecimal digits. */
  @Override
  @JsonValue
  public String toString() {
    return HexFormat.of().toHexDigits(first) + HexFormat.of().toHexDigits(second);
  }

  /** A digest while identities are added, without an object for each. */
  public static final class Sum {
    private long first;
    private long second;

    /** Adds an identity as often as {@code times} says. */
    public void add(long identity, long times) {
      first += times * scrambled(identity + 0x9E3779B97F4A7C15L);
      second += times * scrambled(Long.rotateLeft(identity, 32) ^ 0xD1B54A32D192ED03L);
    }

    /** What was added so far. */
    public SetDigest digest() {
      return new SetDigest(first, second);
    }

    /** The finalizer of SplitMix64 (Stafford's variant 13). */
    private static long scrambled(long value) {
      long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }
  }
}
