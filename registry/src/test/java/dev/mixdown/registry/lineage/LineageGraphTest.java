package dev.mixdown.registry.lineage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.lineage.LineageGraph.Direction;
import dev.mixdown.storage.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LineageGraphTest {
  private static final String TIME = "2025-01-01T00:00:00Z";
  private static final DatasetVersion OLD = Samples.version("roads", "old", TIME);
  private static final DatasetVersion NEW = Samples.version("roads", "new", TIME);

  private static LineageGraph graph(
      List<RunEntry> runs, List<ManifestEntry> manifests, List<TrainingEntry> trainings) {
    return GraphBuilder.graph(
        new RegistryIndex(List.of(OLD, NEW), runs, manifests, trainings), Storage.of(Map.of()));
  }

  private static Set<String> reached(LineageGraph graph, String from, Direction direction) {
    return graph
        .around(new NodeFinder(graph).find(from), direction, Integer.MAX_VALUE)
        .nodes()
        .stream()
        .map(Node::id)
        .collect(Collectors.toSet());
  }

  @Test
  void a_checkpoint_is_made_of_what_its_run_used_and_not_of_what_is_newest() {
    LineageGraph graph =
        graph(
            List.of(
                Samples.run("run-old", "2026-01-01T00:00:00Z", "m-old-00", null, OLD),
                Samples.run("run-new", "2026-02-01T00:00:00Z", "m-new-00", null, NEW)),
            List.of(
                Samples.manifest("m-old-00", "run-old", OLD),
                Samples.manifest("m-new-00", "run-new", NEW)),
            List.of(
                Samples.training(
                    "t-old",
                    "m-old-00",
                    null,
                    "/art/c1",
                    "2026-01-02T00:00:00",
                    "2026-01-03T00:00:00"),
                Samples.training(
                    "t-new",
                    "m-new-00",
                    "/art/c1",
                    "/art/c2",
                    "2026-02-02T00:00:00",
                    "2026-02-03T00:00:00")));

    assertThat(reached(graph, "/art/c1", Direction.UPSTREAM), hasItem(OLD.version()));
    assertThat(reached(graph, "/art/c1", Direction.UPSTREAM), not(hasItem(NEW.version())));
    assertThat(
        "and its successor of both",
        reached(graph, "/art/c2", Direction.UPSTREAM)
            .containsAll(Set.of(OLD.version(), NEW.version(), "/art/c1")),
        is(true));
    assertThat(reached(graph, NEW.version(), Direction.DOWNSTREAM), hasItem("/art/c2"));
    assertThat(reached(graph, NEW.version(), Direction.DOWNSTREAM), not(hasItem("/art/c1")));
  }

  @Test
  void a_checkpoint_that_was_written_over_is_the_one_of_its_time() {
    LineageGraph graph =
        graph(
            List.of(),
            List.of(
                Samples.manifest("m-old-00", "gone", OLD),
                Samples.manifest("m-new-00", "gone", NEW)),
            List.of(
                Samples.training(
                    "t1",
                    "m-old-00",
                    null,
                    "/art/last",
                    "2026-01-02T00:00:00",
                    "2026-01-03T00:00:00"),
                Samples.training(
                    "t2",
                    "m-new-00",
                    null,
                    "/art/last",
                    "2026-03-02T00:00:00",
                    "2026-03-03T00:00:00"),
                Samples.training(
                    "t3",
                    null,
                    "/art/last",
                    "/art/tuned",
                    "2026-02-02T00:00:00",
                    "2026-02-03T00:00:00")));

    Set<String> tuned = reached(graph, "/art/tuned", Direction.UPSTREAM);
    assertThat(tuned, hasItem(OLD.version()));
    assertThat(tuned, not(hasItem(NEW.version())));
    assertThat(new NodeFinder(graph).find("/art/last").size(), is(2));
  }

  @Test
  void a_checkpoint_that_is_trained_on_in_place_is_not_made_of_itself() {
    LineageGraph graph =
        graph(
            List.of(),
            List.of(),
            List.of(
                Samples.training(
                    "t1",
                    null,
                    "/art/last",
                    "/art/last",
                    "2026-01-02T00:00:00",
                    "2026-01-03T00:00:00")));
    Node training = graph.nodes().stream().filter(n -> n.id().equals("t1")).findFirst().get();
    assertThat(graph.into(training).iterator().next().from().id(), is("/art/last@before"));
  }

  @Test
  void a_model_everybody_knows_is_no_checkpoint_of_that_name() {
    LineageGraph graph =
        graph(
            List.of(),
            List.of(),
            List.of(
                Samples.training(
                    "t1", null, "b", "/models/gpt2", "2026-01-02T00:00:00", "2026-01-03T00:00:00"),
                Samples.training(
                    "t2", null, "gpt2", "/art/x", "2026-02-02T00:00:00", "2026-02-03T00:00:00"),
                Samples.training(
                    "t3",
                    null,
                    "models/gpt2",
                    "/art/y",
                    "2026-02-02T00:00:00",
                    "2026-02-03T00:00:00")));
    assertThat(reached(graph, "/models/gpt2", Direction.DOWNSTREAM), not(hasItem("/art/x")));
    assertThat(reached(graph, "/models/gpt2", Direction.DOWNSTREAM), hasItem("/art/y"));
  }

  @Test
  void a_manifest_is_not_made_of_the_checkpoint_that_it_will_be_trained_from() {
    LineageGraph graph =
        graph(
            List.of(Samples.run("run-1", "2026-02-01T00:00:00Z", "m-tune-0", "/art/c1", NEW)),
            List.of(Samples.manifest("m-tune-0", "run-1", NEW)),
            List.of(
                Samples.training(
                    "t1",
                    null,
                    "org/base",
                    "/art/c1",
                    "2026-01-02T00:00:00",
                    "2026-01-03T00:00:00")));

    assertThat(
        reached(graph, "m-tune-0", Direction.UPSTREAM),
        is(Set.of("m-tune-0", "run-1", NEW.version())));
  }

  @Test
  void depth_counts_steps_and_what_it_cuts_is_said() {
    LineageGraph graph =
        graph(
            List.of(Samples.run("run-1", "2026-02-01T00:00:00Z", "m1234567", null, OLD)),
            List.of(Samples.manifest("m1234567", "run-1", OLD)),
            List.of());
    List<Node> start = new NodeFinder(graph).find("m1234567");

    assertThat(graph.around(start, Direction.BOTH, 0).nodes().size(), is(1));
    assertThat(graph.around(start, Direction.BOTH, 1).nodes().size(), is(2));
    assertThat(graph.around(start, Direction.BOTH, 2).nodes().size(), is(3));
    assertThat(
        new LineageText(graph.around(start, Direction.BOTH, 1), start).tree(Direction.UPSTREAM),
        hasItem(both(containsString("run-1")).and(endsWith("(and more)"))));
    assertThat(
        String.join("", new LineageText(graph.around(start, Direction.BOTH, 2), start).dot()),
        not(containsString("(and more)")));
  }

  @Test
  void things_are_found_by_beginnings_and_checkpoints_by_endings() {
    LineageGraph graph =
        graph(
            List.of(),
            List.of(
                Samples.manifest("m1234567aa", "gone", OLD),
                Samples.manifest("m1234567bb", "gone")),
            List.of(
                Samples.training("t1", null, null, "/art/a/ckpt-1", TIME, TIME),
                Samples.training("t2", null, null, "/art/b/ckpt-1", TIME, TIME)));
    NodeFinder finder = new NodeFinder(graph);

    assertThat(finder.find(OLD.version().substring(0, 8)).get(0).id(), is(OLD.version()));
    assertThat(finder.find("a/ckpt-1").get(0).id(), is("/art/a/ckpt-1"));
    assertThat(finder.find("/art/b/ckpt-1/").get(0).id(), is("/art/b/ckpt-1"));
    assertThat(finder.find("nothing-here").isEmpty(), is(true));
    assertThat("too short to be a beginning", finder.find("m123").isEmpty(), is(true));
    assertThat(
        assertThrows(IdException.class, () -> finder.find("m1234567")).candidates().size(), is(2));
    assertThat(
        assertThrows(IdException.class, () -> finder.find("ckpt-1")).candidates().size(), is(2));
  }

  @Test
  void what_is_reached_is_what_plain_closure_reaches_in_random_graphs() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      LineageGraph graph = new LineageGraph();
      List<Node> nodes = new ArrayList<>();
      boolean[][] edge = new boolean[12][12];
      for (int i = 0; i < 12; i++) {
        nodes.add(graph.add(new Node(Node.Kind.RUN, "node-" + i, "", "")));
      }
      for (int i = 0; i < 18; i++) {
        int a = random.nextInt(12);
        int b = random.nextInt(12);
        // Cycles too: a store may say anything.
        edge[a][b] = true;
        graph.connect(nodes.get(a), nodes.get(b), "");
      }
      for (int via = 0; via < 12; via++) {
        for (int a = 0; a < 12; a++) {
          for (int b = 0; b < 12; b++) {
            edge[a][b] |= edge[a][via] && edge[via][b];
          }
        }
      }
      int from = random.nextInt(12);
      Set<Node> expected = new HashSet<>(Set.of(nodes.get(from)));
      for (int b = 0; b < 12; b++) {
        if (edge[from][b]) {
          expected.add(nodes.get(b));
        }
      }
      LineageGraph part =
          graph.around(List.of(nodes.get(from)), Direction.DOWNSTREAM, Integer.MAX_VALUE);
      assertThat(new HashSet<>(part.nodes()), is(expected));
      // It ends, and tells every node once with its branches.
      List<String> tree =
          new LineageText(part, List.of(nodes.get(from))).tree(Direction.DOWNSTREAM);
      assertThat(tree.size() >= expected.size(), is(true));
    }
  }

  @Test
  void drawings_quote_what_people_write() {
    LineageGraph graph = new LineageGraph();
    Node odd = graph.add(new Node(Node.Kind.RUN, "id", "a \"b\" <c>\\", "#1"));
    graph.connect(odd, graph.add(new Node(Node.Kind.MANIFEST, "m", "m", "")), "50 % \"sure\"");
    LineageText drawing = new LineageText(graph, List.of(odd));

    assertThat(String.join("\n", drawing.dot()), containsString("a \\\"b\\\" <c>\\\\\\n#1"));
    assertThat(
        String.join("\n", drawing.mermaid()),
        containsString("a #quot;b#quot; #lt;c#gt;\\<br>#35;1"));
    assertThat(
        drawing.tree(Direction.DOWNSTREAM),
        containsInAnyOrder(
            "run a \"b\" <c>\\  #1", "went into", "  └─ manifest m  (50 % \"sure\")"));
    assertThat(drawing.json().path("edges").get(0).path("note").asText(), is("50 % \"sure\""));
  }
}
