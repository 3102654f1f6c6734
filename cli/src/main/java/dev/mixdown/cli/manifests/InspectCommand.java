package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.CheckOption;
import dev.mixdown.cli.options.DataOptions;
import dev.mixdown.cli.options.WorkersOption;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what is in files. */
@Command(
    name = "inspect",
    description = "Show the fingerprint, format, records and bytes of files, globs and folders.",
    sortOptions = false)
public final class InspectCommand extends JsonCommand {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, globs or folders.")
  private List<String> paths = new ArrayList<>();

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Mixin private CheckOption check = new CheckOption();

  @Mixin private WorkersOption workers = new WorkersOption();

  @Override
  public Integer call() throws Exception {
    FileInspection.Inspected found =
        new FileInspection(
                workspace.workspace(), workers.settings(), TerminalProgress.orNone(storage()))
            .inspect(paths, data.format(), data.csv(), check.full());
    if (json()) {
      print(found.json());
      return 0;
    }
    Table table = new Table("sha256", "format", ">records", ">bytes", "path");
    for (InspectedShard shard : found.shards()) {
      table.row(
          shard.inspection().sha256(),
          shard.spec().format().toString(),
          Counts.number(shard.inspection().records()),
          Counts.number(shard.inspection().bytes()),
          shard.file().path());
    }
    table.print(out());
    found.notes().forEach(note -> out().println("Note: " + note));
    return 0;
  }
}
