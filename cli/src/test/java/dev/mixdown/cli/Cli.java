package dev.mixdown.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line as a test uses it: in this process, with a workspace of its own. */
public final class Cli {
  private final Path workspace;
  private final Map<String, String> variables;

  public Cli(Path workspace) {
    this(workspace, Map.of());
  }

  /**
   * @param variables of the environment, over those of this process
   */
  public Cli(Path workspace, Map<String, String> variables) {
    this.workspace = workspace;
    this.variables = variables;
  }

  /** How a command ended. */
  public record Result(int code, String out, String err) {
    public JsonNode json() {
      return Json.read(out.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /** Runs a command that takes a workspace. */
  public Result run(Object... args) {
    List<String> all = new ArrayList<>();
    for (Object arg : args) {
      all.add(arg.toString());
    }
    int beam = all.indexOf("--");
    all.addAll(beam < 0 ? all.size() : beam, List.of("--workspace", workspace.toString()));
    return plain(variables, all.toArray(String[]::new));
  }

  /** Runs a command as it is. */
  public static Result plain(String... args) {
    return plain(Map.of(), args);
  }

  /** Runs a command as it is, with variables over those of this process. */
  public static Result plain(Map<String, String> variables, String... args) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(variables);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Mixdown.execute(environment, new PrintWriter(out), new PrintWriter(err), args);
    JsonDocuments.check(args, out.toString());
    return new Result(code, out.toString(), err.toString());
  }
}
