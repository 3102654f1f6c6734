package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.prepare.ExplainedRules;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells which config applies, and where each value comes from. */
@Command(
    name = "explain",
    description = {
      "Tell which config applies, and where each value comes from.",
      "",
      "Shows which stage, variant and config apply and which rule decided, and the file and line of"
          + " every value that counts; of the rules for samples, the manifests that names are, and how"
          + " many records each takes. Reads no shard that was not inspected."
    },
    sortOptions = false)
public final class ExplainCommand extends RepositoryCommand {
  private static final int MOST_SHOWN = 80;

  @Parameters(arity = "0..1", paramLabel = "STAGE", description = "The stage, as for prepare.")
  private @Nullable String stage;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where manifests lie (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String output;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Override
  public Integer call() throws Exception {
    Resolution resolution = repository().resolve(config.choice(stage));
    ExplainedRules explained = rules(resolution);
    if (json()) {
      ObjectNode document = Explanation.json(resolution);
      document.set("samples", explained.json());
      print(document);
      return 0;
    }
    List<Explanation.Setting> settings = Explanation.of(resolution);
    Table rules = new Table("", "", "");
    rules.row("stage", resolution.stage(), resolution.stageRule());
    resolution.variant().ifPresent(v -> rules.row("variant", v, resolution.variantRule()));
    rules.row("config", resolution.config().file(), resolution.configRule());
    rules.print(out());
    out().println();
    Table table = new Table("setting", "value", "from");
    settings.forEach(s -> table.row(s.name(), brief(s.value()), s.from()));
    table.print(out());
    print(explained);
    resolution.notes().forEach(note -> out().println("Note: " + note));
    resolution.config().notes().forEach(note -> out().println("Note: " + note));
    return 0;
  }

  private ExplainedRules rules(Resolution resolution) throws IOException {
    if (!ExplainedRules.has(resolution)) {
      return ExplainedRules.NONE;
    }
    Settings settings = registry.in(workspace.in(settings())).with(Settings.OUTPUT, output);
    return ExplainedRules.of(
        new PrepareRequest(
            repository(),
            config.choice(stage),
            settings.workspace(),
            0,
            ManifestFormat.PARQUET,
            true,
            true,
            MaxRejected.DEFAULT,
            RunnerSettings.DIRECT,
            Optional.empty(),
            RuleSources.of(settings),
            Optional.empty()));
  }

  private void print(ExplainedRules explained) {
    if (explained.rules().isEmpty()) {
      return;
    }
    out().println();
    Table table = new Table("rule for samples", "of", "manifest", ">samples", ">records");
    for (ExplainedRules.Rule rule : explained.rules()) {
      String records = rule.records().map(Counts::number).orElse("?");
      List<ExplainedRules.Source> sources =
          rule.sources().isEmpty()
              ? List.of(new ExplainedRules.Source("", Optional.empty(), Optional.empty()))
              : rule.sources();
      for (int i = 0; i < sources.size(); i++) {
        ExplainedRules.Source source = sources.get(i);
        boolean first = i == 0;
        table.row(
            first ? rule.key() : "",
            source.name(),
            source.manifestId().orElse(""),
            source.samples().map(Counts::number).orElse(""),
            first ? records : "");
      }
    }
    table.print(out());
    if (!explained.unknown().isEmpty()) {
      out().println("Note: records are not counted: " + explained.unknown());
    }
  }

  /** A value that fits into a line; {@code --json} has it whole. */
  private static String brief(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN - 3) + "...";
  }
}
