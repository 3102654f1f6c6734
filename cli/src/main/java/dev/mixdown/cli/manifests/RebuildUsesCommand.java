package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.OutputArgument;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.uses.UsesRebuild;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes again what manifests use. */
@Command(
    name = "rebuild-uses",
    description = {
      "Make again what lies beside the parts of manifests: uses.json, and the sorted identities.",
      "",
      "Questions about several manifests need them: leaks, remix, diff, and the rules of \"samples\"."
          + " prepare writes them; manifests of earlier versions have none."
    },
    sortOptions = false)
final class RebuildUsesCommand extends JsonCommand {
  @Mixin private OutputArgument output = new OutputArgument();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Override
  public Integer call() throws Exception {
    String folder = output.folder(settings());
    List<PreparedManifest> manifests = PreparedManifest.below(storage(), folder);
    UsesRebuild rebuild = new UsesRebuild(workspace.workspace(), runner.settings());
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("manifests");
    for (PreparedManifest prepared : manifests) {
      UsesRebuild.Outcome outcome =
          rebuild.rebuild(new ManifestFolder(prepared.folder(), prepared.manifest()));
      String word = outcome.name().toLowerCase(Locale.ROOT);
      list.addObject()
          .put("manifest_id", prepared.manifest().id())
          .put("path", prepared.folder())
          .put("outcome", word);
      if (!json()) {
        out().printf("%s  %s: %s%n", prepared.manifest().id(), prepared.manifest().stage(), word);
      }
    }
    if (json()) {
      print(document);
    } else {
      out().printf("Looked at %s in %s%n", Counts.of(manifests.size(), "manifest"), folder);
    }
    return 0;
  }
}
