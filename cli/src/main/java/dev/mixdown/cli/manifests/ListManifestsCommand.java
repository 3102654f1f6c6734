package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.OutputArgument;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists manifests. */
@Command(
    name = "list",
    description = "List the manifests in an output folder: stage, id, when, samples, size.",
    sortOptions = false)
final class ListManifestsCommand extends JsonCommand {
  @Mixin private OutputArgument output = new OutputArgument();

  @Override
  public Integer call() throws Exception {
    String folder = output.folder(settings());
    List<PreparedManifest> manifests = PreparedManifest.below(storage(), folder);
    if (json()) {
      print(PreparedManifest.json(manifests));
      return 0;
    }
    if (manifests.isEmpty()) {
      out().println("No manifests in " + folder);
      return 0;
    }
    table(manifests).print(out());
    return 0;
  }

  static Table table(List<PreparedManifest> manifests) {
    Table table = new Table("", "stage", "variant", "manifest", "made", ">samples", ">bytes");
    for (PreparedManifest manifest : manifests) {
      table.row(
          manifest.current() ? "current" : "",
          manifest.manifest().stage(),
          Objects.requireNonNullElse(manifest.manifest().variant(), ""),
          manifest.manifest().id(),
          manifest.made().truncatedTo(ChronoUnit.SECONDS).toString(),
          Counts.number(manifest.manifest().samples()),
          Counts.number(manifest.bytes()));
    }
    return table;
  }
}
