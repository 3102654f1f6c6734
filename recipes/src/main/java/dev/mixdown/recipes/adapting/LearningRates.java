package dev.mixdown.recipes.adapting;

import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.SizeClass;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * How learning rates follow a model's size, and whether it is trained with LoRA: by ratios of
 * published values.
 */
final class LearningRates {
  private static final String LORA =
      "LoRA trains at 10 times the rate of full fine-tuning (TRL, LoRA without regret)";

  private LearningRates() {}

  /**
   * A rate by a ratio of whole numbers.
   *
   * @param why in words
   */
  record Step(int times, int by, String why) {}

  /**
   * What leads from the rate of one kind of training to that of another; nothing where the rate
   * stays.
   */
  static List<Step> steps(
      Algorithm algorithm, SizeClass from, SizeClass to, boolean loraBefore, boolean loraNow) {
    List<Step> steps = new ArrayList<>();
    for (SizeClass size : SizeClass.values()) {
      if (size.compareTo(from) >= 0 && size.compareTo(to) < 0) {
        larger(algorithm, size, steps, false);
      } else if (size.compareTo(to) >= 0 && size.compareTo(from) < 0) {
        larger(algorithm, size, steps, true);
      }
    }
    if (loraBefore != loraNow) {
      steps.add(loraNow ? new Step(10, 1, LORA) : new Step(1, 10, LORA));
    }
    return steps;
  }

  /** The step from a class to the next larger one, or back. */
  private static void larger(
      Algorithm algorithm, SizeClass from, List<Step> steps, boolean backwards) {
    Step step =
        switch (from) {
          case SMALL ->
              algorithm == Algorithm.SFT
                  ? new Step(3, 10, "SmolLM2 has 1e-3 for 360M and 3e-4 for 1.7B")
                  : null;
          case MEDIUM ->
              switch (algorithm) {
                case SFT -> new Step(2, 5, "Tülu 3 has 5e-6 for 8B and 2e-6 for 70B");
                case DPO -> new Step(2, 5, "Tülu 3 DPO has 5e-7 for 8B and 2e-7 for 70B");
                case GRPO, GSPO, PPO ->
                    new Step(1, 3, "Tülu 3 RLVR has 3e-7 for 8B and 1e-7 for 70B");
                // Megatron-Bridge trains Llama 3 8B and 70B at the same rate.
                case PRETRAIN -> null;
              };
          // Tülu 3 DPO has 2e-7 for 70B and 405B.
          case LARGE, XLARGE -> null;
        };
    if (step != null) {
      steps.add(backwards ? new Step(step.by(), step.times(), step.why()) : step);
    }
  }

  /** A rate after some steps, to two digits where it has no end. */
  static BigDecimal after(BigDecimal rate, List<Step> steps) {
    BigDecimal times = BigDecimal.ONE;
    BigDecimal by = BigDecimal.ONE;
    for (Step step : steps) {
      times = times.multiply(BigDecimal.valueOf(step.times()));
      by = by.multiply(BigDecimal.valueOf(step.by()));
    }
    BigDecimal product = rate.multiply(times);
    try {
      BigDecimal exact = product.divide(by);
      if (exact.stripTrailingZeros().precision() <= rate.precision() + 2) {
        return exact.stripTrailingZeros();
      }
    } catch (ArithmeticException e) {
      // It has no end.
    }
    return product.divide(by, new MathContext(2, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  /** Whether {@link #after} had to cut digits off. */
  static boolean isRounded(BigDecimal rate, BigDecimal after, List<Step> steps) {
    BigDecimal times = rate;
    BigDecimal by = after;
    for (Step step : steps) {
      times = times.multiply(BigDecimal.valueOf(step.times()));
      by = by.multiply(BigDecimal.valueOf(step.by()));
    }
    return times.compareTo(by) != 0;
  }

  /** A rate as people write it: {@code 8e-6}. */
  static String text(BigDecimal rate) {
    BigDecimal digits = rate.stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
    return exponent > -4 ? digits.toPlainString() : mantissa + "e" + exponent;
  }
}
