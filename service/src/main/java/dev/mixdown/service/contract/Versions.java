package dev.mixdown.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.versions.Snapshot;
import dev.mixdown.registry.catalog.CatalogVersions;
import dev.mixdown.registry.catalog.CatalogVersions.Row;
import dev.mixdown.registry.catalog.CatalogVersions.User;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.versions.VersionCatalog;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.Work;
import dev.mixdown.service.work.WorkPool;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Dataset versions: recorded, listed, compared, and who used them. */
public final class Versions {
  /** How long a client waits for a snapshot; a longer one goes on without it. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Site site;
  private final WorkPool works;

  public Versions(Site site, WorkPool works) {
    this.site = site;
    this.works = works;
  }

  /** {@code POST dataset-versions/snapshot}. */
  public Answer snapshot(Request request) throws Exception {
    String path = site.dataRoots().allowed(request.body().path("file_path").asText());
    String name = request.said("dataset_name").orElseGet(() -> stem(path));
    List<String> tags = new ArrayList<>();
    request.body().path("tags").forEach(tag -> tags.add(tag.asText()));
    Work work =
        works.begin(
            WorkPool.SNAPSHOT,
            name,
            (self, progress) -> {
              Snapshot.Outcome outcome =
                  new Snapshot(site.registry(), site.workspace(), RunnerSettings.DIRECT, progress)
                      .take(
                          new Snapshot.Request(
                              name,
                              List.of(path),
                              request.said("description"),
                              tags,
                              Optional.empty(),
                              CsvOptions.DEFAULT));
              site.refresh();
              return json(find(outcome.version().version()));
            });
    if (!work.awaitEnd(LONGEST)) {
      throw HttpProblem.of(
          503,
          "reading %s takes longer than %d seconds; it goes on: ask again, or look at /api/v1/work/%s"
              .formatted(path, LONGEST.toSeconds(), work.id()),
          Map.of("Retry-After", "60", "Location", "/api/v1/work/" + work.id()));
    }
    return works.answer(work);
  }

  private static String stem(String path) {
    return StoragePath.name(path.replaceFirst("/+$", "")).replaceFirst("\\..*", "");
  }

  /** {@code GET dataset-versions}. */
  public Answer list(Request request) {
    CatalogVersions versions = new CatalogVersions(site.catalog());
    String dataset = request.text("dataset_name").orElse(null);
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("versions");
    versions
        .list(dataset, request.number("offset"), request.number("limit"))
        .forEach(row -> list.add(json(row)));
    return Answer.of(document.put("total", versions.count(dataset)));
  }

  /** {@code GET dataset-versions/{hash}}. */
  public Answer get(Request request) {
    Row row = find(request.value("hash"));
    return Answer.of(json(row)).unchanging(row.hash() + "." + row.id());
  }

  /** A version by its hash, or the beginning of it. */
  private Row find(String hash) {
    CatalogVersions versions = new CatalogVersions(site.catalog());
    return versions
        .find(hash)
        .or(
            () ->
                versions.find(
                    new VersionCatalog(site.holdings().index().versions(), site.registry().folder())
                        .find(hash)
                        .get(0)
                        .version()))
        .orElseThrow(() -> HttpProblem.notFound("there is no version " + hash));
  }

  /** {@code GET dataset-versions/{hash}/lineage}. */
  public Answer lineage(Request request) {
    Row row = find(request.value("hash"));
    ObjectNode document = Json.object();
    document.set("dataset_version", json(row));
    ArrayNode users = document.putArray("used_by_jobs");
    for (User user : new CatalogVersions(site.catalog()).users(row.hash())) {
      users
          .addObject()
          .put("uuid", user.uuid())
          .put("name", user.name())
          .put("status", user.status())
          .put("algorithm", user.algorithm())
          .put("created_at", PlatformTime.of(user.createdAt()));
    }
    return Answer.of(document.put("num_jobs", users.size()));
  }

  /** {@code POST dataset-versions/compare}. */
  public Answer compare(Request request) throws IOException {
    Row a = find(request.body().path("hash_a").asText());
    Row b = find(request.body().path("hash_b").asText());
    boolean identical = a.hash().equals(b.hash());
    ObjectNode document = Json.object();
    document.put("identical", identical).put("hash_changed", !identical);
    document.put("size_changed", a.bytes() != b.bytes());
    document.put("samples_changed", !Objects.equals(a.samples(), b.samples()));
    document.put("hash_a", a.hash()).put("hash_b", b.hash());
    document.set("size_diff_mb", megabytes(b.bytes() - a.bytes()));
    if (a.samples() == null || b.samples() == null) {
      document.putNull("samples_diff");
    } else {
      document.put("samples_diff", b.samples() - a.samples());
    }
    return Answer.of(document);
  }

  private static JsonNode megabytes(long bytes) {
    return Numbers.json(Math.round(bytes / 1048576.0 * 1e4) / 1e4);
  }

  private static ObjectNode json(Row row) {
    ObjectNode json = Json.object().put("id", row.id()).put("dataset_name", row.dataset());
    json.put("file_path", row.path()).put("file_hash", row.hash());
    json.put("hash_algorithm", row.algorithm()).put("file_size", row.bytes());
    json.set("file_size_mb", Numbers.json(row.megabytes()));
    json.put("format", row.format()).put("num_samples", row.samples());
    json.put("description", row.description());
    json.set("tags", tags(row));
    json.put("created_at", PlatformTime.of(row.createdAt()));
    json.put("modified_at", PlatformTime.of(row.modifiedAt()));
    return json;
  }

  /** What is no list of texts is no tag. */
  private static ArrayNode tags(Row row) {
    ArrayNode tags = Json.array();
    if (row.tags() != null) {
      Json.readIfSound(row.tags().getBytes(StandardCharsets.UTF_8))
          .filter(JsonNode::isArray)
          .ifPresent(
              list ->
                  list.forEach(
                      tag -> {
                        if (tag.isTextual()) {
                          tags.add(tag);
                        }
                      }));
    }
    return tags;
  }
}
