package dev.mixdown.service.pictures;

/** Colours of series: told apart on light and on dark, also by most who see colours otherwise. */
public final class Palette {
  private static final String[] COLOURS = {
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bb6622", "#7788bb",
    "#009988", "#999999"
  };

  private Palette() {}

  /** The colour of the n-th series. */
  public static String colour(int n) {
    return COLOURS[n % COLOURS.length];
  }
}
