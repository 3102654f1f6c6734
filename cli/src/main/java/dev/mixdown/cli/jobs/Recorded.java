package dev.mixdown.cli.jobs;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import java.io.PrintWriter;

/** What is said of a job that was recorded. */
final class Recorded {
  private Recorded() {}

  static void tell(boolean json, PrintWriter out, Catalog catalog, String uuid) {
    CatalogJob job = new CatalogJobs(catalog).exactly(uuid).orElseThrow();
    if (json) {
      out.println(Json.text(Json.object().put("uuid", uuid).put("status", job.status())));
    } else {
      out.printf("Recorded job %s, %s: %s%n", uuid, job.name(), job.status());
    }
  }
}
