package dev.mixdown.service.pictures;

import dev.mixdown.pipelines.stats.MixAlong;
import java.util.List;
import java.util.Locale;

/** The mix along the positions of a manifest: a stacked area, a band for each dataset. */
public final class MixArea {
  private static final double WIDTH = 860;
  private static final double HEIGHT = 200;
  private static final double BOTTOM = 22;

  private MixArea() {}

  /** Draws it. */
  public static String of(MixAlong mix) {
    Svg svg =
        new Svg(
            WIDTH,
            HEIGHT + BOTTOM,
            "img",
            "The mix along the positions: the share of each dataset from the first sample to the last",
            "preserveAspectRatio=\"none\"");
    long total = mix.ends().get(mix.ends().size() - 1);
    int steps = mix.ends().size();
    double[] below = new double[steps];
    for (int s = 0; s < mix.datasets().size(); s++) {
      band(svg, mix, s, below, total);
    }
    for (int i = 0; i <= 4; i++) {
      String anchor = i == 0 ? "start" : i == 4 ? "end" : "middle";
      svg.text(
          "text",
          String.format(Locale.ROOT, "%,d", total * i / 4),
          "x",
          WIDTH * i / 4,
          "y",
          HEIGHT + 16,
          "text-anchor",
          anchor,
          "fill",
          "currentColor");
    }
    return svg.end();
  }

  private static void band(Svg svg, MixAlong mix, int series, double[] below, long total) {
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    List<Long> samples = mix.datasets().get(series).samples();
    long begin = 0;
    for (int i = 0; i < below.length; i++) {
      long end = mix.ends().get(i);
      double share = end == begin ? 0 : (double) samples.get(i) / (end - begin);
      double x0 = WIDTH * begin / total;
      double x1 = WIDTH * end / total;
      String low = Svg.number(HEIGHT * (1 - below[i]));
      below[i] += share;
      String high = Svg.number(HEIGHT * (1 - below[i]));
      upper.append(i == 0 ? "M" : "L").append(Svg.number(x0)).append(' ').append(high);
      upper.append('L').append(Svg.number(x1)).append(' ').append(high);
      lower.insert(0, "L" + Svg.number(x1) + " " + low + "L" + Svg.number(x0) + " " + low);
      begin = end;
    }
    svg.open("path", "d", upper.toString() + lower + "Z", "fill", Palette.colour(series));
    svg.text("title", mix.datasets().get(series).dataset()).close("path");
  }
}
