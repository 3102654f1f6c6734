package dev.mixdown.registry.experience;

/**
 * How sure a share is that was counted: the lower bound of Wilson's score interval (E. B. Wilson,
 * "Probable inference, the law of succession, and statistical inference", JASA 22, 1927). Of one of
 * one, 0.21 is sure; of 92 of 100, 0.85.
 */
public final class Wilson {
  /** The normal quantile of a two-sided interval of 95 %. */
  private static final double Z = 1.959963984540054;

  private Wilson() {}

  /**
   * The share that is exceeded with 97.5 % certainty.
   *
   * @param successes at least 0
   * @param trials at least {@code successes}
   * @return from 0 to 1; 0 without any trial
   */
  public static double low(long successes, long trials) {
    if (trials == 0) {
      return 0;
    }
    double n = trials;
    double p = successes / n;
    double centre = p + Z * Z / (2 * n);
    double spread = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    return Math.max(0, (centre - spread) / (1 + Z * Z / n));
  }
}
