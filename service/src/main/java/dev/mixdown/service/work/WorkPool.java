package dev.mixdown.service.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.ProblemDocument;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does long work: plans and manifests one at a time, since each uses all cores by itself, and
 * beside them snapshots, for which clients wait. The next ones wait.
 */
public final class WorkPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkPool.class);

  /** The kind of a work that reads a dataset and records it. */
  public static final String SNAPSHOT = "snapshot";

  private static final int WAITING = 16;

  /** Works that are remembered after their end. */
  private static final int KEPT = 100;

  private static final Duration FAREWELL = Duration.ofSeconds(20);

  private final Clock clock;
  private final ThreadPoolExecutor stages = threads(1);
  private final ThreadPoolExecutor snapshots = threads(2);
  private final Deque<Work> works = new ArrayDeque<>();
  private final Map<String, Future<?>> tasks = new HashMap<>();

  public WorkPool(Clock clock) {
    this.clock = clock;
  }

  private static ThreadPoolExecutor threads(int count) {
    return new ThreadPoolExecutor(
        count,
        count,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING),
        task -> new Thread(task, "work"));
  }

  /** What a work does. */
  public interface Task {
    /** Does it, and tells how far it is. */
    ObjectNode run(Work work, WorkProgress progress) throws Exception;
  }

  /**
   * Begins a work, or lets it wait for its turn.
   *
   * @throws HttpProblem 503 where too many wait already
   */
  public synchronized Work begin(String kind, String subject, Task task) {
    Work work = new Work(kind, subject, clock);
    FutureTask<Void> future = new FutureTask<>(() -> run(work, task), null);
    ThreadPoolExecutor threads = kind.equals(SNAPSHOT) ? snapshots : stages;
    try {
      threads.execute(future);
    } catch (RejectedExecutionException e) {
      throw HttpProblem.of(
          503,
          threads.isShutdown()
              ? "the service is being ended"
              : "%d works wait already; ask again later".formatted(WAITING),
          Map.of("Retry-After", "60"));
    }
    works.addFirst(work);
    tasks.put(work.id(), future);
    while (works.size() > KEPT && works.peekLast().state().isEnd()) {
      tasks.remove(works.removeLast().id());
    }
    return work;
  }

  private void run(Work work, Task task) {
    if (!work.begin()) {
      return;
    }
    try {
      work.end(Work.State.DONE, task.run(work, new WorkProgress(work)), null);
    } catch (Exception e) {
      Optional<ProblemDocument> problem = ProblemDocument.of(e);
      if (problem.isEmpty() && !work.state().isEnd()) {
        String id = UUID.randomUUID().toString();
        LOG.error("work {} failed ({})", work.title(), id, e);
        problem = Optional.of(ProblemDocument.unexpected(id));
      }
      work.end(Work.State.FAILED, null, problem.map(ProblemDocument::json).orElse(null));
    }
  }

  /**
   * The answer of a work that has ended: its result, or what went wrong.
   *
   * @throws HttpProblem 503 where it was cancelled
   */
  public Answer answer(Work work) {
    return work.answer()
        .orElseThrow(() -> HttpProblem.of(503, "the work was cancelled; ask again"));
  }

  /** All that are known, the newest first. */
  public synchronized List<Work> list() {
    return new ArrayList<>(works);
  }

  /** How many run or wait. */
  public long open() {
    return list().stream().filter(work -> !work.state().isEnd()).count();
  }

  /**
   * One of them.
   *
   * @throws HttpProblem 404
   */
  public synchronized Work find(String id) {
    return works.stream()
        .filter(work -> work.id().equals(id))
        .findFirst()
        .orElseThrow(() -> HttpProblem.notFound("there is no work " + id));
  }

  /** Cancels one; nothing happens to one that has ended. */
  public void cancel(Work work) {
    if (work.cancel()) {
      Future<?> task;
      synchronized (this) {
        task = tasks.get(work.id());
      }
      if (task != null) {
        task.cancel(true);
      }
    }
  }

  /** Ends all work; what is published stays. */
  @Override
  public void close() {
    stages.shutdown();
    snapshots.shutdown();
    list().forEach(this::cancel);
    try {
      if (!stages.awaitTermination(FAREWELL.toSeconds(), TimeUnit.SECONDS)
          || !snapshots.awaitTermination(FAREWELL.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("work did not end within {} seconds", FAREWELL.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
