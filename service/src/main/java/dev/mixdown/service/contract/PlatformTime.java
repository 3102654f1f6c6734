package dev.mixdown.service.contract;

import org.jspecify.annotations.Nullable;

/** Times as the platform's answers have them. */
final class PlatformTime {
  private PlatformTime() {}

  /** A time of its database, as {@code 2026-01-07T08:36:17.831052}: UTC without a mark. */
  static @Nullable String of(@Nullable String time) {
    return time == null
        ? null
        : time.strip().replace(' ', 'T').replaceFirst("Z$", "").replaceFirst("\\.0+$", "");
  }
}
