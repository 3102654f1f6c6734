package dev.mixdown.cli.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.VersionCatalog;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.registry.lineage.NodeFinder;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows who used a version. */
@Command(
    name = "lineage",
    description = {
      "Show what a version went into: manifests, trainings, checkpoints, and how many of each.",
      "",
      "\"mixdown lineage HASH\" shows the way from one to the other."
    },
    sortOptions = false)
final class VersionLineageCommand extends JsonCommand {
  @Parameters(paramLabel = "HASH", description = "A version's hash, or its beginning.")
  private String hash = "";

  @Mixin private RegistryOption records = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Registry store = records.store();
    RegistryIndex index = records.index();
    String full = new VersionCatalog(index.versions(), store.folder()).find(hash).get(0).version();
    LineageGraph graph = GraphBuilder.graph(index);
    Collection<Node> reached =
        graph
            .around(
                new NodeFinder(graph).find(full),
                LineageGraph.Direction.DOWNSTREAM,
                Integer.MAX_VALUE)
            .nodes();
    List<Node> manifests = of(reached, Node.Kind.MANIFEST);
    List<Node> checkpoints = of(reached, Node.Kind.CHECKPOINT);
    Set<String> ids =
        of(reached, Node.Kind.TRAINING).stream().map(Node::id).collect(Collectors.toSet());
    List<TrainingEntry> trainings =
        index.trainings().stream().filter(training -> ids.contains(training.training())).toList();
    if (json()) {
      print(json(full, manifests, trainings, checkpoints));
      return 0;
    }
    out()
        .printf(
            "Version %s went into %s, %s and %s%n",
            full.substring(0, 12),
            count(manifests.size(), "manifest"),
            count(trainings.size(), "training"),
            count(checkpoints.size(), "checkpoint"));
    Table table = new Table("training", "name", "status", "created", "checkpoint");
    for (TrainingEntry training : trainings) {
      table.row(
          uuid(training),
          name(training),
          training.status() == null ? "" : training.status(),
          created(training),
          training.checkpoint() == null ? "" : training.checkpoint());
    }
    if (!trainings.isEmpty()) {
      table.print(out());
    }
    return 0;
  }

  private static List<Node> of(Collection<Node> nodes, Node.Kind kind) {
    return nodes.stream().filter(node -> node.kind() == kind).toList();
  }

  private static String count(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String uuid(TrainingEntry training) {
    return training.job() == null ? training.training() : training.job();
  }

  private static String name(TrainingEntry training) {
    String name = training.name() == null ? training.modelName() : training.name();
    return name == null ? "" : name;
  }

  private static String created(TrainingEntry training) {
    return training.startTime() == null ? training.recordedAt() : training.startTime();
  }

  private static ObjectNode json(
      String hash, List<Node> manifests, List<TrainingEntry> trainings, List<Node> checkpoints) {
    ObjectNode document = Json.object();
    document.put("version", hash);
    ArrayNode made = document.putArray("manifests");
    manifests.forEach(node -> made.add(node.id()));
    ArrayNode jobs = document.putArray("jobs");
    for (TrainingEntry training : trainings) {
      jobs.addObject()
          .put("uuid", uuid(training))
          .put("name", name(training))
          .put("status", training.status())
          .put("created_at", created(training))
          .put("checkpoint", training.checkpoint())
          .put("backfilled", training.backfilled());
    }
    document.put("jobs_count", trainings.size());
    ArrayNode reached = document.putArray("checkpoints");
    checkpoints.forEach(node -> reached.add(node.id()));
    return document;
  }
}
