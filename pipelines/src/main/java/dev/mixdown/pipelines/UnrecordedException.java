package dev.mixdown.pipelines;

import java.io.IOException;

/** What was asked for is done, but could not be recorded in the registry. */
public final class UnrecordedException extends IOException {
  /**
   * @param done what is done, as the beginning of a sentence
   * @param remedy what to do, and not to do
   */
  public UnrecordedException(String done, String registry, String remedy, Exception cause) {
    super(
        "%s, but could not be recorded in %s (%s); %s"
            .formatted(done, registry, cause.getMessage(), remedy),
        cause);
  }
}
