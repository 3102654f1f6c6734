package dev.mixdown.service.access;

import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.CallCounts;
import dev.mixdown.service.http.Handler;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Operation;
import dev.mixdown.service.http.ProblemDocument;
import dev.mixdown.service.http.Request;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call passes: who may call, whether the call is as its operation takes it, the answer
 * or what went wrong in its form, and the record of those that write.
 */
public final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  /** What pages may load: all of it from here, and no script that stands in a page. */
  private static final String CONTENT =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", CONTENT,
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "X-Frame-Options", "DENY");

  /** What those ask who look after the process: they have no token. */
  private static final Set<String> OPEN = Set.of("getHealth", "getReadiness");

  private static final String ANSWERED = "answered";

  private final Access access;
  private final CallLog log;
  private final CallCounts counts;

  public Gate(Access access, CallLog log, CallCounts counts) {
    this.access = access;
    this.log = log;
    this.counts = counts;
  }

  /** Sets what every answer has, and refuses names that are not this service's. */
  public void before(Context context) {
    HEADERS.forEach(context::header);
    access.checkHost(context);
  }

  /** Answers a call of an operation. */
  public void answer(Context context, Operation operation, Handler handler) throws Exception {
    long begin = System.nanoTime();
    Optional<Request> request = Optional.empty();
    Optional<String> outcome = Optional.empty();
    int status;
    try {
      String caller = caller(context, operation);
      request = Optional.of(Request.of(context, caller, operation));
      Answer answer = handler.answer(request.get());
      send(context, answer);
      status = answer.status();
    } catch (Exception e) {
      ProblemDocument problem = problem(e, operation.id());
      send(context, problem);
      status = problem.status();
      outcome = Optional.of(problem.json().path("error").path("message").asText());
    }
    if (operation.writes() && request.isPresent()) {
      record(context, operation, request.get(), status, outcome);
    }
    counts.add(operation.id(), status, System.nanoTime() - begin);
  }

  /** Who asks, if the call may be made at all. */
  public String caller(Context context, Operation operation) {
    String caller =
        OPEN.contains(operation.id()) ? Request.LOCAL : access.caller(context, operation.writes());
    if (!operation.method().equals("GET")) {
      access.checkOrigin(context);
    }
    if (operation.body().isPresent()) {
      access.checkJson(context);
    }
    return caller;
  }

  private void record(
      Context context, Operation operation, Request request, int status, Optional<String> outcome) {
    try {
      log.add(request.caller(), operation, context.path(), request.body(), status, outcome);
    } catch (IOException | RuntimeException e) {
      LOG.error("{} by {} is not recorded", operation.id(), request.caller(), e);
    }
  }

  /** Counts an answer. */
  public void count(String operation, int status, long nanos) {
    counts.add(operation, status, nanos);
  }

  /** Answers what went wrong outside of an operation. */
  public void failed(Context context, Exception exception) {
    send(context, problem(exception, context.path()));
  }

  /** Answers where no route did. */
  public void unanswered(Context context) {
    if (context.attribute(ANSWERED) == null) {
      failed(
          context,
          context.statusCode() == 405
              ? HttpProblem.of(
                  405, "%s has no %s".formatted(context.path(), context.method().name()))
              : HttpProblem.notFound(
                  "there is nothing at %s; /api/v1/openapi.yaml says what there is"
                      .formatted(context.path())));
    }
  }

  /** What an exception is answered with; one that nobody expected is logged. */
  public ProblemDocument problem(Exception exception, String what) {
    if (exception instanceof HttpResponseException refused) {
      return ProblemDocument.of(
              HttpProblem.of(refused.getStatus(), String.valueOf(refused.getMessage())))
          .orElseThrow();
    }
    Optional<ProblemDocument> known = ProblemDocument.of(exception);
    if (known.isPresent()) {
      return known.get();
    }
    String id = UUID.randomUUID().toString();
    LOG.error("{} failed ({})", what, id, exception);
    return ProblemDocument.unexpected(id);
  }

  private static void send(Context context, ProblemDocument problem) {
    problem.headers().forEach(context::header);
    context.attribute(ANSWERED, true);
    context
        .status(problem.status())
        .contentType(ProblemDocument.TYPE)
        .header("Cache-Control", "no-store")
        .result(problem.json().toString());
  }

  /** Sends an answer; 304 to who has it. */
  public static void send(Context context, Answer answer) {
    answer.headers().forEach(context::header);
    context.attribute(ANSWERED, true);
    Optional<String> etag = answer.etag();
    context.header("Cache-Control", etag.isPresent() ? "private, no-cache" : "no-store");
    etag.ifPresent(tag -> context.header("ETag", tag));
    if (etag.isPresent() && has(context.header("If-None-Match"), etag.get())) {
      context.status(304);
      return;
    }
    context.status(answer.status()).contentType(answer.type()).result(answer.body());
  }

  private static boolean has(String sent, String etag) {
    if (sent == null) {
      return false;
    }
    for (String one : sent.split(",", -1)) {
      // A proxy that compresses makes it a weak one.
      String tag = one.strip().replaceFirst("^W/", "");
      if (tag.equals(etag) || tag.equals("*")) {
        return true;
      }
    }
    return false;
  }
}
