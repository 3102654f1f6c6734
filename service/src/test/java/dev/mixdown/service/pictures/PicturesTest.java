package dev.mixdown.service.pictures;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PicturesTest {
  private static List<int[]> edges(Random random, int nodes, int edges) {
    List<int[]> list = new ArrayList<>();
    for (int i = 0; i < edges; i++) {
      int from = random.nextInt(nodes - 1);
      list.add(new int[] {from, from + 1 + random.nextInt(nodes - from - 1)});
    }
    return list;
  }

  @Test
  void edges_go_forward_and_nodes_of_a_layer_keep_their_distance() {
    Random random = new Random(4);
    for (int round = 0; round < 100; round++) {
      int nodes = 2 + random.nextInt(60);
      List<int[]> edges = edges(random, nodes, random.nextInt(3 * nodes));
      LayeredLayout layout = new LayeredLayout(nodes, edges);
      for (int[] edge : edges) {
        assertThat(layout.layer(edge[0]), lessThan(layout.layer(edge[1])));
      }
      Map<Integer, List<Double>> layers = new HashMap<>();
      for (int v = 0; v < nodes; v++) {
        layers.computeIfAbsent(layout.layer(v), l -> new ArrayList<>()).add(layout.place(v));
        assertThat(layout.place(v), greaterThanOrEqualTo(0.0));
        assertThat(layout.lowest(), greaterThanOrEqualTo(layout.place(v)));
      }
      for (List<Double> places : layers.values()) {
        places.sort(null);
        for (int i = 1; i < places.size(); i++) {
          assertThat(places.get(i) - places.get(i - 1), greaterThanOrEqualTo(0.999));
        }
      }
    }
  }

  @Test
  void a_circle_is_drawn_all_the_same_and_the_same_graph_gives_the_same_places() {
    List<int[]> circle = List.of(new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 0});
    LayeredLayout one = new LayeredLayout(3, circle);
    LayeredLayout other = new LayeredLayout(3, circle);
    assertThat(one.layerCount(), is(3));
    for (int v = 0; v < 3; v++) {
      assertThat(one.place(v), is(other.place(v)));
    }
  }

  @Test
  void a_thousand_nodes_take_less_than_a_second() {
    List<int[]> edges = edges(new Random(5), 1000, 1500);
    new LayeredLayout(1000, edges);
    long begin = System.nanoTime();
    LayeredLayout layout = new LayeredLayout(1000, edges);
    assertThat((System.nanoTime() - begin) / 1e9, lessThan(1.0));
    assertThat(layout.layerCount(), greaterThanOrEqualTo(2));
  }

  @Test
  void a_chain_is_a_straight_line() {
    LayeredLayout layout =
        new LayeredLayout(4, List.of(new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 3}));
    double[] places = {layout.place(0), layout.place(1), layout.place(2), layout.place(3)};
    assertThat(Arrays.stream(places).allMatch(place -> place == 0), is(true));
  }

  @Test
  void texts_and_attributes_are_escaped() {
    String svg =
        new Svg(10, 10, "img", "a\"b", "")
            .text("text", "<script>&\u0001", "href", "x\"><script>")
            .end();
    assertThat(svg, not(containsString("<script>")));
    assertThat(svg, containsString("&lt;script&gt;&amp; "));
    assertThat(svg, containsString("aria-label=\"a&quot;b\""));
  }

  @Test
  void names_in_addresses_say_nothing_else() {
    assertThat(Url.encoded("a&b=c#d/e f+g?"), is("a%26b%3Dc%23d%2Fe%20f%2Bg%3F"));
    assertThat(Url.encoded("训练"), is("%E8%AE%AD%E7%BB%83"));
  }
}
