package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.diff.ManifestConfig;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.show.ManifestSamples;
import dev.mixdown.pipelines.stats.MixAlong;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.service.access.DataRoots;
import dev.mixdown.service.contract.ConfigDiffs;
import dev.mixdown.service.contract.Recipes;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Manifests: listed, looked into, and compared. */
public final class Manifests {
  /** What the name of a manifest begins with. */
  public static final String MANIFEST = "manifest:";

  private static final String RECIPE = "recipe:";
  private static final String JOB = "job:";

  private final Site site;

  public Manifests(Site site) {
    this.site = site;
  }

  /** {@code GET manifests}. */
  public Answer list(Request request) {
    List<PreparedManifest> found =
        found(site.holdings().manifests(), request.text("stage"), request.text("search"));
    ObjectNode document =
        PreparedManifest.json(
            found.stream().skip(request.number("offset")).limit(request.number("limit")).toList());
    return Answer.of(document.put("total", found.size()));
  }

  /**
   * Manifests of a stage, in which a text occurs.
   *
   * @param search in the stage's, the variant's or a dataset's name, or in the id
   */
  public static List<PreparedManifest> found(
      List<PreparedManifest> all, Optional<String> stage, Optional<String> search) {
    return all.stream()
        .filter(m -> stage.filter(s -> !s.equals(m.manifest().stage())).isEmpty())
        .filter(m -> search.filter(text -> !mentions(m.manifest(), text)).isEmpty())
        .toList();
  }

  private static boolean mentions(Manifest manifest, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return manifest.id().startsWith(lower)
        || manifest.stage().toLowerCase(Locale.ROOT).contains(lower)
        || String.valueOf(manifest.variant()).toLowerCase(Locale.ROOT).contains(lower)
        || manifest.datasets().stream()
            .anyMatch(dataset -> dataset.name().toLowerCase(Locale.ROOT).contains(lower));
  }

  /** {@code GET manifests/{id}}. */
  public Answer get(Request request) throws IOException {
    Manifest manifest = site.manifest(request.value("id")).manifest();
    // Data that moved renews the locations in it.
    return Answer.of(manifest.json())
        .unchanging(manifest.id() + "." + Integer.toHexString(manifest.shards().hashCode()));
  }

  /** {@code GET manifests/{id}/strata}. */
  public Answer strata(Request request) throws IOException {
    Manifest manifest = site.manifest(request.value("id")).manifest();
    ObjectNode document =
        Json.object().put("manifest_id", manifest.id()).put("samples", manifest.samples());
    ArrayNode list = document.putArray("strata");
    manifest.strata().forEach(stratum -> list.add(stratum.json()));
    return Answer.of(document).unchanging(manifest.id());
  }

  /** {@code GET manifests/{id}/mix}. */
  public Answer mix(Request request) throws IOException {
    Manifest manifest = site.manifest(request.value("id")).manifest();
    int stretches = (int) request.number("stretches");
    return Answer.of(MixAlong.of(manifest, stretches).json())
        .unchanging(manifest.id() + "." + stretches);
  }

  /** {@code GET manifests/{id}/samples}. */
  public Answer samples(Request request) throws IOException {
    return Answer.of(
        samples(
                site,
                site.manifest(request.value("id")),
                request.number("at"),
                request.number("count"),
                request.text("dataset"))
            .json());
  }

  /**
   * Samples, with their records.
   *
   * @throws HttpProblem 403 where a shard lies where requests may not lead
   * @throws DataException where a shard has changed
   */
  public static ManifestSamples.Outcome samples(
      Site site, ManifestFolder folder, long at, long count, Optional<String> dataset)
      throws IOException {
    DataRoots roots = site.dataRoots();
    return new ManifestSamples(
            site.storage(),
            folder,
            uri -> {
              if (!roots.allows(uri)) {
                throw HttpProblem.of(
                    403,
                    "%s: its records are not shown: start the service with --data-root and a folder above it"
                        .formatted(uri));
              }
            })
        .from(at, count, dataset);
  }

  /** {@code GET diff}. */
  public Answer diff(Request request) throws IOException {
    return Answer.of(diff(site, request.value("a"), request.value("b")).json());
  }

  /** What differs between two things, each named with its kind. */
  public static ConfigDiff diff(Site site, String a, String b) throws IOException {
    return ConfigDiff.of(
        config(site, a), config(site, b), ImportanceTable.standard(), ConfigDiff.USUALLY_IGNORED);
  }

  private static Config config(Site site, String name) throws IOException {
    if (name.startsWith(MANIFEST)) {
      Manifest manifest = site.manifest(name.substring(MANIFEST.length())).manifest();
      String text = Json.line(ManifestConfig.of(manifest));
      return new Config(name, JsonTree.values(text, name, new Problems()).orElseThrow());
    }
    if (name.startsWith(RECIPE)) {
      return new Config(name, Recipes.find(site, name.substring(RECIPE.length())).defaultConfig());
    }
    if (name.startsWith(JOB)) {
      return ConfigDiffs.job(site, name, name.substring(JOB.length()));
    }
    throw HttpProblem.invalid(
        List.of(
            new HttpProblem.Fault(
                List.of("query", "a"),
                "\"%s\": manifest:ID, recipe:ID or job:UUID is expected".formatted(name),
                "value_error")));
  }
}
