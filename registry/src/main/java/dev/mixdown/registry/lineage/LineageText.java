package dev.mixdown.registry.lineage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph as text: a tree for a terminal, Graphviz's dot, Mermaid, and JSON. */
public final class LineageText {
  private final LineageGraph graph;
  private final List<Node> start;

  /**
   * @param graph what to show
   * @param start the nodes that were asked for
   */
  public LineageText(LineageGraph graph, List<Node> start) {
    this.graph = graph;
    this.start = start;
  }

  /** A tree for each node that was asked for; what stands in it already is not repeated. */
  public List<String> tree(LineageGraph.Direction direction) {
    List<String> lines = new ArrayList<>();
    for (Node node : start) {
      lines.add(node.line());
      if (direction != LineageGraph.Direction.DOWNSTREAM) {
        branch(node, true, lines);
      }
      if (direction != LineageGraph.Direction.UPSTREAM) {
        branch(node, false, lines);
      }
    }
    return lines;
  }

  private void branch(Node node, boolean up, List<String> lines) {
    lines.add(up ? "made of" : "went into");
    if (graph.edges(node, up).isEmpty()) {
      lines.add("  nothing that is known");
    }
    children(node, up, "  ", lines, new HashSet<>(Set.of(node)));
  }

  private void children(Node node, boolean up, String indent, List<String> lines, Set<Node> shown) {
    List<Edge> edges = List.copyOf(graph.edges(node, up));
    for (int i = 0; i < edges.size(); i++) {
      Node next = up ? edges.get(i).from() : edges.get(i).to();
      boolean fresh = shown.add(next);
      boolean last = i == edges.size() - 1;
      boolean more = !fresh && !graph.edges(next, up).isEmpty();
      String note = edges.get(i).note();
      lines.add(
          indent
              + (last ? "└─ " : "├─ ")
              + next.line()
              + (note.isEmpty() ? "" : "  (" + note + ")")
              + (more ? "  (as above)" : "")
              + (graph.isCut(next, up) ? "  (and more)" : ""));
      if (fresh) {
        children(next, up, indent + (last ? "   " : "│  "), lines, shown);
      }
    }
  }

  /** For programs: nodes, and edges between their ids. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode asked = document.putArray("asked");
    start.forEach(node -> asked.add(node.id()));
    ArrayNode nodes = document.putArray("nodes");
    for (Node node : graph.nodes()) {
      ObjectNode one =
          nodes
              .addObject()
              .put("kind", node.kind().word())
              .put("id", node.id())
              .put("title", node.title())
              .put("detail", node.detail());
      if (hasMore(node)) {
        one.put("more", true);
      }
    }
    ArrayNode edges = document.putArray("edges");
    for (Edge edge : graph.edges()) {
      ObjectNode one = edges.addObject().put("from", edge.from().id()).put("to", edge.to().id());
      if (!edge.note().isEmpty()) {
        one.put("note", edge.note());
      }
    }
    return document;
  }

  /** For Graphviz: {@code mixdown lineage ... --format dot | dot -Tsvg}. */
  public List<String> dot() {
    List<String> lines = new ArrayList<>(List.of("digraph lineage {", "  rankdir=LR;"));
    Map<Node, String> names = names();
    names.forEach(
        (node, name) ->
            lines.add(
                "  %s [label=\"%s\", shape=%s%s];"
                    .formatted(
                        name,
                        label(node)
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n"),
                        shape(node),
                        start.contains(node) ? ", penwidth=2" : "")));
    for (Edge edge : graph.edges()) {
      String label = edge.note().replace("\\", "\\\\").replace("\"", "\\\"");
      lines.add(
          "  %s -> %s%s;"
              .formatted(
                  names.get(edge.from()),
                  names.get(edge.to()),
                  label.isEmpty() ? "" : " [label=\"" + label + "\", style=dashed]"));
    }
    lines.add("}");
    return lines;
  }

  private static String shape(Node node) {
    return switch (node.kind()) {
      case VERSION -> "cylinder";
      case RUN -> "cds";
      case MANIFEST -> "note";
      case TRAINING -> "box";
      case CHECKPOINT -> "box3d";
    };
  }

  /** For Mermaid, which code hosts draw inside Markdown. */
  public List<String> mermaid() {
    List<String> lines = new ArrayList<>(List.of("flowchart LR"));
    Map<Node, String> names = names();
    names.forEach(
        (node, name) ->
            lines.add("  %s[\"%s\"]".formatted(name, mermaid(label(node)).replace("\n", "<br>"))));
    for (Edge edge : graph.edges()) {
      lines.add(
          edge.note().isEmpty()
              ? "  %s --> %s".formatted(names.get(edge.from()), names.get(edge.to()))
              : "  %s -.->|\"%s\"| %s"
                  .formatted(names.get(edge.from()), mermaid(edge.note()), names.get(edge.to())));
    }
    return lines;
  }

  /** Mermaid has no escapes but those of HTML, with a {@code #}. */
  private static String mermaid(String text) {
    return text.replace("#", "#35;")
        .replace("\"", "#quot;")
        .replace("<", "#lt;")
        .replace(">", "#gt;");
  }

  private boolean hasMore(Node node) {
    return graph.isCut(node, true) || graph.isCut(node, false);
  }

  private String label(Node node) {
    String head = node.kind().word() + "\n" + node.title();
    return head
        + (node.detail().isEmpty() ? "" : "\n" + node.detail())
        + (hasMore(node) ? "\n(and more)" : "");
  }

  private Map<Node, String> names() {
    Map<Node, String> names = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      names.put(node, "n" + (names.size() + 1));
    }
    return names;
  }
}
