package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Adds an entry to a history. The file is replaced in one step, and only as it was read: of two who
 * add at once, the second reads again, so that both entries are there.
 */
public final class TrainingAppend {
  private static final int MOST_TRIES = 1000;
  private static final int MOST_WAIT_MILLIS = 160;

  private TrainingAppend() {}

  /**
   * Adds an entry to the file, which is made where there is none.
   *
   * @return the history with it
   * @throws ConfigException when the entry, or the file, cannot be right
   */
  public static TrainingInfo append(
      Storage storage, String path, TrainingHeader subject, Training entry) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Optional<byte[]> old = storage.read(path);
      TrainingInfo info =
          old.isPresent() ? TrainingInfo.parse(path, old.get()) : TrainingInfo.empty(path);
      TrainingInfo added = added(info, subject, entry);
      byte[] bytes = Json.write(added.json());
      if (storage.replace(path, old, bytes)) {
        return TrainingInfo.parse(path, bytes);
      }
      stepAside(tries);
    }
    throw new IOException(path + ": others write to it all the time; run again");
  }

  /** The loser waits a moment: all at once they would only make one another lose. */
  private static void stepAside(int tries) throws IOException {
    try {
      int most = Math.min(MOST_WAIT_MILLIS, 5 << Math.min(tries, 5));
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while others wrote", e);
    }
  }

  /** A history with one more entry. */
  static TrainingInfo added(TrainingInfo old, TrainingHeader subject, Training entry) {
    Problems problems = new Problems(TrainingInfo.WHAT);
    TrainingInfo info = old.copy();
    ObjectNode json = info.json();
    entry.problems().forEach(problem -> problems.add(old.path(), problem));
    settle(info, "model_name", "--model-name", subject.modelName(), problems);
    settle(info, "stage", "--stage", subject.stage(), problems);
    settle(info, "base_model", "--base-model", subject.baseModel(), problems);
    subject.checkpoint().ifPresent(checkpoint -> json.put("final_checkpoint", checkpoint));
    if (info.text("final_checkpoint").isEmpty()) {
      problems.add(old.path(), "has no final_checkpoint yet; say --checkpoint");
    }
    if (entry.steps() > Long.MAX_VALUE - old.totalSteps()) {
      problems.add(
          old.path(),
          "has %,d steps; %,d more are too many to be counted"
              .formatted(old.totalSteps(), entry.steps()));
    }
    problems.throwIfAny();

    ObjectNode one = entry.json();
    // Each entry says what it made, so that its record is the same whoever makes it, and when.
    info.text("final_checkpoint").ifPresent(checkpoint -> one.put("checkpoint", checkpoint));
    info.entries().add(one);
    if (info.text("created_at").isEmpty()) {
      json.put("created_at", Training.time(entry.start()));
    }
    json.put("last_updated", Training.time(later(info.text("last_updated"), entry.end())));
    json.put("total_steps", info.totalSteps());
    json.put("last_dataset", entry.dataset());
    if (json.has("status")) {
      json.put("status", "trained");
    }
    if (entry.data() != null && !json.has("data")) {
      json.set("data", entry.data());
    }
    return info;
  }

  /** Fills in what a file does not say yet, and refuses what contradicts it. */
  private static void settle(
      TrainingInfo info, String key, String option, Optional<String> said, Problems problems) {
    Optional<String> known = info.text(key);
    if (said.isPresent() && known.isPresent() && !said.equals(known)) {
      problems.add(
          info.path(),
          "is of the %s \"%s\", not \"%s\"; leave %s out, or begin a file of its own"
              .formatted(key, known.get(), said.get(), option));
    } else if (known.isPresent()) {
      return;
    } else if (said.isPresent()) {
      info.json().put(key, said.get());
    } else {
      problems.add(info.path(), "has no %s yet; say %s".formatted(key, option));
    }
  }

  /** The file's time never runs back, also where an older training is added late. */
  private static Instant later(Optional<String> known, Instant end) {
    return known.flatMap(Timestamps::instant).filter(time -> time.isAfter(end)).orElse(end);
  }
}
