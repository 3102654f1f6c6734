package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.stages.MixPreview;
import dev.mixdown.pipelines.stages.MixPreview.Change;
import dev.mixdown.pipelines.stages.StageDescription;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.service.api.Stages;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.mixing.Mix;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The stages, and what each would give. */
public final class StagesPage {
  /** How long the bar of a whole is. */
  private static final int BAR = 148;

  private final Site site;
  private final Renderer renderer;

  /** A stage in the list. */
  public record Row(
      String key,
      boolean active,
      String name,
      String entered,
      String config,
      List<String> manifests) {}

  /**
   * A stage by itself.
   *
   * @param stream whether its stream has begun
   */
  public record Shown(
      String key,
      boolean active,
      String description,
      boolean stream,
      List<Preview> previews,
      String problem) {}

  /** The mix of an arm, beside the one in use. */
  public record Preview(
      String title,
      String variant,
      String config,
      String against,
      List<Share> shares,
      String total,
      String totalBefore,
      List<String> settings,
      List<String> notes,
      String manifest) {}

  /**
   * A dataset.
   *
   * @param bar how long its bar is; -1 where its share is not known
   * @param askedBar likewise of what is asked
   */
  public record Share(
      String dataset,
      String category,
      String records,
      String samples,
      String asked,
      String achieved,
      int bar,
      int askedBar,
      String before,
      String change) {}

  StagesPage(Site site, Renderer renderer) {
    this.site = site;
    this.renderer = renderer;
  }

  Answer list(Context context) throws IOException {
    StageStatus status = StageStatus.of(site.repository(), site.clock());
    List<Row> rows = new ArrayList<>();
    for (Stage stage : status.catalog().map(StageCatalog::inOrder).orElse(List.of())) {
      rows.add(
          new Row(
              stage.key(),
              StageDescription.isActive(stage, status),
              stage.name().orElse(""),
              StageDescription.entered(stage),
              StageDescription.configs(stage),
              site.holdings().manifests().stream()
                  .filter(m -> m.current() && m.manifest().stage().equals(stage.key()))
                  .map(m -> m.manifest().id())
                  .toList()));
    }
    return renderer.render(
        "stages", renderer.page(context, "Stages", "Stages"), Map.of("stages", rows));
  }

  Answer show(Context context) throws IOException {
    String key = context.pathParam("stage");
    StageStatus status = StageStatus.of(site.repository(), site.clock());
    Optional<Stage> stage = status.catalog().flatMap(c -> Optional.ofNullable(c.stages().get(key)));
    List<Preview> previews = new ArrayList<>();
    String problem = "";
    try {
      for (MixPreview preview : Stages.previews(site, key, Optional.empty())) {
        previews.add(preview(key, preview));
      }
    } catch (ConfigException e) {
      problem = String.valueOf(e.getMessage());
    }
    Shown shown =
        new Shown(
            key,
            stage.map(s -> StageDescription.isActive(s, status)).orElse(false),
            stage
                    .flatMap(Stage::description)
                    .map(text -> text.replaceFirst("[.\\s]*$", ". "))
                    .orElse("")
                + stage.map(s -> "Entered " + StageDescription.entered(s) + ".").orElse(""),
            StreamFolder.at(
                    site.settings().storage(), StoragePath.resolve(site.output(), key + "/online"))
                .isPresent(),
            previews,
            problem);
    return renderer.render("stage", renderer.page(context, key, "Stages"), Map.of("stage", shown));
  }

  private Preview preview(String stage, MixPreview preview) {
    Optional<Mix> mix = preview.mix().mix();
    Optional<String> variant = preview.mix().resolution().variant();
    return new Preview(
        variant.map(v -> "Arm " + v).orElse("The mix"),
        variant.orElse(""),
        preview.mix().resolution().config().file(),
        preview.before().map(b -> b.resolution().folder()).orElse(""),
        preview.rows().stream().map(row -> share(row, mix)).toList(),
        mix.map(m -> Counts.number(m.total())).orElse("?"),
        preview.before().flatMap(b -> b.mix()).map(m -> Counts.number(m.total())).orElse("?"),
        preview.settings(),
        preview.mix().notes().stream().map(note -> note.toString()).toList(),
        manifest(stage, variant));
  }

  private static Share share(MixPreview.Row row, Optional<Mix> mix) {
    Optional<Double> asked =
        row.change() == Change.GONE
            ? Optional.empty()
            : mix.map(m -> m.share(row.dataset()).doubleValue()).filter(share -> share > 0);
    String change =
        row.change() == Change.SAME
            ? ""
            : row.change().name().toLowerCase(Locale.ROOT)
                + (row.differences().isEmpty() ? "" : ": " + String.join("; ", row.differences()));
    return new Share(
        row.dataset(),
        row.category(),
        row.records().map(Counts::number).orElse("?"),
        row.samples().map(Counts::number).orElse("?"),
        asked.map(Counts::percent).orElse(""),
        row.share().map(Counts::percent).orElse(""),
        row.share().map(StagesPage::bar).orElse(-1),
        asked.map(StagesPage::bar).orElse(-1),
        row.shareBefore().map(Counts::percent).orElse(""),
        change);
  }

  private static int bar(double share) {
    return (int) Math.round(BAR * share);
  }

  private String manifest(String stage, Optional<String> variant) {
    return site.holdings().manifests().stream()
        .filter(PreparedManifest::current)
        .map(PreparedManifest::manifest)
        .filter(m -> m.stage().equals(stage) && variant.equals(Optional.ofNullable(m.variant())))
        .map(m -> m.id())
        .findFirst()
        .orElse("");
  }
}
