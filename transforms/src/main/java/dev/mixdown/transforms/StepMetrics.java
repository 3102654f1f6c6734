package dev.mixdown.transforms;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;

/** What steps count: seen in a runner's own page, and at the end of a run. */
public final class StepMetrics {
  /** The name under which all of them stand. */
  public static final String NAMESPACE = "mixdown";

  private StepMetrics() {}

  static Counter counter(String name) {
    return Metrics.counter(NAMESPACE, name);
  }

  static Distribution distribution(String name) {
    return Metrics.distribution(NAMESPACE, name);
  }
}
