package dev.mixdown.records.lineage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What went into what. Edges go downstream: from data to what was made of it. */
public final class LineageGraph {
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<Node> cut = new HashSet<>();
  private final Map<Node, Set<Edge>> upstream = new HashMap<>();
  private final Map<Node, Set<Edge>> downstream = new HashMap<>();

  /** Adds a node; one that is there already stays. */
  Node add(Node node) {
    Node known = nodes.putIfAbsent(key(node.kind(), node.id()), node);
    return known == null ? node : known;
  }

  void connect(Node from, Node to, String note) {
    Edge edge = new Edge(from, to, note);
    downstream.computeIfAbsent(from, n -> new LinkedHashSet<>()).add(edge);
    upstream.computeIfAbsent(to, n -> new LinkedHashSet<>()).add(edge);
  }

  private static String key(Node.Kind kind, String id) {
    return kind + " " + id;
  }

  /** All nodes. */
  public Collection<Node> nodes() {
    return nodes.values();
  }

  /** What went into a node. */
  public Collection<Edge> into(Node node) {
    return upstream.getOrDefault(node, Set.of());
  }

  /** What a node went into. */
  public Collection<Edge> outOf(Node node) {
    return downstream.getOrDefault(node, Set.of());
  }

  /** Whether the graph that this is a part of goes on behind a node. */
  public boolean isCut(Node node) {
    return cut.contains(node);
  }

  /** Which way to look. */
  public enum Direction {
    UPSTREAM,
    DOWNSTREAM,
    BOTH
  }

  /**
   * The part of the graph that is upstream of some nodes, or downstream, or both.
   *
   * @param depth how many edges away at most
   */
  public LineageGraph around(Collection<Node> start, Direction direction, int depth) {
    LineageGraph part = new LineageGraph();
    start.forEach(part::add);
    if (direction != Direction.DOWNSTREAM) {
      walk(start, part, true, depth);
    }
    if (direction != Direction.UPSTREAM) {
      walk(start, part, false, depth);
    }
    return part;
  }

  private void walk(Collection<Node> start, LineageGraph part, boolean up, int depth) {
    Map<Node, Integer> distance = new HashMap<>();
    Deque<Node> waiting = new ArrayDeque<>(start);
    start.forEach(node -> distance.put(node, 0));
    while (!waiting.isEmpty()) {
      Node node = waiting.remove();
      int far = Objects.requireNonNull(distance.get(node));
      Collection<Edge> edges = up ? into(node) : outOf(node);
      if (far == depth) {
        if (!edges.isEmpty()) {
          part.cut.add(node);
        }
        continue;
      }
      for (Edge edge : edges) {
        Node next = up ? edge.from() : edge.to();
        part.add(next);
        part.connect(edge.from(), edge.to(), edge.note());
        if (distance.putIfAbsent(next, far + 1) == null) {
          waiting.add(next);
        }
      }
    }
  }

  /** All edges, by the nodes that they come from. */
  public List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    nodes.values().forEach(node -> edges.addAll(outOf(node)));
    return edges;
  }
}
