package dev.mixdown.pipelines.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.tree.Json;
import dev.mixdown.configs.tree.Problem;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that is about a release repository and no data. */
abstract class RepositoryCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The release repository (default: ${DEFAULT-VALUE}).")
  private String repo = ".";

  @Option(names = "--json", description = "Print one JSON document, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  ReleaseRepository repository() {
    return new ReleaseRepository(repo, System.getenv());
  }

  /** The machine's time, in its time zone: what people write into these files by hand too. */
  Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  boolean json() {
    return json;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  void print(JsonNode document) {
    out().println(Json.text(document));
  }

  /** Tells a person what is probably not meant. */
  void warn(List<Problem> warnings) {
    warnings.forEach(warning -> err().println("Note: " + warning));
  }

  /** Tells a person that here, the environment decides and not the active stage. */
  void noteOfPin(String pinned) {
    out().println("Note: here, " + pinned + " decides whatever stage is active");
  }

  ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
