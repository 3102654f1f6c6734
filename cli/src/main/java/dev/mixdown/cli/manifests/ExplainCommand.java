package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells which config applies, and where each value comes from. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tell which config applies, and where each value comes from.",
      "",
      "Shows which stage, variant and config apply and which rule decided, and the file and line of"
          + " every value that counts. Reads no data."
    },
    sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 80;

  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "STAGE", description = "The stage, as for prepare.")
  private @Nullable String stage;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(names = "--json", description = "Print one JSON document, for programs.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Resolution resolution = repository.repository().resolve(config.choice(stage));
    List<Explanation.Setting> settings = Explanation.of(resolution);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.text(json(resolution, settings)));
      return 0;
    }
    Table rules = new Table("", "", "");
    rules.row("stage", resolution.stage(), resolution.stageRule());
    resolution.variant().ifPresent(v -> rules.row("variant", v, resolution.variantRule()));
    rules.row("config", resolution.config().file(), resolution.configRule());
    rules.print(out);
    out.println();
    Table table = new Table("setting", "value", "from");
    settings.forEach(s -> table.row(s.name(), brief(s.value()), s.from()));
    table.print(out);
    resolution.notes().forEach(note -> out.println("Note: " + note));
    resolution.config().notes().forEach(note -> out.println("Note: " + note));
    return 0;
  }

  /** A value that fits into a line; {@code --json} has it whole. */
  private static String brief(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN - 3) + "...";
  }

  private static ObjectNode json(Resolution resolution, List<Explanation.Setting> settings) {
    ObjectNode document = Json.object();
    document.put("stage", resolution.stage());
    document.put("stage_rule", resolution.stageRule());
    document.put("variant", resolution.variant().orElse(null));
    document.put("variant_rule", resolution.variantRule());
    document.put("config", resolution.config().file());
    document.put("config_rule", resolution.configRule());
    ArrayNode list = document.putArray("settings");
    settings.forEach(
        s ->
            list.addObject()
                .put("name", s.name())
                .put("from", s.from())
                .set("value", value(s.value())));
    document.set("tasks", Json.tree(resolution.config().tasks()));
    document.set("carried", resolution.carried().document());
    return document;
  }

  /** Numbers are numbers, and objects are objects; everything else is told in words. */
  private static JsonNode value(String text) {
    try {
      return Json.value(text);
    } catch (IOException e) {
      return Json.tree(text);
    }
  }
}
