package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.LedgerCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.stages.StageReport;
import dev.mixdown.storage.StoragePath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the report. */
@Command(
    name = "report",
    description = "Report on all stages, their mixes and their history, in Markdown.",
    sortOptions = false)
final class ReportCommand extends LedgerCommand {
  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where it goes. Without it, it is printed.")
  private @Nullable String output;

  @Override
  public Integer call() throws Exception {
    String report = new StageReport(repository(), clock(), workspace()).markdown();
    if (output != null) {
      if (!storage().isWritable(StoragePath.folder(output))) {
        throw badUsage(
            "--output " + output + ": nothing can be written there; choose another file");
      }
      storage().write(output, report.getBytes(StandardCharsets.UTF_8));
    }
    if (json()) {
      print(Json.object().put("output", output).put("markdown", report));
    } else if (output != null) {
      out().println("Wrote " + output);
    } else {
      out().print(report);
    }
    return 0;
  }
}
