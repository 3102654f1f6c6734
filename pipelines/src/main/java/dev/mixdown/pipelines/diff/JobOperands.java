package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.JobConfig;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Jobs to compare: what each was trained with, its columns and its config, and what the manifest
 * that it followed was made of.
 */
public final class JobOperands {
  private final Source source;
  private final ManifestFinder manifests;
  private final Consumer<String> notices;

  /** Opens the catalog that knows the jobs. */
  public interface Source {
    Catalog open() throws IOException;
  }

  /**
   * @param source opened only where a job is named
   * @param notices takes what a user should know
   */
  public JobOperands(Source source, ManifestFinder manifests, Consumer<String> notices) {
    this.source = source;
    this.manifests = manifests;
    this.notices = notices;
  }

  /** A job as a document. */
  ObjectNode find(String uuid) throws IOException {
    try (Catalog catalog = source.open()) {
      CatalogJob job = new CatalogJobs(catalog).find(uuid);
      JobReport report = catalog.report(job.uuid()).orElseThrow();
      JobConfig config = JobConfig.of(new Job(job.uuid(), report.row()));
      config.conflicts().forEach(conflict -> notices.accept("job " + job.uuid() + ": " + conflict));
      ObjectNode document = config.config().deepCopy();
      if (job.manifest() != null) {
        document.set("manifest", manifest(job.manifest()));
      } else if (!report.versions().isEmpty()) {
        ObjectNode data = document.putObject("dataset_versions");
        report.versions().forEach(used -> data.put(used.name(), used.version()));
      }
      return document;
    }
  }

  /** What a manifest was made of; its id alone where it cannot be found any more. */
  private ObjectNode manifest(String id) throws IOException {
    try {
      return ManifestConfig.of(manifests.find(id).manifest());
    } catch (ConfigException | DataException e) {
      notices.accept("the manifest " + id + " is not there any more; only its id is compared");
      return Json.object().put("id", id);
    }
  }
}
