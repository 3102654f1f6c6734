package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.versions.VersionUses;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.LineageGraph.Direction;
import dev.mixdown.registry.lineage.LineageText;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.registry.lineage.NodeFinder;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.util.List;
import java.util.Locale;

/** What went into what. */
public final class Lineages {
  private final Site site;

  public Lineages(Site site) {
    this.site = site;
  }

  /**
   * Things that belong together.
   *
   * @param start what was asked for
   */
  public record Part(LineageGraph graph, List<Node> start) {}

  /** {@code GET lineage}. */
  public Answer get(Request request) {
    Part part =
        around(
            site,
            request.value("node"),
            Direction.valueOf(request.value("direction").toUpperCase(Locale.ROOT)),
            (int) request.number("depth"));
    return Answer.of(new LineageText(part.graph(), part.start()).json());
  }

  /**
   * What is around a thing.
   *
   * @throws HttpProblem 404
   */
  public static Part around(Site site, String thing, Direction direction, int depth) {
    LineageGraph all = site.holdings().graph();
    List<Node> start = new NodeFinder(all).find(thing);
    if (start.isEmpty()) {
      throw HttpProblem.notFound(
          "there is nothing called \"%s\"; a manifest, a version, a checkpoint, a run or a training is expected"
              .formatted(thing));
    }
    return new Part(all.around(start, direction, depth), start);
  }

  /** {@code GET trainings}. */
  public Answer trainings(Request request) {
    List<TrainingEntry> all = site.holdings().trainings();
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("trainings");
    all.stream()
        .skip(request.number("offset"))
        .limit(request.number("limit"))
        .forEach(training -> list.add(json(training)));
    return Answer.of(document.put("total", all.size()));
  }

  private static ObjectNode json(TrainingEntry training) {
    ObjectNode json = Json.object().put("training", VersionUses.uuid(training));
    json.put("name", VersionUses.name(training)).put("status", training.status());
    json.put("stage", training.stage()).put("recipe", training.recipe());
    json.put("manifest_id", training.manifest()).put("base_model", training.baseModel());
    json.put("checkpoint", training.checkpoint()).put("steps", training.steps());
    json.put("created_at", VersionUses.created(training)).put("ended_at", training.endTime());
    return json;
  }
}
