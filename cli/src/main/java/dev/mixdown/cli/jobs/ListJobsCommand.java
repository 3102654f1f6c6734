package dev.mixdown.cli.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.catalog.StaleOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.CatalogJobs.Filter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists jobs. */
@Command(name = "list", description = "List jobs, the newest first.", sortOptions = false)
final class ListJobsCommand extends CatalogQuestion {
  @Option(
      names = "--status",
      paramLabel = "S",
      description =
          "Only these: pending, queued, running, paused, completed, failed, cancelled, or stale.")
  private @Nullable String status;

  @Option(names = "--algorithm", paramLabel = "A", description = "Only of this algorithm.")
  private @Nullable String algorithm;

  @Option(names = "--recipe", paramLabel = "ID", description = "Only by this recipe.")
  private @Nullable String recipe;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leave out the first (default: ${DEFAULT-VALUE}).")
  private int offset;

  @Mixin private StaleOption stale = new StaleOption();

  @Override
  public Integer call() throws Exception {
    if (limit < 1 || offset < 0) {
      throw badUsage("--limit has to be at least 1, and --offset at least 0");
    }
    Filter filter =
        new Filter(
            known("--status", status, Filter.statuses()),
            known("--algorithm", algorithm, Algorithm.words()),
            recipe,
            stale.since(),
            offset,
            limit);
    try (Catalog catalog = catalog()) {
      CatalogJobs jobs = new CatalogJobs(catalog);
      List<CatalogJob> found = jobs.list(filter);
      long total = jobs.count(filter);
      if (json()) {
        ObjectNode document = Json.object();
        document.set(
            "jobs", Json.tree(found.stream().map(job -> job.json(filter.since())).toList()));
        print(document.put("total", total));
      } else {
        print(found, total, filter.since());
      }
    }
    return 0;
  }

  private void print(List<CatalogJob> jobs, long total, String since) {
    if (jobs.isEmpty()) {
      out().println("No jobs");
      return;
    }
    Table table = new Table("uuid", "name", "status", "algorithm", "recipe", "created");
    for (CatalogJob job : jobs) {
      table.row(
          job.uuid(),
          job.name(),
          JobText.status(job, since),
          Objects.requireNonNullElse(job.algorithm(), "?"),
          Objects.requireNonNullElse(job.recipe(), ""),
          JobText.time(job.createdAt()));
    }
    table.print(out());
    if (total > jobs.size()) {
      out().printf("%,d of %,d jobs; --limit and --offset show others%n", jobs.size(), total);
    }
  }
}
