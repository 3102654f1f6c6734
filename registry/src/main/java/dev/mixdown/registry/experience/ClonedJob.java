package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.JobConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config of a past job, for a new one.
 *
 * @param config with {@code cloned_from}, {@code cloned_at}, {@code overrides} and, where it is
 *     known, {@code manifest_id}
 * @param manifest the id of the manifest that the job followed; null where none is known
 * @param notes what a user should know
 */
public record ClonedJob(
    CatalogJob source, ObjectNode config, @Nullable String manifest, List<String> notes) {
  /** Clones a job. */
  public static ClonedJob of(CatalogJob job, Job row, Overrides overrides, Instant now) {
    JobConfig merged = JobConfig.of(row);
    List<String> notes = new ArrayList<>(merged.conflicts());
    if (!"completed".equals(job.status())) {
      notes.add("job %s did not complete: its status is %s".formatted(job.uuid(), job.status()));
    }
    ObjectNode config = merged.config().deepCopy();
    ObjectNode said = Json.object();
    for (Map.Entry<List<String>, Node> override : overrides.values().entrySet()) {
      JsonNode value = Json.tree(override.getValue().plain());
      set(config, override.getKey(), value);
      said.set(String.join(".", override.getKey()), value);
    }
    config.put("cloned_from", job.uuid());
    config.put("cloned_at", now.truncatedTo(ChronoUnit.SECONDS).toString());
    config.set("overrides", said);
    if (job.manifest() != null) {
      config.put("manifest_id", job.manifest());
    }
    return new ClonedJob(job, config, job.manifest(), notes);
  }

  /** Sets a value; objects on its way that are not there are made. */
  private static void set(ObjectNode config, List<String> path, JsonNode value) {
    ObjectNode at = config;
    for (String key : path.subList(0, path.size() - 1)) {
      at = at.get(key) instanceof ObjectNode inner ? inner : at.putObject(key);
    }
    at.set(path.get(path.size() - 1), value);
  }

  /** The document that {@code experience clone --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    document.set("config", config);
    document.put("source_job", source.uuid());
    document.put("source_name", source.name());
    document.put("source_status", source.status());
    document.put("manifest_id", manifest);
    document.set("notes", Json.tree(notes.stream().map(note -> Map.of("message", note)).toList()));
    return document;
  }
}
