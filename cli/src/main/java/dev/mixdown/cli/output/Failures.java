package dev.mixdown.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.switching.SwitchException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.registry.IdException;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.MissingSettingException;
import dev.mixdown.storage.StoreException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.mixing.MixException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells people, or programs, what went wrong, and makes the exit code of it. */
public final class Failures implements IExecutionExceptionHandler {
  /** Something went wrong that is neither the config's nor the data's fault. */
  public static final int FAILED = 1;

  /** Bad usage, or a config that cannot be used. */
  public static final int BAD_CONFIG = 2;

  /** Data that cannot be used. */
  public static final int BAD_DATA = 3;

  /** What is said where the heap is too small. */
  public static final String OUT_OF_MEMORY =
      "there is not enough memory; give the process more heap with MIXDOWN_JAVA_OPTS=-Xmx8g, for example";

  /** What is said where a library's native code cannot be loaded from the temporary folder. */
  public static String noNativeLibrary(UnsatisfiedLinkError error) {
    return "a native library cannot be unpacked in %s and loaded from there (%s); make room there, mount it without noexec, or name another folder with MIXDOWN_JAVA_OPTS=-Djava.io.tmpdir=/var/tmp, for example"
        .formatted(
            System.getProperty("java.io.tmpdir"),
            String.valueOf(error.getMessage()).replaceFirst(" in java.library.path.*", ""));
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    List<String> lines = new ArrayList<>();
    ArrayNode problems = Json.array();
    int code = describe(exception, lines, problems);
    PrintWriter err = commandLine.getErr();
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
    boolean many = problems.size() > 1;
    boolean publishes =
        commandLine.getCommandName().equals("prepare")
            && !(exception instanceof UnrecordedException);
    err.println(
        "mixdown: "
            + what
            + (many ? ", " + problems.size() + " problems" : "")
            + (publishes ? "; nothing was published" : ""));
    lines.forEach(line -> err.println("  " + line));
    if (code == FAILED && Boolean.getBoolean("mixdown.trace")) {
      exception.printStackTrace(err);
    }
    err.flush();
    if (wantsJson(parsed)) {
      commandLine.getOut().println(Json.text(document(what, code, problems)));
    }
    return code;
  }

  private static String unusable(Exception exception) {
    String what = exception instanceof ConfigException config ? config.what() : "the config";
    return what + " cannot be used";
  }

  private static ObjectNode document(String what, int code, ArrayNode problems) {
    ObjectNode document = Json.object();
    document.put("error", what);
    document.put("exit_code", code);
    document.set("errors", problems);
    return document;
  }

  /** The JSON document for a command line that cannot be understood. */
  public static ObjectNode badUsage(String message) {
    ArrayNode problems = Json.array();
    problems.addObject().put("message", message);
    return document("bad usage", BAD_CONFIG, problems);
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--json");
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
