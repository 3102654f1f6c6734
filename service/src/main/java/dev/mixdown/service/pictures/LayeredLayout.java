package dev.mixdown.service.pictures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Where the nodes of a graph stand, in layers from left to right, so that edges go forward and
 * cross little: longest paths give the layers, and sweeps of barycentres the order in each
 * (Sugiyama, Tagawa, Toda 1981). Edges over several layers take part in them with a place in each.
 *
 * <p>The same graph gives the same picture.
 */
final class LayeredLayout {
  private static final int SWEEPS = 8;

  private final int nodes;
  private final List<List<Integer>> successors = new ArrayList<>();
  private final List<List<Integer>> predecessors = new ArrayList<>();
  private int[] layer;
  private List<List<Integer>> layers = new ArrayList<>();
  private double[] place;

  /**
   * @param nodes how many there are
   * @param edges from, to; what leads back is drawn, and does not count
   */
  LayeredLayout(int nodes, List<int[]> edges) {
    this.nodes = nodes;
    for (int i = 0; i < nodes; i++) {
      successors.add(new ArrayList<>());
      predecessors.add(new ArrayList<>());
    }
    layer = layers(forward(edges));
    List<int[]> forward = forward(edges);
    for (int[] edge : forward) {
      connect(edge[0], edge[1]);
    }
    int most = Arrays.stream(layer).max().orElse(0);
    for (int i = 0; i <= most; i++) {
      layers.add(new ArrayList<>());
    }
    for (int v = 0; v < layer.length; v++) {
      layers.get(layer[v]).add(v);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      sweep(sweep % 2 == 0);
    }
    place = new double[layer.length];
    for (List<Integer> one : layers) {
      for (int i = 0; i < one.size(); i++) {
        place[one.get(i)] = i - (one.size() - 1) / 2.0;
      }
    }
    for (int i = 0; i < SWEEPS; i++) {
      straighten(i % 2 == 0);
    }
    double top = Arrays.stream(place).limit(nodes).min().orElse(0);
    place = Arrays.stream(place).map(p -> p - top).toArray();
  }

  /** Without edges that close a circle. */
  private List<int[]> forward(List<int[]> edges) {
    List<List<Integer>> out = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      out.add(new ArrayList<>());
    }
    edges.forEach(edge -> out.get(edge[0]).add(edge[1]));
    int[] state = new int[nodes];
    List<int[]> forward = new ArrayList<>();
    for (int root = 0; root < nodes; root++) {
      if (state[root] == 0) {
        visit(root, out, state, forward);
      }
    }
    return forward;
  }

  private static void visit(int root, List<List<Integer>> out, int[] state, List<int[]> forward) {
    List<int[]> stack = new ArrayList<>(List.of(new int[] {root, 0}));
    state[root] = 1;
    while (!stack.isEmpty()) {
      int[] top = stack.get(stack.size() - 1);
      if (top[1] == out.get(top[0]).size()) {
        state[top[0]] = 2;
        stack.remove(stack.size() - 1);
        continue;
      }
      int next = out.get(top[0]).get(top[1]++);
      if (state[next] != 1) {
        forward.add(new int[] {top[0], next});
      }
      if (state[next] == 0) {
        state[next] = 1;
        stack.add(new int[] {next, 0});
      }
    }
  }

  private int[] layers(List<int[]> edges) {
    int[] waits = new int[nodes];
    List<List<Integer>> out = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      out.add(new ArrayList<>());
    }
    for (int[] edge : edges) {
      out.get(edge[0]).add(edge[1]);
      waits[edge[1]]++;
    }
    int[] depth = new int[nodes];
    List<Integer> ready = new ArrayList<>();
    for (int v = 0; v < nodes; v++) {
      if (waits[v] == 0) {
        ready.add(v);
      }
    }
    for (int i = 0; i < ready.size(); i++) {
      int v = ready.get(i);
      for (int next : out.get(v)) {
        depth[next] = Math.max(depth[next], depth[v] + 1);
        if (--waits[next] == 0) {
          ready.add(next);
        }
      }
    }
    return depth;
  }

  /** Connects two nodes by way of a place in each layer between them. */
  private void connect(int from, int to) {
    int at = from;
    for (int between = layer[from] + 1; between < layer[to]; between++) {
      int dummy = successors.size();
      successors.add(new ArrayList<>());
      predecessors.add(new ArrayList<>());
      layer = Arrays.copyOf(layer, dummy + 1);
      layer[dummy] = between;
      link(at, dummy);
      at = dummy;
    }
    link(at, to);
  }

  private void link(int from, int to) {
    successors.get(from).add(to);
    predecessors.get(to).add(from);
  }

  private void sweep(boolean right) {
    int[] position = new int[layer.length];
    for (List<Integer> one : layers) {
      for (int i = 0; i < one.size(); i++) {
        position[one.get(i)] = i;
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      List<Integer> one = layers.get(right ? i : layers.size() - 1 - i);
      List<List<Integer>> neighbours = right ? predecessors : successors;
      double[] centre = new double[layer.length];
      for (int v : one) {
        centre[v] =
            neighbours.get(v).stream().mapToInt(n -> position[n]).average().orElse(position[v]);
      }
      one.sort(Comparator.comparingDouble((Integer v) -> centre[v]));
      for (int k = 0; k < one.size(); k++) {
        position[one.get(k)] = k;
      }
    }
  }

  /** Moves nodes towards their neighbours, as far as those beside them leave room. */
  private void straighten(boolean right) {
    for (int i = 0; i < layers.size(); i++) {
      List<Integer> one = layers.get(right ? i : layers.size() - 1 - i);
      List<List<Integer>> neighbours = right ? predecessors : successors;
      double[] wanted = new double[one.size()];
      for (int k = 0; k < one.size(); k++) {
        int v = one.get(k);
        wanted[k] =
            neighbours.get(v).stream().mapToDouble(n -> place[n]).average().orElse(place[v]);
      }
      spread(wanted);
      for (int k = 0; k < one.size(); k++) {
        place[one.get(k)] = wanted[k];
      }
    }
  }

  /** Keeps a distance of 1 between neighbours, with as little movement as can be had simply. */
  private static void spread(double[] wanted) {
    double[] down = wanted.clone();
    double[] up = wanted.clone();
    for (int k = 1; k < wanted.length; k++) {
      down[k] = Math.max(down[k], down[k - 1] + 1);
    }
    for (int k = wanted.length - 2; k >= 0; k--) {
      up[k] = Math.min(up[k], up[k + 1] - 1);
    }
    for (int k = 0; k < wanted.length; k++) {
      wanted[k] = (down[k] + up[k]) / 2;
    }
  }

  /** How many layers there are. */
  int layerCount() {
    return layers.size();
  }

  /** The layer of a node, from 0. */
  int layer(int node) {
    return layer[node];
  }

  /** Where a node stands in its layer; nodes are at least 1 apart. The topmost place is 0. */
  double place(int node) {
    return place[node];
  }

  /** The lowest place. */
  double lowest() {
    return Arrays.stream(place).limit(nodes).max().orElse(0);
  }
}
