package dev.mixdown.cli.jobs;

import dev.mixdown.registry.catalog.CatalogJob;
import org.jspecify.annotations.Nullable;

/** What people read of jobs. */
final class JobText {
  private JobText() {}

  /** A job's status; one that nobody heard of for long is stale. */
  static String status(CatalogJob job, String since) {
    if (job.status() == null) {
      return "?";
    }
    return job.isStale(since) ? "stale" : job.status();
  }

  /** A time to the second, in UTC. */
  static String time(@Nullable String time) {
    return time == null ? "" : time.replace(' ', 'T').replaceFirst("\\..*$", "") + "Z";
  }
}
