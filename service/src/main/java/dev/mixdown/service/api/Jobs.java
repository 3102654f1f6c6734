package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.CatalogJobs.Filter;
import dev.mixdown.registry.catalog.JobDocument;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.JobConfig;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Jobs: listed, looked into, and their metrics as curves. */
public final class Jobs {
  /** What a row of metrics says beside its values. */
  private static final Set<String> NO_METRICS =
      Set.of(
          "step",
          "epoch",
          "timestamp",
          "created_at",
          "has_anomaly",
          "anomaly_type",
          "anomaly_message");

  private final Site site;
  private final JobCounts counts;

  public Jobs(Site site, JobCounts counts) {
    this.site = site;
    this.counts = counts;
  }

  /** {@code GET jobs}. */
  public Answer list(Request request) {
    Filter filter =
        new Filter(
            request.text("status").orElse(null),
            request.text("algorithm").orElse(null),
            request.text("recipe").orElse(null),
            site.staleSince(),
            (int) request.number("offset"),
            (int) request.number("limit"));
    CatalogJobs jobs = new CatalogJobs(site.catalog());
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("jobs");
    jobs.list(filter).forEach(job -> list.add(job.json(filter.since())));
    return Answer.of(document.put("total", counts.of(filter)));
  }

  /** {@code GET jobs/{uuid}}. */
  public Answer get(Request request) throws IOException {
    JobDocument document = JobDocument.of(site.catalog(), request.value("uuid"));
    ObjectNode json = document.json(site.staleSince());
    json.set(
        "config", JobConfig.of(new Job(document.job().uuid(), document.report().row())).config());
    return Answer.of(json);
  }

  /** {@code GET jobs/{uuid}/metrics}. */
  public Answer metrics(Request request) throws IOException {
    Catalog catalog = site.catalog();
    CatalogJob job = new CatalogJobs(catalog).find(request.value("uuid"));
    return Answer.of(curves(job, catalog.report(job.uuid()).orElseThrow()));
  }

  /** What a job measured, by step. */
  public static ObjectNode curves(CatalogJob job, JobReport report) {
    ObjectNode document = Json.object().put("uuid", job.uuid());
    ArrayNode steps = document.putArray("steps");
    ObjectNode metrics = document.putObject("metrics");
    JobReport.Metrics measured = report.metrics();
    if (measured == null) {
      return document;
    }
    int step = measured.columns().indexOf("step");
    List<List<JsonNode>> rows = new ArrayList<>();
    for (List<JsonNode> row : measured.rows()) {
      if (step >= 0 && row.get(step) != null && row.get(step).isIntegralNumber()) {
        rows.add(row);
        steps.add(row.get(step));
      }
    }
    for (int column = 0; column < measured.columns().size(); column++) {
      String name = measured.columns().get(column);
      if (!NO_METRICS.contains(name)) {
        add(metrics, name, column, rows);
      }
    }
    return document;
  }

  private static void add(ObjectNode metrics, String name, int column, List<List<JsonNode>> rows) {
    ArrayNode values = Json.array();
    boolean any = false;
    for (List<JsonNode> row : rows) {
      JsonNode value = row.get(column);
      boolean finite = value != null && value.isNumber() && Double.isFinite(value.doubleValue());
      values.add(finite ? value : Json.tree(null));
      any |= finite;
    }
    if (any) {
      metrics.set(name, values);
    }
  }
}
