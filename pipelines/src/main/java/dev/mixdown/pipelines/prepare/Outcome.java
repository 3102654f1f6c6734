package dev.mixdown.pipelines.prepare;

import java.util.Locale;

/** How a preparation ended. */
public enum Outcome {
  /** A new manifest was made. */
  PREPARED,
  /** The manifest was there; only the places of its shards were brought up to date. */
  RENEWED,
  /** The manifest was there, prepared for another base model. */
  REBASED,
  /** The manifest was there, but another one was current. */
  SWITCHED,
  /** Nothing had to be done. */
  UNCHANGED;

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
