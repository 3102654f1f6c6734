package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.WorkersOption;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.transforms.shards.InspectedShard;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in files. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Show the fingerprint, format, records and bytes of files, globs and folders.",
    sortOptions = false)
public final class InspectCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, globs or folders.")
  private List<String> paths = new ArrayList<>();

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Option(
      names = "--check",
      paramLabel = "HOW",
      defaultValue = "full",
      description = "full or quick (default: ${DEFAULT-VALUE}).")
  private MixCommand.Check check = MixCommand.Check.FULL;

  @Mixin private WorkersOption workers = new WorkersOption();

  @Option(names = "--json", description = "Print one JSON document, for programs.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    FileInspection.Inspected found =
        new FileInspection(workspace.folder(), workers.settings(), MixCommand.progress())
            .inspect(paths, data.format(), data.csv(), check == MixCommand.Check.FULL);
    List<InspectedShard> shards = found.shards();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ArrayNode files = Json.array();
      for (InspectedShard shard : shards) {
        files
            .addObject()
            .put("path", shard.file().path())
            .put("sha256", shard.inspection().sha256())
            .put("format", shard.spec().format().toString())
            .put("records", shard.inspection().records())
            .put("bytes", shard.inspection().bytes());
      }
      ObjectNode document = Json.object();
      document.set("files", files);
      document.set("notes", Json.tree(found.notes()));
      out.println(Json.text(document));
      return 0;
    }
    Table table = new Table("sha256", "format", ">records", ">bytes", "path");
    for (InspectedShard shard : shards) {
      table.row(
          shard.inspection().sha256(),
          shard.spec().format().toString(),
          Counts.number(shard.inspection().records()),
          Counts.number(shard.inspection().bytes()),
          shard.file().path());
    }
    table.print(out);
    found.notes().forEach(note -> out.println("Note: " + note));
    return 0;
  }
}
