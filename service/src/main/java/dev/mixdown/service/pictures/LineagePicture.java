package dev.mixdown.service.pictures;

import dev.mixdown.registry.lineage.Edge;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lineage as a picture, from data on the left to models on the right. Every node is a link to what
 * is around it.
 */
public final class LineagePicture {
  private static final double COLUMN = 290;
  private static final double ROW = 58;
  private static final double NODE_WIDTH = 232;
  private static final double NODE_HEIGHT = 44;
  private static final double MARGIN = 12;

  /** What fits into a node, in characters. */
  private static final int LONGEST_TITLE = 28;

  private static final int LONGEST_DETAIL = 36;

  private final LineageGraph graph;
  private final Set<Node> start;
  private final Set<String> changed;

  /**
   * @param start what was asked for: it is marked
   * @param changed ids of versions whose data has changed: they are marked
   */
  public LineagePicture(LineageGraph graph, List<Node> start, Set<String> changed) {
    this.graph = graph;
    this.start = Set.copyOf(start);
    this.changed = Set.copyOf(changed);
  }

  /** Draws it. */
  public String svg() {
    List<Node> nodes = List.copyOf(graph.nodes());
    Map<Node, Integer> numbers = new HashMap<>();
    nodes.forEach(node -> numbers.put(node, numbers.size()));
    List<int[]> edges = new ArrayList<>();
    List<Edge> all = graph.edges();
    for (Edge edge : all) {
      edges.add(new int[] {number(numbers, edge.from()), number(numbers, edge.to())});
    }
    LayeredLayout layout = new LayeredLayout(nodes.size(), edges);
    Svg svg =
        new Svg(
            2 * MARGIN + (layout.layerCount() - 1) * COLUMN + NODE_WIDTH,
            2 * MARGIN + layout.lowest() * ROW + NODE_HEIGHT,
            "group",
            "Lineage: %d things, from data on the left to models on the right"
                .formatted(nodes.size()),
            "class=\"lineage\" color=\"#667\"");
    for (int i = 0; i < edges.size(); i++) {
      edge(svg, layout, edges.get(i), all.get(i).note());
    }
    for (int i = 0; i < nodes.size(); i++) {
      node(svg, nodes.get(i), x(layout, i), y(layout, i));
    }
    return svg.end();
  }

  private static int number(Map<Node, Integer> numbers, Node node) {
    return numbers.getOrDefault(node, 0);
  }

  private static double x(LayeredLayout layout, int node) {
    return MARGIN + layout.layer(node) * COLUMN;
  }

  private static double y(LayeredLayout layout, int node) {
    return MARGIN + layout.place(node) * ROW;
  }

  private static void edge(Svg svg, LayeredLayout layout, int[] edge, String note) {
    double x0 = x(layout, edge[0]) + NODE_WIDTH;
    double y0 = y(layout, edge[0]) + NODE_HEIGHT / 2;
    double x1 = x(layout, edge[1]);
    double y1 = y(layout, edge[1]) + NODE_HEIGHT / 2;
    double bend = Math.max(24, (x1 - x0) / 2);
    String path =
        "M%s %sC%s %s %s %s %s %s"
            .formatted(
                Svg.number(x0),
                Svg.number(y0),
                Svg.number(x0 + bend),
                Svg.number(y0),
                Svg.number(x1 - bend),
                Svg.number(y1),
                Svg.number(x1),
                Svg.number(y1));
    svg.open(
        "path",
        "d",
        path,
        "fill",
        "none",
        "stroke",
        "currentColor",
        "stroke-opacity",
        "0.55",
        "stroke-dasharray",
        note.isEmpty() ? "none" : "5 4");
    if (!note.isEmpty()) {
      svg.text("title", note);
    }
    svg.close("path");
  }

  private void node(Svg svg, Node node, double x, double y) {
    boolean asked = start.contains(node);
    boolean stale = changed.contains(node.id());
    svg.open(
        "a",
        "href",
        "/lineage?node=" + Url.encoded(node.id()),
        "data-kind",
        node.kind().word(),
        "data-id",
        node.id(),
        "data-title",
        node.title(),
        "data-detail",
        node.detail());
    svg.text("title", node.line() + (stale ? "  (its data has changed)" : ""));
    svg.add(
        "rect",
        "x",
        x,
        "y",
        y,
        "width",
        NODE_WIDTH,
        "height",
        NODE_HEIGHT,
        "rx",
        node.kind() == Node.Kind.RUN ? 20.0 : 6.0,
        "fill",
        "#fff",
        "stroke",
        stale ? "#c00" : colour(node.kind()),
        "stroke-width",
        asked ? 4.0 : 1.6,
        "stroke-dasharray",
        stale ? "6 3" : "none");
    svg.text(
        "text",
        shortened(title(node), LONGEST_TITLE),
        "x",
        x + 12,
        "y",
        y + 18,
        "fill",
        "#112",
        "font-weight",
        asked ? "700" : "600");
    svg.text(
        "text",
        shortened(detail(node), LONGEST_DETAIL),
        "x",
        x + 12,
        "y",
        y + 35,
        "fill",
        "#445",
        "font-size",
        "11");
    boolean more = graph.isCut(node, true) || graph.isCut(node, false);
    if (more) {
      svg.text(
          "text", "…", "x", x + NODE_WIDTH - 18, "y", y + 18, "fill", "#112", "font-size", "16");
    }
    svg.close("a");
  }

  private static String title(Node node) {
    return switch (node.kind()) {
      case VERSION -> node.title().replaceFirst(" [0-9a-f]+$", "");
      case CHECKPOINT -> node.title().replaceFirst(".*/(?=[^/]+/?[^/]*$)", "…/");
      case MANIFEST, RUN, TRAINING ->
          node.kind().word()
              + " "
              + (node.id().length() > 12 ? node.id().substring(0, 12) : node.id());
    };
  }

  private static String detail(Node node) {
    return switch (node.kind()) {
      case VERSION ->
          node.id().substring(0, Math.min(8, node.id().length())) + ", " + node.detail();
      case CHECKPOINT -> node.detail().isEmpty() ? "checkpoint" : node.detail();
      case MANIFEST, RUN, TRAINING -> node.detail();
    };
  }

  private static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }

  private static String colour(Node.Kind kind) {
    return Palette.colour(
        switch (kind) {
          case VERSION -> 0;
          case RUN -> 9;
          case MANIFEST -> 2;
          case TRAINING -> 6;
          case CHECKPOINT -> 5;
        });
  }
}
