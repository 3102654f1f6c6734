package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.diff.ManifestOverlap;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.leaks.Leaks;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.stats.Exposure;
import dev.mixdown.pipelines.uses.ModelManifests;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.WorkPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions about the samples of several manifests: leaks, exposure, and what two share. */
public final class SamplesAcross {
  /** What a work is called that looks for leaks. */
  public static final String LEAKS = "leaks";

  private final Site site;
  private final WorkPool works;

  public SamplesAcross(Site site, WorkPool works) {
    this.site = site;
    this.works = works;
  }

  /** {@code GET exposure}. */
  public Answer exposure(Request request) throws IOException {
    Optional<String> model = request.text("model");
    Optional<String> manifests = request.text("manifests");
    if (model.isPresent() == manifests.isPresent()) {
      throw HttpProblem.invalid(
          List.of(
              new HttpProblem.Fault(
                  List.of("query", "manifests"),
                  "name manifests, or a model; not both",
                  "value_error")));
    }
    return Answer.of(
        (model.isPresent()
                ? ofModel(model.get())
                : exposure(site, List.of(manifests.get().split(","))))
            .json());
  }

  /** How often records were given by manifests. */
  public static Exposure exposure(Site site, List<String> ids) throws IOException {
    List<Exposure.Consumed> consumed = new ArrayList<>();
    for (String id : ids) {
      consumed.add(Exposure.Consumed.whole(site.manifest(id.strip())));
    }
    return Exposure.of(site.storage(), consumed);
  }

  private Exposure ofModel(String checkpoint) throws IOException {
    List<Exposure.Consumed> consumed = new ArrayList<>();
    for (ModelManifests.Followed one : followed(checkpoint)) {
      consumed.add(Exposure.Consumed.of(one, site.manifest(one.manifestId())));
    }
    return Exposure.of(site.storage(), consumed);
  }

  private List<ModelManifests.Followed> followed(String checkpoint) throws IOException {
    return ModelManifests.of(
        RegistryIndex.of(site.registry(), site.workspace().folder()),
        site.storage(),
        site.registry().folder(),
        checkpoint);
  }

  /** {@code GET manifests/{id}/overlap}. */
  public Answer overlap(Request request) throws IOException {
    ManifestFolder a = site.manifest(request.value("id"));
    ManifestFolder b = site.manifest(request.value("with"));
    ObjectNode document = Json.object().put("a", a.manifest().id()).put("b", b.manifest().id());
    document.setAll(overlap(site, a, b).json());
    return Answer.of(document);
  }

  /** What the samples of two manifests have in common. */
  public static ManifestOverlap overlap(Site site, ManifestFolder a, ManifestFolder b)
      throws IOException {
    return ManifestOverlap.of(site.workspace(), RunnerSettings.DIRECT, a, b);
  }

  /** {@code POST leaks}. */
  public Answer leaks(Request request) throws IOException {
    Optional<String> stage = request.said("stage");
    Optional<String> model = request.said("model");
    List<String> against = request.said("against").map(List::of).orElse(List.of());
    if (stage.isPresent() && model.isPresent()) {
      throw HttpProblem.of(422, "stage and model are two questions; ask one of them");
    }
    Optional<Resolution> asked =
        stage.isPresent() ? Optional.of(stage(stage.get())) : Optional.empty();
    for (String other : against) {
      // Names are stages, and never taken for paths.
      Resolution unused = stage(other);
    }
    List<ModelManifests.Followed> followed = model.isPresent() ? followed(model.get()) : List.of();
    String subject = stage.or(() -> model).orElse("of all stages");
    return Works.accepted(
        works.begin(
            LEAKS,
            subject,
            (work, progress) -> {
              Leaks leaks = looking(progress);
              if (model.isPresent()) {
                leaks.ofModel(followed, against);
              } else if (asked.isPresent()) {
                leaks.ofStage(asked.get(), against);
              } else {
                leaks.ofAll(against);
              }
              return leaks.report().json();
            }));
  }

  private Resolution stage(String arm) throws IOException {
    StageChoice choice = StageChoice.ofArm(arm);
    return site.repository()
        .unforced()
        .resolve(Stages.choice(site, choice.stage().orElseThrow(), choice.variant()));
  }

  private Leaks looking(Progress progress) throws IOException {
    return new Leaks(
        site.repository(),
        RuleSources.of(site.settings()),
        site.workspace(),
        RunnerSettings.DIRECT,
        progress);
  }
}
