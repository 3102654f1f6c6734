package dev.mixdown.service.contract;

import dev.mixdown.pipelines.diff.JobOperands;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What differs between two configs, recipes or jobs. */
public final class ConfigDiffs {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigDiffs.class);

  private final Site site;

  public ConfigDiffs(Site site) {
    this.site = site;
  }

  /** {@code POST config-diff/compare}. */
  public Answer configs(Request request) {
    return diff(
        new Config(
            request.said("name_a").orElse("Config A"),
            Recipes.mapping("config_a", request.object("config_a"))),
        new Config(
            request.said("name_b").orElse("Config B"),
            Recipes.mapping("config_b", request.object("config_b"))));
  }

  /** {@code POST config-diff/compare/recipes}. */
  public Answer recipes(Request request) {
    return diff(recipe(request, "recipe_id_a"), recipe(request, "recipe_id_b"));
  }

  private Config recipe(Request request, String key) {
    String name = request.body().path(key).asText();
    return new Config(name, Recipes.find(site, name).defaultConfig());
  }

  /** {@code POST config-diff/compare/jobs}. */
  public Answer jobs(Request request) throws IOException {
    return jobs(
        request.body().path("job_uuid_a").asText(), request.body().path("job_uuid_b").asText());
  }

  /** {@code GET config-diff/compare/jobs/{a}/vs/{b}}. */
  public Answer twoJobs(Request request) throws IOException {
    return jobs(request.value("a"), request.value("b"));
  }

  private Answer jobs(String a, String b) throws IOException {
    return diff(job(site, "Job " + a, a), job(site, "Job " + b, b));
  }

  /** A job as a config. */
  public static Config job(Site site, String name, String uuid) throws IOException {
    return new JobOperands(site::catalog, site.manifests(), notice -> LOG.debug("{}", notice))
        .find(site.catalog(), name, uuid);
  }

  private static Answer diff(Config a, Config b) {
    return Answer.of(
        ConfigDiff.of(a, b, ImportanceTable.standard(), ConfigDiff.USUALLY_IGNORED).json());
  }
}
