package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Resolution;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells which config applies, and where each value comes from. */
@Command(
    name = "explain",
    description = {
      "Tell which config applies, and where each value comes from.",
      "",
      "Shows which stage, variant and config apply and which rule decided, and the file and line of"
          + " every value that counts. Reads no data."
    },
    sortOptions = false)
public final class ExplainCommand extends RepositoryCommand {
  private static final int MOST_SHOWN = 80;

  @Parameters(arity = "0..1", paramLabel = "STAGE", description = "The stage, as for prepare.")
  private @Nullable String stage;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Override
  public Integer call() throws Exception {
    Resolution resolution = repository().resolve(config.choice(stage));
    List<Explanation.Setting> settings = Explanation.of(resolution);
    if (json()) {
      print(Explanation.json(resolution));
      return 0;
    }
    Table rules = new Table("", "", "");
    rules.row("stage", resolution.stage(), resolution.stageRule());
    resolution.variant().ifPresent(v -> rules.row("variant", v, resolution.variantRule()));
    rules.row("config", resolution.config().file(), resolution.configRule());
    rules.print(out());
    out().println();
    Table table = new Table("setting", "value", "from");
    settings.forEach(s -> table.row(s.name(), brief(s.value()), s.from()));
    table.print(out());
    resolution.notes().forEach(note -> out().println("Note: " + note));
    resolution.config().notes().forEach(note -> out().println("Note: " + note));
    return 0;
  }

  /** A value that fits into a line; {@code --json} has it whole. */
  private static String brief(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN - 3) + "...";
  }
}
