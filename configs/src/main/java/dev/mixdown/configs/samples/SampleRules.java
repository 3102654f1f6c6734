package dev.mixdown.configs.samples;

import dev.mixdown.configs.syntax.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What a stage does with samples that other manifests gave: {@code samples} of {@code
 * meta.stage_config}.
 *
 * @param continued the manifest that this one goes on from
 * @param exclude whose samples are left out
 * @param replay whose samples come again, as strata of their own
 * @param holdOut what must not be trained on, beside what the stage itself holds out
 * @param content what makes the content of two records the same
 */
public record SampleRules(
    Optional<Continue> continued,
    List<Source> exclude,
    List<Replay> replay,
    HoldOut holdOut,
    Content content) {
  /** No rule at all. */
  public static final SampleRules NONE =
      new SampleRules(Optional.empty(), List.of(), List.of(), HoldOut.NONE, Content.WHOLE);

  /** The same, which go on from a manifest. */
  public SampleRules continuing(Continue from) {
    return new SampleRules(Optional.of(from), exclude, replay, holdOut, content);
  }

  /**
   * Somebody's samples.
   *
   * @param node where it stands, for messages
   * @param kind what the name is of
   * @param name a stage, with its variant as in {@code ab_testing/variant_a}; a manifest's id; or
   *     where a dataset's files lie
   */
  public record Source(Node node, Kind kind, String name) {
    /** What a source may be. */
    public enum Kind {
      /** A stage: its current manifest. */
      STAGE("stage"),
      /** A manifest by its id, or a stage's current one. */
      MANIFEST("manifest"),
      /** Files: one, a glob or a folder. */
      DATASET("dataset");

      private final String key;

      Kind(String key) {
        this.key = key;
      }

      /** The key of the config. */
      public String key() {
        return key;
      }
    }

    @Override
    public String toString() {
      return "%s \"%s\"".formatted(kind.key(), name);
    }
  }

  /**
   * The manifest that a stage goes on from.
   *
   * @param consumed how many of its samples a training has taken; empty where a training recorded
   *     it, or took all
   */
  public record Continue(Source source, Optional<Long> consumed) {}

  /**
   * Samples that come again.
   *
   * @param share of all samples of the stage, above 0 and below 1
   * @param onlyConsumed only those that a training of the manifest has taken
   */
  public record Replay(Source source, BigDecimal share, boolean onlyConsumed) {}

  /**
   * What must not be trained on.
   *
   * @param auto whether every stage for evaluation is held out
   * @param against what is held out beside
   * @param policy what happens to records that match
   * @param allowed records that may match all the same
   */
  public record HoldOut(boolean auto, List<Source> against, Policy policy, List<Allowed> allowed) {
    /** Nothing but what the stage itself holds out. */
    public static final HoldOut NONE = new HoldOut(false, List.of(), Policy.FAIL, List.of());
  }

  /** What happens to records that are held out. */
  public enum Policy {
    /** The run ends, and nothing is published. */
    FAIL("fail"),
    /** They are left out and counted. */
    EXCLUDE("exclude"),
    /** It is only said. */
    WARN("warn");

    private final String word;

    Policy(String word) {
      this.word = word;
    }

    /** The word of the config. */
    public String word() {
      return word;
    }
  }

  /**
   * A record that may match what is held out.
   *
   * @param identity its own
   * @param reason why, for those who read the config
   */
  public record Allowed(long identity, String reason) {}

  /**
   * What makes the content of two records the same.
   *
   * @param fields the fields that count; empty for all
   * @param normalise whether text is compared in the Unicode form NFKC
   */
  public record Content(List<String> fields, boolean normalise) {
    /** All fields, as they are. */
    public static final Content WHOLE = new Content(List.of(), false);
  }
}
