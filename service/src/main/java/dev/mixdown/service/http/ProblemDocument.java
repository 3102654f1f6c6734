package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.switching.SwitchException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.recipes.adapting.PlanException;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.databases.DatabaseException;
import dev.mixdown.service.http.HttpProblem.Fault;
import dev.mixdown.storage.Causes;
import dev.mixdown.transforms.mixing.MixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What went wrong, as an answer: {@code application/problem+json} (RFC 9457), with {@code detail}
 * as FastAPI's clients look for it, and {@code error} as others do.
 *
 * @param headers of the answer
 */
public record ProblemDocument(int status, ObjectNode json, Map<String, String> headers) {
  /** Its media type. */
  public static final String TYPE = "application/problem+json";

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(503, "Service Unavailable"));

  /** What an exception is answered with; empty for one that nobody expected. */
  public static Optional<ProblemDocument> of(Exception exception) {
    if (exception instanceof HttpProblem problem) {
      return Optional.of(
          new ProblemDocument(
              problem.status(),
              json(problem.status(), text(problem), problem.faults(), Json.array()),
              problem.headers()));
    }
    Failure failure = Failure.of(exception);
    String lines = String.join("\n", failure.lines());
    if (exception instanceof IdException) {
      return Optional.of(plain(404, lines, failure.errors()));
    }
    if (exception instanceof SwitchException) {
      return Optional.of(plain(409, lines, failure.errors()));
    }
    if (exception instanceof PlanException plan) {
      ProblemDocument document = plain(422, lines, failure.errors());
      ArrayNode alternatives = document.json.putArray("alternatives");
      plan.alternatives()
          .forEach(
              a -> alternatives.addObject().put("gpus", a.gpus()).put("batch_size", a.batchSize()));
      return Optional.of(document);
    }
    if (exception instanceof ConfigException config) {
      List<Fault> faults = config.problems().stream().map(ProblemDocument::fault).toList();
      return Optional.of(
          new ProblemDocument(422, json(422, lines, faults, failure.errors()), Map.of()));
    }
    if (exception instanceof MixException || exception instanceof DataException) {
      return Optional.of(plain(422, lines, failure.errors()));
    }
    // Runners wrap what a worker throws.
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof DatabaseException) {
        return Optional.of(
            plain(503, "this cannot be answered now: " + Causes.text(cause), Json.array()));
      }
    }
    return Optional.empty();
  }

  /** An error that nobody expected; its id stands in the log. */
  public static ProblemDocument unexpected(String id) {
    ProblemDocument document =
        plain(500, "an error of the service itself; its log has the id " + id, Json.array());
    document.json.put("id", id);
    return document;
  }

  private static ProblemDocument plain(int status, String message, JsonNode details) {
    return new ProblemDocument(status, json(status, message, List.of(), details), Map.of());
  }

  private static ObjectNode json(int status, String message, List<Fault> faults, JsonNode details) {
    String title = TITLES.getOrDefault(status, status >= 500 ? "Internal Server Error" : "Error");
    ObjectNode json = Json.object().put("type", "about:blank").put("title", title);
    json.put("status", status);
    if (faults.isEmpty()) {
      json.put("detail", message);
    } else {
      ArrayNode detail = json.putArray("detail");
      faults.forEach(fault -> detail.add(fault.json()));
    }
    ObjectNode error =
        json.putObject("error")
            .put("code", title.toUpperCase(Locale.ROOT).replace(' ', '_'))
            .put("message", message);
    error.set("details", details);
    return json;
  }

  private static Fault fault(Problem problem) {
    List<Object> loc = new ArrayList<>(List.of("body"));
    if (!problem.pointer().isEmpty()) {
      loc.addAll(List.of(problem.pointer().replaceFirst("^/", "").split("/")));
    }
    return new Fault(loc, problem.toString(), "value_error");
  }

  private static String text(Exception exception) {
    return String.valueOf(exception.getMessage());
  }
}
