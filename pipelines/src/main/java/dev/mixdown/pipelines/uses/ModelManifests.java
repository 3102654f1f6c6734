package dev.mixdown.pipelines.uses;

import dev.mixdown.registry.IdException;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.lineage.Edge;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.lineage.LineageGraph;
import dev.mixdown.registry.lineage.LineageGraph.Direction;
import dev.mixdown.registry.lineage.Node;
import dev.mixdown.registry.lineage.NodeFinder;
import dev.mixdown.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that a model was trained on: those that any training followed on the way to its
 * checkpoint, as the lineage tells it.
 */
public final class ModelManifests {
  private ModelManifests() {}

  /**
   * A manifest that a training followed.
   *
   * @param consumed how many of its samples trainings took; empty where none has counted them, and
   *     all have to be reckoned with
   */
  public record Followed(String manifestId, Optional<Long> consumed) {}

  /**
   * The manifests of a checkpoint.
   *
   * @throws IdException when there is no such checkpoint, or no training of it followed a manifest
   */
  public static List<Followed> of(
      RegistryIndex index, Storage storage, String registry, String checkpoint) {
    LineageGraph all = GraphBuilder.graph(index, storage);
    List<Node> start = new NodeFinder(all).find(checkpoint);
    if (start.isEmpty()) {
      throw IdException.unknown(
          checkpoint,
          registry,
          "name a checkpoint as mixdown lineage shows it, and the registry with --registry");
    }
    LineageGraph ancestry = all.around(start, Direction.UPSTREAM, Integer.MAX_VALUE);
    Map<String, TrainingEntry> trainings = new LinkedHashMap<>();
    index.trainings().forEach(training -> trainings.put(training.training(), training));
    Map<String, List<Optional<Long>>> consumed = new LinkedHashMap<>();
    for (Edge edge : ancestry.edges()) {
      if (edge.from().kind() == Node.Kind.MANIFEST && edge.to().kind() == Node.Kind.TRAINING) {
        consumed
            .computeIfAbsent(edge.from().id(), m -> new ArrayList<>())
            .add(
                Optional.ofNullable(trainings.get(edge.to().id()))
                    .flatMap(t -> Optional.ofNullable(t.consumed()))
                    .filter(c -> !c.estimate())
                    .map(TrainingEntry.Consumed::samples));
      }
    }
    List<Followed> followed = new ArrayList<>();
    consumed.forEach(
        (manifest, samples) ->
            followed.add(
                new Followed(
                    manifest,
                    samples.stream().allMatch(Optional::isPresent)
                        ? samples.stream().flatMap(Optional::stream).max(Long::compare)
                        : Optional.empty())));
    if (followed.isEmpty()) {
      throw IdException.unknown(
          checkpoint,
          registry,
          "it is known, but no training of it followed a manifest; training append --manifest records that");
    }
    return followed;
  }
}
