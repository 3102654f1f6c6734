package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.service.api.Manifests;
import dev.mixdown.service.api.SamplesAcross;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All manifests, with search; and what differs between two things. */
public final class ManifestsPage {
  private static final int MOST = 200;

  private final Site site;
  private final Renderer renderer;

  /** A manifest in the list. */
  public record Row(
      String id, boolean current, String stage, String made, String samples, String bytes) {
    static Row of(PreparedManifest manifest) {
      String variant = manifest.manifest().variant();
      return new Row(
          manifest.manifest().id(),
          manifest.current(),
          manifest.manifest().stage() + (variant == null ? "" : "/" + variant),
          manifest.made().toString(),
          Counts.number(manifest.manifest().samples()),
          Counts.number(manifest.bytes()));
    }
  }

  /** What was searched for, and found. */
  public record Found(String search, String count, List<Row> rows) {}

  ManifestsPage(Site site, Renderer renderer) {
    this.site = site;
    this.renderer = renderer;
  }

  Answer list(Context context) {
    String search = Optional.ofNullable(context.queryParam("search")).orElse("").strip();
    List<PreparedManifest> all =
        Manifests.found(
            site.holdings().manifests(),
            Optional.empty(),
            Optional.of(search).filter(text -> !text.isEmpty()));
    String count =
        all.isEmpty()
            ? (search.isEmpty()
                ? "None is prepared in "
                    + site.output()
                    + " yet; a stage's page can do it, or \"mixdown prepare STAGE\"."
                : "None has \"" + search + "\" in it.")
            : Counts.of(all.size(), "manifest")
                + (all.size() > MOST ? ", of which " + MOST + " are shown: search for less." : ".");
    Found found = new Found(search, count, all.stream().limit(MOST).map(Row::of).toList());
    return renderer.render(
        "manifests", renderer.page(context, "Manifests", "Manifests"), Map.of("found", found));
  }

  Answer diff(Context context) throws java.io.IOException {
    String a = Optional.ofNullable(context.queryParam("a")).orElse("");
    String b = Optional.ofNullable(context.queryParam("b")).orElse("");
    return renderer.render(
        "diff",
        renderer.page(context, "Difference", a.startsWith("recipe:") ? "Recipes" : "Manifests"),
        Map.of("diff", Manifests.diff(site, a, b), "samples", shared(a, b)));
  }

  /** What the samples of two manifests have in common; empty where something else is compared. */
  private String shared(String a, String b) throws java.io.IOException {
    if (!a.startsWith(Manifests.MANIFEST) || !b.startsWith(Manifests.MANIFEST)) {
      return "";
    }
    try {
      return SamplesAcross.overlap(
              site,
              site.manifest(a.substring(Manifests.MANIFEST.length())),
              site.manifest(b.substring(Manifests.MANIFEST.length())))
          .text();
    } catch (DataException | ConfigException e) {
      return "What samples they share is not known: " + e.getMessage();
    }
  }
}
