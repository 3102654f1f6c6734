package dev.mixdown.cli.output;

/** A share drawn as a bar of text. */
public final class Bar {
  /** Blocks of one to seven eighths of a column. */
  private static final String EIGHTHS = "▏▎▍▌▋▊▉";

  private Bar() {}

  /**
   * A bar.
   *
   * @param share from 0 to 1
   * @param columns of a bar for 1
   */
  public static String of(double share, int columns) {
    long eighths = Math.round(Math.max(0, Math.min(1, share)) * columns * 8);
    String whole = "█".repeat((int) (eighths / 8));
    int rest = (int) (eighths % 8);
    return rest == 0 ? whole : whole + EIGHTHS.charAt(rest - 1);
  }
}
