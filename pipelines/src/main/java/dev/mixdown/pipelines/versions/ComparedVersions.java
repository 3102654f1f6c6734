package dev.mixdown.pipelines.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.versions.VersionComparison;
import dev.mixdown.registry.versions.VersionComparison.Change;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.List;

/**
 * Two versions side by side.
 *
 * @param comparison shards that came, went and changed
 * @param shared the records that both have
 */
public record ComparedVersions(VersionComparison comparison, SharedRecords.Result shared) {
  /**
   * Compares versions.
   *
   * @param first a version's hash, or its beginning
   * @param second another's
   * @param csv how the CSV of a dataset is written
   */
  public static ComparedVersions of(
      Registry registry,
      Workspace workspace,
      String first,
      String second,
      CsvOfDataset csv,
      Progress progress)
      throws IOException {
    DatasetVersion a = last(WholeVersions.find(registry, workspace.folder(), first));
    DatasetVersion b = last(WholeVersions.find(registry, workspace.folder(), second));
    return new ComparedVersions(
        VersionComparison.of(a, b),
        new SharedRecords(workspace, csv.of(a.dataset()), progress).count(a, b));
  }

  /** Says how the CSV of a dataset is written. */
  @FunctionalInterface
  public interface CsvOfDataset {
    /** The way the CSV of the dataset of this name is written. */
    CsvOptions of(String dataset) throws IOException;
  }

  private static DatasetVersion last(List<DatasetVersion> sameContent) {
    return sameContent.get(sameContent.size() - 1);
  }

  /** The document that {@code versions compare --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    document.set("a", VersionJson.of(comparison.a()));
    document.set("b", VersionJson.of(comparison.b()));
    document.put("same_content", comparison.sameContent());
    boolean counted = comparison.a().counted().isPresent() && comparison.b().counted().isPresent();
    document.put(
        "records_change", counted ? comparison.b().records() - comparison.a().records() : null);
    document.put("bytes_change", comparison.b().bytes() - comparison.a().bytes());
    ArrayNode shards = document.putArray("shards");
    for (Change change : comparison.shards()) {
      shards
          .addObject()
          .put("change", change.kind())
          .put("from", change.from())
          .put("to", change.to())
          .put("records_change", change.records());
    }
    if (shared.known()) {
      document.put("shared_records", shared.shared());
    } else {
      document.putNull("shared_records").put("shared_records_unknown_because", shared.why());
    }
    return document;
  }
}
