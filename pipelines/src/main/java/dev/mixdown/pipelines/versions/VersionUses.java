package dev.mixdown.pipelines.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.registry.lineage.NodeFinder;
import dev.mixdown.registry.versions.VersionCatalog;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a version went into, directly or by way of others.
 *
 * @param version its hash, in full
 * @param manifests their ids
 * @param trainings by time
 * @param checkpoints their paths
 */
public record VersionUses(
    String version,
    List<String> manifests,
    List<TrainingEntry> trainings,
    List<String> checkpoints) {
  /**
   * Looks it up.
   *
   * @param hash the version's, or its beginning
   */
  public static VersionUses of(Registry registry, Workspace workspace, String hash)
      throws IOException {
    RegistryIndex index = RegistryIndex.of(registry, workspace.folder());
    String version =
        new VersionCatalog(index.versions(), registry.folder()).find(hash).get(0).version();
    LineageGraph graph = GraphBuilder.graph(index, registry.storage());
    Collection<Node> reached =
        graph
            .around(
                new NodeFinder(graph).find(version),
                LineageGraph.Direction.DOWNSTREAM,
                Integer.MAX_VALUE)
            .nodes();
    Set<String> trainings = Set.copyOf(ids(reached, Node.Kind.TRAINING));
    return new VersionUses(
        version,
        ids(reached, Node.Kind.MANIFEST),
        index.trainings().stream().filter(t -> trainings.contains(t.training())).toList(),
        ids(reached, Node.Kind.CHECKPOINT));
  }

  private static List<String> ids(Collection<Node> nodes, Node.Kind kind) {
    return nodes.stream().filter(node -> node.kind() == kind).map(Node::id).toList();
  }

  /** What a training is called where it came from: the job's id, or its own. */
  public static String uuid(TrainingEntry training) {
    return training.job() == null ? training.training() : training.job();
  }

  /** Its name, or its model's; empty where neither is known. */
  public static String name(TrainingEntry training) {
    String name = training.name() == null ? training.modelName() : training.name();
    return name == null ? "" : name;
  }

  /** When it began; else when it was recorded. */
  public static String created(TrainingEntry training) {
    return training.startTime() == null ? training.recordedAt() : training.startTime();
  }

  /** The document that {@code versions lineage --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("version", version);
    document.set("manifests", Json.tree(manifests));
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
    document.set("checkpoints", Json.tree(checkpoints));
    return document;
  }
}
