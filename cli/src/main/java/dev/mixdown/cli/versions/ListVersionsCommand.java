package dev.mixdown.cli.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.versions.VersionJson;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.versions.VersionCatalog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists versions. */
@Command(
    name = "list",
    description = "List all datasets' versions, oldest first.",
    sortOptions = false)
final class ListVersionsCommand extends JsonCommand {
  @Option(names = "--name", paramLabel = "N", description = "Only of this dataset.")
  private @Nullable String name;

  @Option(names = "--tag", paramLabel = "T", description = "Only those with this tag.")
  private @Nullable String tag;

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Registry registry = registryOption.existing();
    List<DatasetVersion> versions =
        new VersionCatalog(
                RegistryIndex.versions(registry, registryOption.workspace().folder()),
                registry.folder())
            .list().stream()
                .filter(version -> name == null || version.dataset().equals(name))
                .filter(version -> tag == null || version.tags().contains(tag))
                .toList();
    if (json()) {
      ArrayNode list = Json.array();
      versions.forEach(version -> list.add(VersionJson.of(version)));
      ObjectNode document = Json.object();
      document.set("versions", list);
      print(document);
      return 0;
    }
    if (versions.isEmpty()) {
      out()
          .println(
              "No versions"
                  + (name == null ? "" : " of " + name)
                  + (tag == null ? "" : " tagged " + tag)
                  + " in "
                  + registry.folder());
      return 0;
    }
    Table table =
        new Table("dataset", "version", ">records", ">bytes", "format", "created", "tags");
    for (DatasetVersion version : versions) {
      table.row(
          version.dataset(),
          version.version().substring(0, 12),
          version.counted().isPresent() ? Counts.number(version.records()) : "?",
          Counts.number(version.bytes()),
          version.format(),
          VersionJson.seconds(version.createdAt()),
          String.join(", ", version.tags()));
    }
    table.print(out());
    return 0;
  }
}
