package dev.mixdown.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that prints for people, and with {@code --json} for programs. */
public abstract class JsonCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(names = "--json", order = 90, description = "Print one JSON document, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      order = 91,
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  protected CommandSpec spec() {
    return spec;
  }

  /** What the environment says; the flags of the command are in its options. */
  protected Settings settings() {
    return RootCommand.of(spec).settings();
  }

  /** Where files are read and written. */
  protected Storage storage() {
    return settings().storage();
  }

  /** Where lineage events go. */
  protected EventSettings events() {
    try {
      return settings().events();
    } catch (IllegalArgumentException e) {
      throw badUsage(String.valueOf(e.getMessage()));
    }
  }

  protected boolean json() {
    return json;
  }

  protected PrintWriter out() {
    return spec.commandLine().getOut();
  }

  protected PrintWriter err() {
    return spec.commandLine().getErr();
  }

  protected void print(JsonNode document) {
    out().println(Json.text(document));
  }

  protected ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Finds out before any work is done that its result could not be written. */
  protected void requireWritable(String option, String folder) throws IOException {
    if (!StoragePath.isSupported(folder)) {
      throw badUsage(option + " " + folder + ": " + StoragePath.cannotOpen(folder));
    }
    if (!storage().isWritable(folder)) {
      throw badUsage(
          option + " " + folder + ": nothing can be written there; choose another folder");
    }
  }
}
