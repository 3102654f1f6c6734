package dev.mixdown.cli.options;

import picocli.CommandLine.Option;

/** How closely records are looked at. */
public final class CheckOption {
  /** The ways. */
  enum Check {
    FULL,
    QUICK
  }

  @Option(
      names = "--check",
      paramLabel = "HOW",
      defaultValue = "full",
      description =
          "full parses every record and validates its UTF-8; quick looks at its ends only"
              + " (default: ${DEFAULT-VALUE}).")
  private Check check = Check.FULL;

  /** Whether every record is parsed. */
  public boolean full() {
    return check == Check.FULL;
  }
}
