package dev.mixdown.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.catalog.StaleOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.CatalogJobs.Metric;
import dev.mixdown.registry.catalog.Numbers;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a job. */
@Command(
    name = "show",
    description = "Show all that is known of a job: its row, its metrics, its data.",
    sortOptions = false)
final class ShowJobCommand extends CatalogQuestion {
  @Parameters(paramLabel = "UUID", description = "A job's uuid, or its beginning.")
  private String uuid = "";

  @Mixin private StaleOption stale = new StaleOption();

  @Override
  public Integer call() throws Exception {
    try (Catalog catalog = catalog()) {
      CatalogJobs jobs = new CatalogJobs(catalog);
      CatalogJob job = jobs.find(uuid);
      JobReport report = catalog.report(job.uuid()).orElseThrow();
      List<Metric> metrics = jobs.metrics(job.uuid());
      if (json()) {
        print(document(job, report, metrics));
      } else {
        print(job, report, metrics);
      }
    }
    return 0;
  }

  private ObjectNode document(CatalogJob job, JobReport report, List<Metric> metrics) {
    ObjectNode document = job.json(stale.since());
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

  private void print(CatalogJob job, JobReport report, List<Metric> metrics) {
    Table table = new Table("", "");
    table.row("uuid", job.uuid());
    table.row("status", JobText.status(job, stale.since()));
    for (Map.Entry<String, JsonNode> field : report.row().properties()) {
      if (!field.getKey().equals("uuid") && !field.getKey().equals("status")) {
        table.row(field.getKey(), text(field.getValue()));
      }
    }
    if (job.manifest() != null) {
      table.row("manifest", job.manifest());
    }
    for (Used used : report.versions()) {
      table.row(
          "data",
          used.name()
              + " "
              + used.version()
              + (used.match() == null ? "" : " (" + used.match().why() + ")"));
    }
    table.print(out());
    if (metrics.isEmpty()) {
      return;
    }
    Table measured = new Table("metric", ">values", ">lowest", ">highest", ">last");
    for (Metric metric : metrics) {
      measured.row(
          metric.name(),
          Counts.number(metric.values())
              + (metric.notFinite() > 0 ? " and " + metric.notFinite() + " not finite" : ""),
          shown(metric, metric.lowest()),
          shown(metric, metric.highest()),
          shown(metric, metric.last()));
    }
    measured.print(out());
  }

  private static String shown(Metric metric, double value) {
    return metric.values() == 0 ? "" : Numbers.text(value);
  }

  private static String text(JsonNode value) {
    if (value.isNumber()) {
      return value.isIntegralNumber() ? value.asText() : Numbers.text(value.doubleValue());
    }
    return value.isTextual() ? value.asText() : Json.spaced(value);
  }
}
