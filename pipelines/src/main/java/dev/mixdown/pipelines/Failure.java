package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.switching.SwitchException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.adapting.PlanException;
import dev.mixdown.registry.IdException;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.MissingSettingException;
import dev.mixdown.storage.StoreException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.mixing.MixException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What went wrong, for people and for programs.
 *
 * @param what in a few words
 * @param code the exit code
 * @param lines for people: one or more for each problem
 * @param errors for programs: one for each problem
 * @param published whether something was published all the same
 */
public record Failure(
    String what, int code, List<String> lines, ArrayNode errors, boolean published) {
  /** Something went wrong that is neither the config's nor the data's fault. */
  public static final int FAILED = 1;

  /** Bad usage, or a config that cannot be used. */
  public static final int BAD_CONFIG = 2;

  /** Data that cannot be used. */
  public static final int BAD_DATA = 3;

  /** What is said where the heap is too small. */
  public static final String OUT_OF_MEMORY =
      "there is not enough memory; give the process more heap with MIXDOWN_JAVA_OPTS=-Xmx8g, for example";

  /** What an exception says. */
  public static Failure of(Exception exception) {
    List<String> lines = new ArrayList<>();
    ArrayNode errors = Json.array();
    int code = describe(exception, lines, errors);
    String what =
        switch (code) {
          case BAD_CONFIG ->
              exception instanceof IdException
                  ? "cannot be found"
                  : missingSetting(exception).isPresent()
                      ? "a setting is missing"
                      : unusable(exception);
          case BAD_DATA ->
              exception instanceof DataException data ? data.what() : "the data cannot be used";
          default -> "failed";
        };
    return new Failure(what, code, lines, errors, exception instanceof UnrecordedException);
  }

  /** Tells programs; see {@code error.schema.json}. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("error", what).put("exit_code", code);
    document.set("errors", errors);
    return document;
  }

  private static String unusable(Exception exception) {
    if (exception instanceof PlanException) {
      return "the batch cannot be divided";
    }
    String what = exception instanceof ConfigException config ? config.what() : "the config";
    return what + " cannot be used";
  }

  private static int describe(Exception exception, List<String> lines, ArrayNode problems) {
    if (exception instanceof ConfigException config) {
      config.problems().forEach(problem -> lines.add(problem.toString()));
      problems.addAll(Problems.json(config.problems()));
      return BAD_CONFIG;
    }
    if (exception instanceof MixException mix) {
      for (String problem : mix.problems()) {
        lines.add(problem);
        problems.addObject().put("message", problem);
      }
      return BAD_CONFIG;
    }
    if (exception instanceof DataException data) {
      for (DataProblem problem : data.problems()) {
        lines.add(problem.toString());
        ObjectNode node = problems.addObject().put("path", problem.path());
        if (problem.record() >= 0) {
          node.put("record", problem.record());
        }
        if (problem.offset() >= 0) {
          node.put("offset", problem.offset());
        }
        node.put("message", problem.message());
        if (problem.more() > 0) {
          node.put("more", problem.more());
        }
      }
      return BAD_DATA;
    }
    if (exception instanceof PlanException plan) {
      lines.add(String.valueOf(plan.getMessage()));
      ArrayNode alternatives =
          problems.addObject().put("message", plan.getMessage()).putArray("alternatives");
      plan.alternatives()
          .forEach(
              a -> alternatives.addObject().put("gpus", a.gpus()).put("batch_size", a.batchSize()));
      return BAD_CONFIG;
    }
    if (exception instanceof IdException id) {
      lines.add(String.valueOf(id.getMessage()));
      ObjectNode node = problems.addObject().put("message", id.getMessage());
      if (!id.candidates().isEmpty()) {
        node.set("candidates", Json.tree(id.candidates()));
        id.candidates().forEach(candidate -> lines.add("  " + candidate));
      }
      return BAD_CONFIG;
    }
    Optional<String> missing = missingSetting(exception);
    String message =
        missing.orElseGet(
            () ->
                exception instanceof SwitchException || exception instanceof UnrecordedException
                    ? String.valueOf(exception.getMessage())
                    : message(exception));
    lines.add(message);
    problems.addObject().put("message", message);
    return missing.isPresent() ? BAD_CONFIG : FAILED;
  }

  private static Optional<String> missingSetting(Throwable exception) {
    for (Throwable e = exception; e != null; e = e.getCause()) {
      if (e instanceof MissingSettingException) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** The message at the root of an error: what runners wrap around it tells a user nothing. */
  private static String message(Throwable exception) {
    Throwable root = exception;
    while (root.getCause() != null && root.getCause() != root) {
      if (root instanceof StoreException || root instanceof AccessDeniedException) {
        // It says more than what the store's client threw.
        return String.valueOf(root.getMessage());
      }
      root = root.getCause();
    }
    if (root instanceof OutOfMemoryError || isEndedPipeline(root)) {
      return OUT_OF_MEMORY;
    }
    String text = Causes.text(root);
    return (text.isEmpty() ? "an error of mixdown itself" : text)
        + " (set MIXDOWN_TRACE=1 for the stack trace)";
  }

  /** The direct runner gives up without an error where one of its threads had no memory left. */
  private static boolean isEndedPipeline(Throwable root) {
    return root instanceof IllegalStateException
        && String.valueOf(root.getMessage()).equals("the pipeline ended as RUNNING");
  }
}
