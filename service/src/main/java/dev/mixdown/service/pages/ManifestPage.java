package dev.mixdown.service.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.show.ManifestSamples;
import dev.mixdown.pipelines.show.ShownSample;
import dev.mixdown.pipelines.stats.MixAlong;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.service.api.Manifests;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.pictures.MixArea;
import dev.mixdown.service.pictures.Palette;
import dev.mixdown.service.site.Site;
import dev.mixdown.storage.StoragePath;
import io.javalin.http.Context;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One manifest: its quotas, its mix along the positions, and its samples. */
public final class ManifestPage {
  private static final int STRETCHES = 120;
  private static final int SAMPLES = 10;
  private static final int BAR = 110;

  /** A longer record is shown in part; the API has it whole. */
  private static final int LONGEST_RECORD = 20_000;

  private final Site site;
  private final Renderer renderer;

  /** A band of the picture. */
  public record Legend(String dataset, String colour) {}

  /** A stratum. */
  public record Quota(
      String dataset,
      String category,
      String records,
      String capacity,
      String quota,
      String asked,
      String achieved,
      String passes,
      int bar,
      String reason) {}

  /** A sample with its record. */
  public record Sample(
      String position, String dataset, String category, String where, String record) {}

  /** What the page shows. Positions are -1 where there is no page before, or after. */
  public record View(
      String id,
      boolean current,
      String stage,
      String samples,
      String made,
      String area,
      List<Legend> legend,
      List<Quota> quotas,
      String last,
      long lastNumber,
      long at,
      List<String> datasets,
      String dataset,
      List<Sample> shown,
      String samplesProblem,
      long before,
      long after,
      List<Cells> heldOut,
      List<Cells> data,
      List<Cells> parts,
      List<String> notes,
      List<ManifestsPage.Row> others) {}

  /** Samples of a page, or why there are none. */
  private record Some(List<Sample> samples, String problem, long next) {}

  ManifestPage(Site site, Renderer renderer) {
    this.site = site;
    this.renderer = renderer;
  }

  Answer show(Context context) throws IOException {
    ManifestFolder folder = site.manifest(context.pathParam("id"));
    Manifest manifest = folder.manifest();
    long last = manifest.samples() - 1;
    long at = Math.max(0, Math.min(last, position(context.queryParam("at"))));
    String dataset = Objects.requireNonNullElse(context.queryParam("dataset"), "");
    Some some = samples(folder, at, Optional.of(dataset).filter(d -> !d.isEmpty()));
    MixAlong mix = MixAlong.of(manifest, STRETCHES);
    List<Legend> legend = new ArrayList<>();
    mix.datasets().forEach(s -> legend.add(new Legend(s.dataset(), Palette.colour(legend.size()))));
    Optional<PreparedManifest> prepared =
        site.holdings().manifests().stream()
            .filter(m -> m.folder().equals(folder.path()))
            .findFirst();
    String variant = manifest.variant();
    View view =
        new View(
            manifest.id(),
            prepared.map(PreparedManifest::current).orElse(false),
            manifest.stage() + (variant == null ? "" : "/" + variant),
            Counts.number(manifest.samples()),
            prepared.map(m -> m.made().toString()).orElse(""),
            MixArea.of(mix),
            legend,
            manifest.strata().stream().map(s -> quota(s, manifest.samples())).toList(),
            Counts.number(last),
            last,
            at,
            manifest.datasets().stream().map(Manifest.Dataset::name).toList(),
            dataset,
            some.samples(),
            some.problem(),
            at > 0 ? Math.max(0, at - SAMPLES) : -1,
            some.next() <= last ? some.next() : -1,
            heldOut(manifest),
            data(manifest),
            parts(manifest),
            manifest.notes().stream().map(note -> note.message()).toList(),
            others(manifest));
    return renderer.render(
        "manifest",
        renderer.page(context, "Manifest " + manifest.id().substring(0, 8), "Manifests"),
        Map.of("view", view));
  }

  private static long position(@Nullable String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private Some samples(ManifestFolder folder, long at, Optional<String> dataset)
      throws IOException {
    try {
      ManifestSamples.Outcome found = Manifests.samples(site, folder, at, SAMPLES, dataset);
      long next =
          found.samples().size() < SAMPLES
              ? Long.MAX_VALUE
              : found.samples().get(SAMPLES - 1).sample().position() + 1;
      return new Some(found.samples().stream().map(ManifestPage::sample).toList(), "", next);
    } catch (DataException e) {
      return new Some(List.of(), String.valueOf(e.getMessage()), Long.MAX_VALUE);
    } catch (HttpProblem e) {
      return new Some(List.of(), String.valueOf(e.getMessage()), Long.MAX_VALUE);
    }
  }

  private static Sample sample(ShownSample shown) {
    return new Sample(
        Counts.number(shown.sample().position()),
        shown.sample().dataset(),
        shown.sample().category(),
        "%s record %s%s"
            .formatted(
                StoragePath.name(shown.uri()),
                Counts.number(shown.sample().record()),
                shown.sample().pass() == 0 ? "" : ", pass " + shown.sample().pass()),
        record(shown.text()));
  }

  /** JSON over lines; anything else as it stands. */
  private static String record(String text) {
    String shown = text;
    try {
      JsonNode json = Json.value(text);
      shown = json.isContainerNode() ? Json.text(json) : text;
    } catch (IOException e) {
      // It is a row of CSV.
    }
    return shown.length() <= LONGEST_RECORD
        ? shown
        : shown.substring(0, LONGEST_RECORD) + "\n… and more: the API has it whole";
  }

  private static Quota quota(Manifest.Stratum stratum, long total) {
    String level = stratum.difficulty();
    return new Quota(
        stratum.dataset(),
        stratum.category() + (level == null ? "" : ", " + level),
        Counts.number(stratum.records()),
        Counts.number(stratum.capacity()),
        Counts.number(stratum.quota()),
        percent(stratum.requestedShare()),
        percent(stratum.achievedShare()),
        stratum.passes() == null ? "" : stratum.passes().toPlainString(),
        total == 0 ? 0 : (int) Math.round((double) BAR * stratum.quota() / total),
        Objects.requireNonNullElse(stratum.reason(), ""));
  }

  private static String percent(@Nullable BigDecimal share) {
    return share == null ? "" : Counts.percent(share.doubleValue());
  }

  private static List<Cells> heldOut(Manifest manifest) {
    return manifest.heldOut().stream()
        .map(held -> Cells.of(held.name(), held.kind(), Counts.number(held.records())))
        .toList();
  }

  private static List<Cells> data(Manifest manifest) {
    return manifest.datasets().stream()
        .map(
            dataset ->
                Cells.of(
                    dataset.name(),
                    dataset.version(),
                    Counts.number(dataset.records()),
                    Counts.number(dataset.shards()),
                    Counts.number(dataset.bytes()),
                    Counts.number(
                        dataset.rejected().values().stream().mapToLong(n -> n).sum()
                            + dataset.filtered().values().stream().mapToLong(n -> n).sum())))
        .toList();
  }

  private static List<Cells> parts(Manifest manifest) {
    return manifest.parts().stream()
        .map(
            part ->
                Cells.of(
                    part.path(),
                    Counts.number(part.firstPosition()),
                    Counts.number(part.samples()),
                    Counts.number(part.bytes()),
                    part.sha256()))
        .toList();
  }

  private List<ManifestsPage.Row> others(Manifest manifest) {
    return site.holdings().manifests().stream()
        .filter(other -> !other.manifest().id().equals(manifest.id()))
        .map(ManifestsPage.Row::of)
        .toList();
  }
}
