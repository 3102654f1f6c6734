package dev.mixdown.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Failure;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells people, or programs, what went wrong, and makes the exit code of it. */
public final class Failures implements IExecutionExceptionHandler {
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
    print(failure, err, "mixdown", commandLine.getCommandName().equals("prepare"));
    if (failure.code() == Failure.FAILED && Boolean.getBoolean("mixdown.trace")) {
      exception.printStackTrace(err);
    }
    err.flush();
    if (wantsJson(parsed)) {
      commandLine.getOut().println(Json.text(failure.json()));
    }
    return failure.code();
  }

  /**
   * Tells people what went wrong.
   *
   * @param who what failed, such as the program or a stage
   * @param publishes whether it would have published something
   */
  public static void print(Failure failure, PrintWriter err, String who, boolean publishes) {
    err.println(
        who
            + ": "
            + failure.what()
            + (failure.errors().size() > 1 ? ", " + failure.errors().size() + " problems" : "")
            + (publishes && !failure.published() ? "; nothing was published" : ""));
    failure.lines().forEach(line -> err.println("  " + line));
    err.flush();
  }

  /** The JSON document for a command line that cannot be understood. */
  public static ObjectNode badUsage(String message) {
    ArrayNode errors = Json.array();
    errors.addObject().put("message", message);
    return new Failure("bad usage", Failure.BAD_CONFIG, List.of(message), errors, false).json();
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--json");
  }
}
