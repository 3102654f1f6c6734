package dev.mixdown.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.io.PrintWriter;
import java.util.List;
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
    Failure failure = Failure.of(exception);
    PrintWriter err = commandLine.getErr();
    failure.print(err, "mixdown", commandLine.getCommandName().equals("prepare"));
    if (failure.code() == FAILED && Boolean.getBoolean("mixdown.trace")) {
      exception.printStackTrace(err);
    }
    err.flush();
    if (wantsJson(parsed)) {
      commandLine.getOut().println(Json.text(failure.json()));
    }
    return failure.code();
  }

  /** The JSON document for a command line that cannot be understood. */
  public static ObjectNode badUsage(String message) {
    ArrayNode errors = Json.array();
    errors.addObject().put("message", message);
    return new Failure("bad usage", BAD_CONFIG, List.of(message), errors, false).json();
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--json");
  }
}
