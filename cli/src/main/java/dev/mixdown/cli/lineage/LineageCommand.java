package dev.mixdown.cli.lineage;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.LineageGraph.Direction;
import dev.mixdown.registry.lineage.LineageText;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.registry.lineage.NodeFinder;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what something was made of, and what was made of it. */
@Command(
    name = "lineage",
    description = {
      "Show what something was made of, and what was made of it.",
      "",
      "It shows what each run used, and not what is newest."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    footer = {
      "",
      "THING is a manifest (its id or folder), a dataset version's hash, a checkpoint (its path, or"
          + " the end of it), a run's or a training's id. Of ids the first eight digits are enough."
    },
    subcommands = FlushEventsCommand.class,
    sortOptions = false)
public final class LineageCommand extends JsonCommand {
  /** How the graph is written. */
  enum Format {
    TREE,
    DOT,
    MERMAID
  }

  /** One way only. */
  static final class Way {
    @Option(names = "--upstream", description = "Only what it was made of.")
    boolean upstream;

    @Option(names = "--downstream", description = "Only what was made of it.")
    boolean downstream;
  }

  @Parameters(arity = "0..1", paramLabel = "THING", description = "What to look at.")
  private @Nullable String thing;

  @ArgGroup(exclusive = true)
  private Way way = new Way();

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "How many steps away (default: all); \"(and more)\" shows where it goes on.")
  private int depth = Integer.MAX_VALUE;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "tree",
      description = "tree, dot or mermaid (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TREE;

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    if (thing == null) {
      throw badUsage("Say what to look at: a manifest, a version's hash, a checkpoint or a run");
    }
    if (depth < 1) {
      throw badUsage("--depth is " + depth + "; it may not be below 1");
    }
    LineageGraph all = GraphBuilder.graph(registryOption.index(), storage());
    List<Node> start = find(storage(), all, thing);
    if (start.isEmpty()) {
      throw IdException.unknown(
          thing,
          registryOption.registry().folder(),
          "set --registry; prepare writes to OUTPUT/registry unless --registry names another folder");
    }
    Direction direction =
        way.upstream ? Direction.UPSTREAM : way.downstream ? Direction.DOWNSTREAM : Direction.BOTH;
    LineageText drawing = new LineageText(all.around(start, direction, depth), start);
    if (json()) {
      print(drawing.json());
      return 0;
    }
    List<String> lines =
        switch (format) {
          case TREE -> drawing.tree(direction);
          case DOT -> drawing.dot();
          case MERMAID -> drawing.mermaid();
        };
    lines.forEach(out()::println);
    return 0;
  }

  private static List<Node> find(Storage storage, LineageGraph graph, String thing)
      throws IOException {
    Optional<ManifestFolder> manifest =
        StoragePath.isSupported(thing) ? ManifestFolder.at(storage, thing) : Optional.empty();
    return new NodeFinder(graph).find(manifest.map(folder -> folder.manifest().id()).orElse(thing));
  }
}
