package dev.mixdown.registry.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a job is. The platform stores the names in upper case, and shows them in lower case. */
public enum JobStatus {
  PENDING,
  QUEUED,
  RUNNING,
  PAUSED,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status of a word, in any case. */
  public static Optional<JobStatus> of(String word) {
    return Arrays.stream(values()).filter(s -> s.name().equalsIgnoreCase(word.strip())).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(JobStatus::word).toList();
  }

  /** Whether nothing more will come of the job. */
  public boolean isOver() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
