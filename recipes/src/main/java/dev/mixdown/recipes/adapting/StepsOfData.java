package dev.mixdown.recipes.adapting;

import static dev.mixdown.recipes.adapting.ConfigDraft.whole;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.recipes.Parameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;

/** Lets steps and warm-up follow the samples that there are. */
final class StepsOfData {
  /** Warm-up takes no more than one step of so many. */
  private static final long TENTH = 10;

  private final ConfigDraft config;
  private final String recipe;

  /**
   * @param recipe its id and version
   */
  StepsOfData(ConfigDraft config, String recipe) {
    this.config = config;
    this.recipe = recipe;
  }

  void follow(long samples) {
    long batch = config.number(Parameters.BATCH_SIZE).orElseThrow();
    Optional<BigDecimal> epochs = config.decimal(Parameters.NUM_EPOCHS);
    OptionalLong before = config.number(Parameters.MAX_STEPS);
    if (epochs.isPresent()) {
      long steps =
          epochs
              .get()
              .multiply(BigDecimal.valueOf(samples))
              .divide(BigDecimal.valueOf(batch), 0, RoundingMode.CEILING)
              .longValue();
      config.put(
          Parameters.MAX_STEPS,
          whole(Math.max(1, steps)),
          "%s x %s %s / %d, rounded up"
              .formatted(
                  Counts.of(samples, "sample"),
                  epochs.get().toPlainString(),
                  epochs.get().compareTo(BigDecimal.ONE) == 0 ? "epoch" : "epochs",
                  batch),
          "the manifest's samples");
    }
    OptionalLong now = config.number(Parameters.MAX_STEPS);
    if (now.isPresent()) {
      warmup(before, now.getAsLong());
    }
  }

  /** The recipe's own part of the steps; where it has none, no more than a tenth of them. */
  private void warmup(OptionalLong before, long steps) {
    long warmup = config.number(Parameters.WARMUP_STEPS).orElse(0);
    if (warmup == 0) {
      return;
    }
    if (before.isPresent() && before.getAsLong() != steps) {
      long part =
          BigDecimal.valueOf(warmup)
              .multiply(BigDecimal.valueOf(steps))
              .divide(BigDecimal.valueOf(before.getAsLong()), 0, RoundingMode.CEILING)
              .longValue();
      config.put(
          Parameters.WARMUP_STEPS,
          whole(Math.max(1, part)),
          "the same part of the steps as %s of %s, rounded up"
              .formatted(Counts.number(warmup), Counts.number(before.getAsLong())),
          recipe);
    } else if (warmup > steps / TENTH) {
      config.put(
          Parameters.WARMUP_STEPS,
          whole(Math.max(1, steps / TENTH)),
          "a tenth of %s, rounded down".formatted(Counts.of(steps, "step")),
          "published recipes warm up for 3 to 10 % of the steps");
    }
  }
}
