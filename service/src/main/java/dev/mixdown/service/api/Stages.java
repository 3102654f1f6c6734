package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.switching.Arm;
import dev.mixdown.configs.switching.Observation;
import dev.mixdown.configs.switching.StageCheck;
import dev.mixdown.configs.switching.StageSwitcher;
import dev.mixdown.configs.switching.StageSwitcher.Switched;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.stages.MixPreview;
import dev.mixdown.pipelines.stages.StageDescription;
import dev.mixdown.pipelines.stages.StageJson;
import dev.mixdown.pipelines.stages.StagePreview;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stages: where the repository stands, and what switches it. */
public final class Stages {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);
  private static final String USER = "user";

  private final Site site;

  public Stages(Site site) {
    this.site = site;
  }

  /** {@code GET stages}. */
  public Answer list(Request request) throws IOException {
    return Answer.of(StageDescription.json(StageStatus.of(site.repository(), site.clock())));
  }

  /** {@code GET stages/status}. */
  public Answer status(Request request) throws IOException {
    return Answer.of(StageStatus.of(site.repository(), site.clock()).json());
  }

  /** {@code GET stages/{stage}/preview}. */
  public Answer preview(Request request) throws IOException {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("previews");
    previews(site, request.value("stage"), request.text("variant"))
        .forEach(preview -> list.add(preview.json()));
    return Answer.of(document);
  }

  /** What a switch would give, for each arm that is meant. */
  public static List<MixPreview> previews(Site site, String stage, Optional<String> variant)
      throws IOException {
    StageChoice choice = choice(site, stage, variant);
    return new StagePreview(site.repository(), site.clock(), site.workspace())
        .of(choice.stage(), choice);
  }

  /**
   * A stage that there is: a key of the catalog, or the stage of the one config. What a request
   * says is never taken for a file.
   *
   * @throws HttpProblem 404
   */
  static StageChoice choice(Site site, String stage, Optional<String> variant) throws IOException {
    Optional<StageCatalog> catalog = site.repository().catalog(new Problems());
    Set<String> known =
        catalog.isPresent()
            ? catalog.get().stages().keySet()
            : StageStatus.of(site.repository(), site.clock()).stage().map(Set::of).orElse(Set.of());
    if (!known.contains(stage)) {
      throw HttpProblem.notFound(
          "there is no stage \"%s\"%s".formatted(stage, DidYouMean.hint(stage, known)));
    }
    return catalog.isPresent() ? StageChoice.of(stage, variant) : StageChoice.OPEN;
  }

  /** {@code POST stages/check}. */
  public Answer check(Request request) throws IOException {
    Map<String, String> metrics = new LinkedHashMap<>();
    request
        .object("metrics")
        .properties()
        .forEach(metric -> metrics.put(metric.getKey(), metric.getValue().asText()));
    List<String> events = new ArrayList<>();
    request.body().path("events").forEach(event -> events.add(event.asText()));
    Observation observation;
    try {
      observation =
          Observation.of(
              request.said("epoch").map(Long::valueOf),
              metrics,
              events,
              note -> LOG.debug("{}", note));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.invalid("metrics", String.valueOf(e.getMessage()));
    }
    return Answer.of(
        StageJson.answer(
            new StageCheck(site.repository(), site.clock())
                .check(
                    observation,
                    request
                        .said("in_stage")
                        .map(stage -> new Arm(stage, request.said("in_variant"))),
                    request.body().path("now").asBoolean())));
  }

  /** {@code POST stages/switch}. */
  public Answer enter(Request request) throws IOException {
    String stage = request.body().path("stage").asText();
    return switched(
        switcher()
            .enter(
                new Arm(stage, request.said("variant")), USER, reason(request, "manual_switch")));
  }

  /** {@code POST stages/rollback}. */
  public Answer rollback(Request request) throws IOException {
    return switched(switcher().rollback(USER, reason(request, "rollback")));
  }

  /** {@code POST stages/confirm}. */
  public Answer confirm(Request request) throws IOException {
    return switched(switcher().confirm(USER));
  }

  private StageSwitcher switcher() {
    return new StageSwitcher(site.repository(), site.clock());
  }

  private static Answer switched(Switched switched) {
    return Answer.of(StageJson.switched(switched, Optional.empty()));
  }

  /** A reason goes into files that people read. */
  private static String reason(Request request, String usual) {
    String reason = request.said("reason").orElse(usual);
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw HttpProblem.invalid("reason", "this has control characters in it; say why in one line");
    }
    return reason;
  }
}
