package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.TrainingEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One training on one dataset, as a history lists it.
 *
 * @param steps at least 0
 * @param epochs null where the training did not count them
 * @param data the manifest that it followed, and what that was made of
 * @param consumed how far it took the samples of its manifest; null where that is not known
 * @param git the commit of the training's code, and whether its tree was clean
 * @param environment where it ran, by an allow-list
 */
public record Training(
    String dataset,
    long steps,
    @Nullable Long epochs,
    ObjectNode metrics,
    ObjectNode hyperparams,
    Instant start,
    Instant end,
    @Nullable ObjectNode data,
    TrainingEntry.@Nullable Consumed consumed,
    @Nullable JsonNode git,
    @Nullable JsonNode environment) {
  /** A time as these files have them: in UTC, to the second, with a Z that says so. */
  public static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What cannot be right about it. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (steps < 0) {
      problems.add("steps is %d; it may not be below 0".formatted(steps));
    }
    if (epochs != null && epochs < 0) {
      problems.add("epochs is %d; it may not be below 0".formatted(epochs));
    }
    if (end.isBefore(start)) {
      problems.add(
          "the training ends at %s, before it starts at %s".formatted(time(end), time(start)));
    }
    return problems;
  }

  ObjectNode json() {
    ObjectNode entry = Json.object();
    entry.put("dataset", dataset);
    entry.put("steps", steps);
    entry.put("epochs", epochs);
    entry.set("metrics", metrics);
    entry.set("hyperparams", hyperparams);
    entry.put("start_time", time(start));
    entry.put("end_time", time(end));
    if (data != null) {
      entry.set("data", data);
    }
    if (consumed != null) {
      entry
          .putObject("consumed")
          .put("samples", consumed.samples())
          .put("estimate", consumed.estimate());
    }
    if (git != null) {
      entry.set("git", git);
    }
    if (environment != null) {
      entry.set("environment", environment);
    }
    return entry;
  }
}
