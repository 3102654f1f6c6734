package dev.mixdown.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.catalog.StaleOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs.Metric;
import dev.mixdown.registry.catalog.JobDocument;
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
      JobDocument document = JobDocument.of(catalog, uuid);
      if (json()) {
        print(document.json(stale.since()));
      } else {
        print(document.job(), document.report(), document.metrics());
      }
    }
    return 0;
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
