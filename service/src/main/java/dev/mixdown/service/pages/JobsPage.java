package dev.mixdown.service.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.CatalogJobs.Filter;
import dev.mixdown.registry.catalog.CatalogJobs.Metric;
import dev.mixdown.registry.catalog.JobDocument;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.Recommendations;
import dev.mixdown.registry.experience.Recommendations.Tally;
import dev.mixdown.service.api.JobCounts;
import dev.mixdown.service.contract.ConfigDiffs;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Jobs: listed, one with its curves, two side by side; and which recipes have worked. */
public final class JobsPage {
  /** What the list may be narrowed to. */
  public static final List<String> STATUSES = Filter.statuses();

  private static final int ROWS = 25;
  private static final int RECIPES = 8;

  private final Site site;
  private final JobCounts counts;
  private final Renderer renderer;

  /** The list; -1 where there is no page before, or after. */
  public record Listed(
      String status,
      String recipe,
      String count,
      List<CatalogJob> jobs,
      String since,
      long before,
      long after,
      List<Tally> tallies,
      String emptiness) {}

  /** One job. */
  public record Shown(CatalogJob job, String since, List<Cells> metrics, List<Cells> row) {}

  JobsPage(Site site, Renderer renderer) {
    this.site = site;
    this.counts = new JobCounts(site);
    this.renderer = renderer;
  }

  Answer list(Context context) {
    String status = Renderer.said(context, "status");
    String recipe = Renderer.said(context, "recipe");
    String offset = Renderer.said(context, "offset");
    int from = offset.matches("\\d{1,8}") ? Integer.parseInt(offset) : 0;
    Filter filter =
        new Filter(
            STATUSES.contains(status) ? status : null,
            null,
            recipe.isEmpty() ? null : recipe,
            site.staleSince(),
            from,
            ROWS);
    CatalogJobs jobs = new CatalogJobs(site.catalog());
    long total = counts.of(filter);
    Recommendations recommended = recommended(filter.since());
    Listed listed =
        new Listed(
            status,
            recipe,
            total == 0 ? "No jobs." : Counts.of(total, "job") + ", the newest first.",
            jobs.list(filter),
            filter.since(),
            from == 0 ? -1 : Math.max(0, from - ROWS),
            from + ROWS < total ? from + ROWS : -1,
            recommended.recipes(),
            recommended.emptiness().orElse(""));
    return renderer.render(
        "jobs", renderer.page(context, "Jobs", "Jobs"), Map.of("listed", listed));
  }

  private Recommendations recommended(String since) {
    Set<String> known = site.holdings().recipes().ids();
    Set<String> asked =
        site.holdings().recipes().newest(new Problems()).stream()
            .map(found -> found.recipe().id())
            .collect(Collectors.toSet());
    return Recommendations.of(
        site.catalog(), new Recommendations.Request(null, asked, known, 1, RECIPES, since));
  }

  Answer show(Context context) throws IOException {
    JobDocument document = JobDocument.of(site.catalog(), context.pathParam("uuid"));
    List<Cells> row = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : document.report().row().properties()) {
      if (!field.getValue().isNull()) {
        row.add(Cells.of(field.getKey(), text(field.getValue())));
      }
    }
    Shown shown =
        new Shown(
            document.job(),
            site.staleSince(),
            document.metrics().stream().map(JobsPage::cells).toList(),
            row);
    return renderer.render(
        "job",
        curves(renderer.page(context, "Job " + document.job().uuid(), "Jobs")),
        Map.of("shown", shown));
  }

  private static Page curves(Page page) {
    return page.style("uplot.css").script("uplot.js").module("curves.js");
  }

  private static Cells cells(Metric metric) {
    boolean any = metric.values() > 0;
    return Cells.of(
        metric.name(),
        Counts.number(metric.values()),
        Counts.number(metric.notFinite()),
        any ? Numbers.text(metric.lowest()) : "",
        any ? Numbers.text(metric.highest()) : "",
        any ? Numbers.text(metric.last()) : "");
  }

  private static String text(JsonNode value) {
    if (value.isNumber() && !value.isIntegralNumber()) {
      return Numbers.text(value.doubleValue());
    }
    return value.isValueNode() ? value.asText() : Json.text(value);
  }

  Answer compare(Context context) throws IOException {
    String a = Renderer.said(context, "a");
    String b = Renderer.said(context, "b");
    ConfigDiff diff =
        ConfigDiff.of(
            ConfigDiffs.job(site, "Job " + a, a),
            ConfigDiffs.job(site, "Job " + b, b),
            ImportanceTable.standard(),
            ConfigDiff.USUALLY_IGNORED);
    return renderer.render(
        "compare",
        curves(renderer.page(context, a + " beside " + b, "Jobs")),
        Map.of("a", a, "b", b, "diff", diff));
  }

  /** A job's status; one that was not heard of is stale. */
  public static String status(CatalogJob job, String since) {
    return job.isStale(since) ? Filter.STALE : text(job.status());
  }

  /** How a status looks. */
  public static String looks(CatalogJob job, String since) {
    return switch (status(job, since)) {
      case "completed" -> "good";
      case "failed" -> "bad";
      case Filter.STALE, "cancelled", "paused" -> "warn";
      default -> "";
    };
  }

  /** A text; what nobody knows is a question mark. */
  public static String text(@Nullable String text) {
    return text == null ? "?" : text;
  }

  /** A rate in percent. */
  public static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f%%", value);
  }
}
