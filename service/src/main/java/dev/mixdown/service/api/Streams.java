package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.increments.StreamStatus;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Streams of online stages: how they stand, and their increments. */
public final class Streams {
  private final Site site;

  public Streams(Site site) {
    this.site = site;
  }

  /** {@code GET streams/{stage}}. */
  public Answer status(Request request) throws IOException {
    return Answer.of(status(site, request.value("stage"), request.text("variant")).json());
  }

  /** {@code GET streams/{stage}/increments}. */
  public Answer increments(Request request) throws IOException {
    StreamStatus status = status(site, request.value("stage"), request.text("variant"));
    ObjectNode document = Json.object().put("total", status.state().seq());
    ArrayNode list = document.putArray("increments");
    newest(status, request.number("limit")).forEach(one -> list.add(json(one)));
    return Answer.of(document);
  }

  /** The last increments of a stream, newest first. */
  public static List<Increment> newest(StreamStatus status, long most) throws IOException {
    long to = status.state().seq();
    List<Increment> increments =
        new ArrayList<>(status.folder().increments(Math.max(1, to - most + 1), to));
    Collections.reverse(increments);
    return increments;
  }

  private static ObjectNode json(Increment increment) {
    return Json.object()
        .put("seq", increment.seq())
        .put("id", increment.id())
        .put("when", increment.when())
        .put("from", increment.positions().from())
        .put("to", increment.positions().to())
        .put("files", increment.arrivals().size())
        .put("rule", increment.cut().rule())
        .put("held_back", increment.cut().heldBack())
        .put("closed", increment.closed());
  }

  /**
   * How the stream of a stage stands.
   *
   * @throws HttpProblem 404 where the stage has none
   */
  public static StreamStatus status(Site site, String stage, Optional<String> variant)
      throws IOException {
    OnlineStage online = OnlineStage.of(site.repository(), Stages.choice(site, stage, variant));
    StreamFolder folder = online.folder(site.settings().storage(), site.output());
    Optional<StreamDocument> document = folder.document();
    if (document.isEmpty()) {
      throw HttpProblem.of(
          404,
          "stage \"%s\" has no stream yet; begin it with mixdown online run %s"
              .formatted(stage, stage));
    }
    return StreamStatus.of(folder, document.get());
  }
}
