package dev.mixdown.cli.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.versions.VersionJson;
import dev.mixdown.pipelines.versions.WholeVersions;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows all that is recorded of one version. */
@Command(
    name = "show",
    description = "Show all that is recorded of a version.",
    sortOptions = false)
final class ShowVersionCommand extends JsonCommand {
  @Parameters(paramLabel = "HASH", description = "A version's hash, or its beginning.")
  private String hash = "";

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    List<DatasetVersion> tellings =
        WholeVersions.find(registryOption.registry(), registryOption.workspace().folder(), hash);
    if (json()) {
      ObjectNode document = Json.object();
      List<ObjectNode> all = new ArrayList<>();
      for (DatasetVersion version : tellings) {
        ObjectNode one = VersionJson.of(version);
        one.set("shards", Json.tree(version.shards()));
        all.add(one);
      }
      document.set("versions", Json.tree(all));
      print(document);
      return 0;
    }
    for (DatasetVersion version : tellings) {
      Table table = new Table("", "");
      table.row("dataset", version.dataset());
      table.row("version", version.version());
      table.row("id", version.id());
      table.row("uri", version.uri());
      table.row("bytes", Counts.number(version.bytes()));
      table.row("format", version.format());
      table.row(
          "records",
          version.counted().isPresent() ? Counts.number(version.records()) : "not counted");
      table.row("description", version.description() == null ? "" : version.description());
      table.row("tags", String.join(", ", version.tags()));
      table.row("created_at", version.createdAt() + (version.backfilled() ? " (backfilled)" : ""));
      table.row("modified_at", version.modifiedAt() == null ? "" : version.modifiedAt());
      table.print(out());
      Table shards = new Table("  shard", ">records", ">bytes", "uri");
      for (Shard shard : version.shards()) {
        shards.row(
            "  " + shard.sha256().substring(0, 12),
            shard.records() < 0 ? "?" : Counts.number(shard.records()),
            Counts.number(shard.bytes()),
            shard.uri());
      }
      shards.print(out());
    }
    return 0;
  }
}
