package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.versions.VersionCatalog;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Holdings;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Dataset versions, where they are used, and whether the data has changed since. */
public final class DataPage {
  private static final int MOST = 500;

  private final Site site;
  private final Watch watch;
  private final Renderer renderer;

  /** A shard that has changed. */
  public record Changed(
      String stage, String manifest, String dataset, String path, String message) {}

  /** A version. */
  public record Version(
      String dataset,
      String version,
      String records,
      String bytes,
      String created,
      String modified,
      String uses) {}

  /** What the page shows. */
  public record View(String checked, List<Changed> changes, List<Version> versions) {}

  DataPage(Site site, Watch watch, Renderer renderer) {
    this.site = site;
    this.watch = watch;
    this.renderer = renderer;
  }

  Answer show(Context context) throws IOException {
    Watch.Looked looked = context.queryParam("look") == null ? watch.last() : watch.now();
    List<Changed> changes =
        looked.changes().stream()
            .map(
                c ->
                    new Changed(
                        c.manifest().manifest().stage(),
                        c.manifest().manifest().id(),
                        c.dataset(),
                        c.path(),
                        c.message()))
            .toList();
    View view = new View(looked.at().toString(), changes, versions());
    return renderer.render("data", renderer.page(context, "Data", "Data"), Map.of("view", view));
  }

  private List<Version> versions() {
    Holdings holdings = site.holdings();
    Map<String, Set<String>> uses = new HashMap<>();
    for (ManifestEntry manifest : holdings.index().manifests()) {
      manifest
          .datasets()
          .forEach(
              share ->
                  uses.computeIfAbsent(share.version(), v -> new TreeSet<>())
                      .add(manifest.stage() + " " + manifest.id().substring(0, 8)));
    }
    return new VersionCatalog(holdings.index().versions(), site.registry().folder())
        .list().stream()
            .limit(MOST)
            .map(version -> version(version, uses.getOrDefault(version.version(), Set.of())))
            .toList();
  }

  private static Version version(DatasetVersion version, Set<String> uses) {
    return new Version(
        version.dataset(),
        version.version(),
        version.counted().isPresent() ? Counts.number(version.records()) : "?",
        Counts.number(version.bytes()),
        version.createdAt(),
        Objects.requireNonNullElse(version.modifiedAt(), ""),
        uses.isEmpty() ? "no manifest" : String.join(", ", uses));
  }
}
