package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.CatalogJobs.Metric;
import java.io.IOException;
import java.util.List;

/** All that is known of a job. */
public record JobDocument(CatalogJob job, JobReport report, List<Metric> metrics) {
  /** Looks a job up, by its uuid or the beginning of it. */
  public static JobDocument of(Catalog catalog, String uuid) throws IOException {
    CatalogJobs jobs = new CatalogJobs(catalog);
    CatalogJob job = jobs.find(uuid);
    return new JobDocument(job, catalog.report(job.uuid()).orElseThrow(), jobs.metrics(job.uuid()));
  }

  /**
   * The document that {@code jobs show --json} prints.
   *
   * @param since before when a running job that was not heard of is stale
   */
  public ObjectNode json(String since) {
    ObjectNode document = job.json(since);
    document.set("row", report.row());
    ArrayNode versions = document.putArray("versions");
    report.versions().forEach(used -> versions.add(version(used)));
    ArrayNode measured = document.putArray("metrics");
    for (Metric metric : metrics) {
      ObjectNode one = measured.addObject().put("metric", metric.name());
      one.put("values", metric.values()).put("not_finite", metric.notFinite());
      one.set("lowest", value(metric, metric.lowest()));
      one.set("highest", value(metric, metric.highest()));
      one.set("last", value(metric, metric.last()));
      one.put("last_step", metric.lastStep());
    }
    return document;
  }

  private static ObjectNode version(Used used) {
    ObjectNode json = Json.object().put("dataset", used.name()).put("version", used.version());
    json.put("reason", used.match() == null ? null : used.match().why());
    return json;
  }

  private static JsonNode value(Metric metric, double value) {
    return metric.values() == 0 ? Json.tree(null) : Numbers.json(value);
  }
}
