package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.lineage.LineageGraph.Direction;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.service.api.Lineages;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.pictures.LineagePicture;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What went into what, as a picture. */
public final class LineagePage {
  /** The ways to look. */
  public static final List<String> DIRECTIONS = List.of("both", "upstream", "downstream");

  private static final int THINGS = 60;
  private static final int USUAL_DEPTH = 6;
  private static final int MOST_NODES = 3000;
  private static final String SVG = "image/svg+xml; charset=utf-8";

  private final Site site;
  private final Watch watch;
  private final Renderer renderer;

  /** Something to begin with. */
  public record Thing(String id, String title, String detail) {
    static Thing of(Node node) {
      return new Thing(node.id(), node.kind().word() + " " + node.title(), node.detail());
    }
  }

  /** What the page shows. */
  public record View(
      String asked,
      String direction,
      int depth,
      String svg,
      String count,
      boolean changed,
      String problem,
      List<Thing> things) {}

  /** What was asked for. */
  private record Asked(String thing, String direction, int depth) {
    static Asked of(Context context) {
      String direction = Objects.requireNonNullElse(context.queryParam("direction"), "both");
      String depth = Objects.requireNonNullElse(context.queryParam("depth"), "");
      return new Asked(
          Objects.requireNonNullElse(context.queryParam("node"), "").strip(),
          DIRECTIONS.contains(direction) ? direction : "both",
          depth.matches("[1-9]\\d?|100") ? Integer.parseInt(depth) : USUAL_DEPTH);
    }
  }

  LineagePage(Site site, Watch watch, Renderer renderer) {
    this.site = site;
    this.watch = watch;
    this.renderer = renderer;
  }

  Answer show(Context context) {
    Asked asked = Asked.of(context);
    String svg = "";
    String count = "";
    String problem = "";
    Set<String> changed = watch.versions();
    if (!asked.thing().isEmpty()) {
      try {
        Lineages.Part part = part(asked);
        svg = new LineagePicture(part.graph(), part.start(), changed).svg();
        count =
            Counts.of(part.graph().nodes().size(), "thing")
                + " within "
                + Counts.of(asked.depth(), "step");
      } catch (HttpProblem | IdException e) {
        problem = String.valueOf(e.getMessage());
        if (e instanceof IdException id) {
          problem += " " + String.join(", ", id.candidates());
        }
      }
    }
    View view =
        new View(
            asked.thing(),
            asked.direction(),
            asked.depth(),
            svg,
            count,
            !changed.isEmpty(),
            problem,
            things());
    return renderer.render(
        "lineage",
        renderer.page(context, "Lineage", "Lineage").module("lineage.js"),
        Map.of("view", view));
  }

  /** The picture alone, to be saved. */
  Answer svg(Context context) {
    Lineages.Part part = part(Asked.of(context));
    return Answer.of(SVG, new LineagePicture(part.graph(), part.start(), watch.versions()).svg());
  }

  private Lineages.Part part(Asked asked) {
    Lineages.Part part =
        Lineages.around(
            site,
            asked.thing(),
            Direction.valueOf(asked.direction().toUpperCase(Locale.ROOT)),
            asked.depth());
    int nodes = part.graph().nodes().size();
    if (nodes > MOST_NODES) {
      throw HttpProblem.of(
          422,
          "%s are within %d steps, and no picture of more than %s is drawn; ask for fewer steps, or one direction"
              .formatted(Counts.of(nodes, "thing"), asked.depth(), Counts.number(MOST_NODES)));
    }
    return part;
  }

  /** Manifests first, the newest first; then models. */
  private List<Thing> things() {
    List<Thing> manifests = new ArrayList<>();
    List<Thing> others = new ArrayList<>();
    for (Node node : site.holdings().graph().nodes()) {
      if (node.kind() == Node.Kind.MANIFEST) {
        manifests.add(0, Thing.of(node));
      } else if (node.kind() == Node.Kind.CHECKPOINT && others.size() < THINGS) {
        others.add(Thing.of(node));
      }
    }
    manifests.addAll(others);
    return manifests.subList(0, Math.min(THINGS, manifests.size()));
  }
}
