package dev.mixdown.configs.online;

import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.syntax.Node;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * When a stream's increments are cut, and what happens where a stratum is short: {@code online} of
 * {@code meta.stage_config}. None of it decides which stratum stands at which position.
 *
 * @param incrementSamples how many samples at least an increment is cut for; empty for 64 blocks
 * @param maxWait how old a waiting record grows before an increment is cut for it
 * @param settle how long a file has to be unchanged before it counts; zero for at once
 * @param poll how often a running stream looks for files
 * @param shortage what happens where a stratum is short and an increment is forced
 * @param maxDebt how many samples a stratum may owe the others; empty for one block
 * @param newest how many waiting records of a stratum are kept; empty for all
 * @param replay whose samples come again
 * @param maxUnread how many positions the slowest consumer may be behind; empty for any number
 * @param holdOut what must not be trained on, beside what the stage itself holds out
 * @param keep which parts stay
 */
public record OnlineRules(
    Optional<Long> incrementSamples,
    Duration maxWait,
    Duration settle,
    Duration poll,
    Shortage shortage,
    Optional<Long> maxDebt,
    Optional<Long> newest,
    List<Replay> replay,
    Optional<Long> maxUnread,
    HoldOut holdOut,
    Keep keep) {
  /** What holds for a stage that says nothing. */
  public static final OnlineRules DEFAULT =
      new OnlineRules(
          Optional.empty(),
          Duration.ofMinutes(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Shortage.WAIT,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          HoldOut.NONE,
          Keep.ALL);

  /** The blocks of an increment where the config does not say how large it is. */
  private static final int BLOCKS = 64;

  /** The least samples that an increment is cut for, when nothing forces it. */
  public long incrementSamples(int block) {
    return incrementSamples.orElse((long) BLOCKS * block);
  }

  /** The most samples that a stratum may owe. */
  public long maxDebt(int block) {
    return maxDebt.orElse((long) block);
  }

  /** What happens to the seats of a stratum that has no record for them. */
  public enum Shortage {
    /** Nothing is cut beyond what it has. */
    WAIT,
    /** Its own older records come again. */
    REPLAY,
    /** Others take the seats, and it is owed them. */
    REDISTRIBUTE;

    /** The word of the config. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The constant of a word. */
    public static Shortage of(String word) {
      return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst().orElseThrow();
    }

    /** All words. */
    public static List<String> words() {
      return Arrays.stream(values()).map(Shortage::word).toList();
    }
  }

  /** Which parts stay when everybody has read them. */
  public enum Keep {
    /** All of them. */
    ALL,
    /** Those that a consumer or a replay still needs. */
    NEEDED;

    /** The word of the config. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Samples that come again.
   *
   * @param node where it stands, for messages
   * @param from {@code self}, a stage, or a manifest's id
   * @param share of all positions, above 0 and below 1
   * @param window how many of the last positions of a stream may come again; empty for all
   */
  public record Replay(Node node, String from, BigDecimal share, Optional<Long> window) {
    /** The {@code from} of what the stream itself has given. */
    public static final String SELF = "self";

    /** What the names of strata that replay begin with. */
    private static final String PREFIX = "replay:";

    /** Whether it is what the stream itself has given. */
    public boolean isSelf() {
      return from.equals(SELF);
    }

    /** The name of its stratum. */
    public String stratum() {
      return PREFIX + from;
    }

    /** Whether a stratum replays. */
    public static boolean isStratum(String stratum) {
      return stratum.startsWith(PREFIX);
    }

    /** What a stratum that replays draws from. */
    public static String source(String stratum) {
      return stratum.substring(PREFIX.length());
    }
  }
}
