package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.JobConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Jobs to compare: what each was trained with, its columns and its config, and what the manifest
 * that it followed was made of.
 */
public final class JobOperands {
  /** Numbers of more digits are shown as they are. */
  private static final int SHOWN = 6;

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

  /** A job as a config. */
  Config find(String name, String uuid) throws IOException {
    try (Catalog catalog = source.open()) {
      return find(catalog, name, uuid);
    }
  }

  /** The manifest that a job followed; empty without one, and where it is not there any more. */
  Optional<ManifestFolder> manifestOf(String uuid) throws IOException {
    try (Catalog catalog = source.open()) {
      String id = new CatalogJobs(catalog).find(uuid).manifest();
      return id == null ? Optional.empty() : Optional.of(manifests.find(id));
    } catch (ConfigException | DataException e) {
      return Optional.empty();
    }
  }

  /** A job of an open catalog as a config. */
  public Config find(Catalog catalog, String name, String uuid) throws IOException {
    String text = text(document(catalog, uuid));
    return new Config(name, JsonTree.values(text, name, new Problems()).orElseThrow());
  }

  /** A document as JSON, with numbers as people write them: reports show what is written. */
  private static String text(JsonNode node) {
    if (node.isObject()) {
      return node.properties().stream()
          .map(field -> Json.tree(field.getKey()) + ":" + text(field.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false)
          .map(JobOperands::text)
          .collect(Collectors.joining(",", "[", "]"));
    }
    boolean isFraction = node.isNumber() && !node.isIntegralNumber();
    return isFraction && node.decimalValue().precision() <= SHOWN
        ? Numbers.text(node.doubleValue())
        : Json.line(node);
  }

  private ObjectNode document(Catalog catalog, String uuid) throws IOException {
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
