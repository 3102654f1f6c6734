package dev.mixdown.service.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.ProblemDocument;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A work that takes longer than a request may. Whoever asks sees how far it is. */
public final class Work {
  /** How it stands. */
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED;

    /** Whether nothing more comes of it. */
    public boolean isEnd() {
      return this == DONE || this == FAILED || this == CANCELLED;
    }
  }

  private final String id = UUID.randomUUID().toString();
  private final String kind;
  private final String subject;
  private final Clock clock;
  private final Instant begun;
  private State state = State.WAITING;
  private Supplier<String> message = () -> "";
  private @Nullable Instant ended;
  private @Nullable ObjectNode result;
  private @Nullable ObjectNode problem;
  private @Nullable Runnable cancelling;

  Work(String kind, String subject, Clock clock) {
    this.kind = kind;
    this.subject = subject;
    this.clock = clock;
    begun = clock.instant();
  }

  /** Its id. */
  public String id() {
    return id;
  }

  /** How it stands. */
  public synchronized State state() {
    return state;
  }

  /** What it does. */
  public String kind() {
    return kind;
  }

  /** What came of it; empty before it has ended, and where it failed. */
  public synchronized Optional<ObjectNode> result() {
    return Optional.ofNullable(result);
  }

  /** What it is about, in words. */
  public String title() {
    return kind + " " + subject;
  }

  /** When it was asked for. */
  public Instant begun() {
    return begun;
  }

  /** How far it is, in words. */
  public synchronized String message() {
    return state.isEnd() ? "" : message.get();
  }

  synchronized boolean begin() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.RUNNING;
    notifyAll();
    return true;
  }

  /** Says how far it is; asked for when somebody looks. */
  synchronized void says(Supplier<String> text) {
    message = text;
    notifyAll();
  }

  /** What to do when it is cancelled, before its thread is interrupted. */
  public synchronized void onCancel(Runnable action) {
    cancelling = action;
  }

  synchronized void end(
      State how, @Nullable ObjectNode itsResult, @Nullable ObjectNode itsProblem) {
    if (!state.isEnd()) {
      state = how;
      result = itsResult;
      problem = itsProblem;
      ended = clock.instant();
      notifyAll();
    }
  }

  /** Marks it cancelled; whether it was still to be. */
  boolean cancel() {
    Runnable action;
    synchronized (this) {
      if (state.isEnd()) {
        return false;
      }
      action = cancelling;
    }
    if (action != null) {
      action.run();
    }
    end(State.CANCELLED, null, null);
    return true;
  }

  /** Waits until it has ended, or the time is over; whether it has. */
  public synchronized boolean awaitEnd(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (!state.isEnd()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** What came of it, as an answer: its result, or what went wrong; empty for neither. */
  synchronized Optional<Answer> answer() {
    if (result != null) {
      return Optional.of(Answer.of(result));
    }
    return Optional.ofNullable(problem)
        .map(p -> Answer.of(ProblemDocument.TYPE, p.toString()).status(p.path("status").asInt()));
  }

  /** The document of it. */
  public synchronized ObjectNode json() {
    ObjectNode json = Json.object().put("id", id).put("kind", kind).put("subject", subject);
    json.put("state", state.name().toLowerCase(Locale.ROOT));
    json.put("begun_at", begun.toString());
    json.put("ended_at", ended == null ? null : ended.toString());
    json.put("message", message());
    json.set("result", result);
    json.set("problem", problem);
    return json;
  }
}
