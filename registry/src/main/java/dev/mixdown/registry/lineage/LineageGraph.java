package dev.mixdown.registry.lineage;

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
  private final Set<Node> cutUpstream = new HashSet<>();
  private final Set<Node> cutDownstream = new HashSet<>();
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

  /** The nodes of an id: one, but for things of different kinds. */
  List<Node> of(String id) {
    List<Node> found = new ArrayList<>();
    for (Node.Kind kind : Node.Kind.values()) {
      Node node = nodes.get(key(kind, id));
      if (node != null) {
        found.add(node);
      }
    }
    return found;
  }

  /** What went into a node. */
  public Collection<Edge> into(Node node) {
    return upstream.getOrDefault(node, Set.of());
  }

  /** What a node went into. */
  public Collection<Edge> outOf(Node node) {
    return downstream.getOrDefault(node, Set.of());
  }

  /** What went into a node, or what it went into. */
  Collection<Edge> edges(Node node, boolean up) {
    return up ? into(node) : outOf(node);
  }

  /**
   * Whether the graph that this is a part of has more of a node.
   *
   * @param up what went into it, else what it went into
   */
  public boolean isCut(Node node, boolean up) {
    return (up ? cutUpstream : cutDownstream).contains(node);
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
    Set<Node> upEnds =
        direction == Direction.DOWNSTREAM ? Set.of() : walk(start, part, true, depth);
    Set<Node> downEnds =
        direction == Direction.UPSTREAM ? Set.of() : walk(start, part, false, depth);
    noteCuts(upEnds, part, true);
    noteCuts(downEnds, part, false);
    return part;
  }

  private void noteCuts(Set<Node> ends, LineageGraph part, boolean up) {
    for (Node end : ends) {
      if (!part.edges(end, up).containsAll(edges(end, up))) {
        (up ? part.cutUpstream : part.cutDownstream).add(end);
      }
    }
  }

  /** Goes one way as far as it may; returns where it stopped because of that. */
  private Set<Node> walk(Collection<Node> start, LineageGraph part, boolean up, int depth) {
    Set<Node> ends = new HashSet<>();
    Map<Node, Integer> distance = new HashMap<>();
    Deque<Node> waiting = new ArrayDeque<>(start);
    start.forEach(node -> distance.put(node, 0));
    while (!waiting.isEmpty()) {
      Node node = waiting.remove();
      int far = Objects.requireNonNull(distance.get(node));
      if (far == depth) {
        ends.add(node);
        continue;
      }
      for (Edge edge : edges(node, up)) {
        Node next = up ? edge.from() : edge.to();
        part.add(next);
        part.connect(edge.from(), edge.to(), edge.note());
        if (distance.putIfAbsent(next, far + 1) == null) {
          waiting.add(next);
        }
      }
    }
    return ends;
  }

  /** All edges, by the nodes that they come from. */
  public List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    nodes.values().forEach(node -> edges.addAll(outOf(node)));
    return edges;
  }
}
