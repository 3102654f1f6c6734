package dev.mixdown.cli.settings;

import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.pipelines.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the settings. */
@Command(
    name = "settings",
    description = {
      "Show every setting, and where its value comes from: a flag, the environment, or a default.",
      "",
      "Takes the flags of other commands, and shows what they would use. A secret is shown as set."
    },
    sortOptions = false)
public final class SettingsCommand extends JsonCommand {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where prepare writes manifests (default: $MIXDOWN_OUTPUT).")
  private @Nullable String output;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Override
  public Integer call() throws Exception {
    Settings settings =
        workspace.in(registry.in(repository.in(settings()))).with(Settings.OUTPUT, output);
    if (json()) {
      print(settings.json());
      return 0;
    }
    Table table = new Table("setting", "value", "from");
    settings.list().forEach(s -> table.row(s.name(), s.value().orElse("-"), s.source().orElse("")));
    table.print(out());
    return 0;
  }
}
