package dev.mixdown.pipelines.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.inspect.VersionShards;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Records a dataset as it is now: its fingerprint, counts and shards. */
public final class Snapshot {
  private final Registry registry;
  private final FileInspection inspection;

  public Snapshot(
      Registry registry, Workspace workspace, RunnerSettings runner, Progress progress) {
    this.registry = registry;
    this.inspection = new FileInspection(workspace, runner, progress);
  }

  /**
   * What is asked for.
   *
   * @param paths files, globs and folders that are the dataset together
   * @param format of records, where names do not tell
   */
  public record Request(
      String name,
      List<String> paths,
      Optional<String> description,
      List<String> tags,
      Optional<String> format,
      CsvOptions csv) {}

  /**
   * What came of it.
   *
   * @param fresh whether it was recorded now; else it was known
   */
  public record Outcome(DatasetVersion version, boolean fresh, List<Note> notes) {
    /** The document that {@code versions snapshot --json} prints. */
    public ObjectNode json() {
      ObjectNode document = VersionJson.of(version).put("recorded", fresh);
      document.set("notes", Json.tree(notes));
      return document;
    }
  }

  /** Records it. */
  public Outcome take(Request request) throws IOException {
    FileInspection.Inspected inspected =
        inspection.inspect(request.paths(), request.format(), request.csv(), true);
    List<InspectedShard> shards =
        inspected.shards().stream()
            .sorted(Comparator.comparing(shard -> shard.file().path()))
            .toList();
    DatasetVersion version =
        DatasetVersion.of(
            new DatasetVersion.VersionDetails(
                request.name(),
                String.join(", ", request.paths().stream().map(StoragePath::absolute).toList()),
                request.description().orElse(null),
                request.tags(),
                // Two of one second have an order, too.
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                false),
            VersionShards.of(shards));
    return new Outcome(version, registry.add(version), inspected.notes());
  }
}
