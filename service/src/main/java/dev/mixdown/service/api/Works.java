package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.plan.PlanDocument;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.Work;
import dev.mixdown.service.work.WorkPool;
import dev.mixdown.transforms.manifest.ManifestFormat;
import io.javalin.http.sse.SseClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Long work: begun, followed and cancelled. */
public final class Works {
  private static final Logger LOG = LoggerFactory.getLogger(Works.class);

  /** How often a follower learns how far a work is. */
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(500);

  private final Site site;
  private final WorkPool works;

  public Works(Site site, WorkPool works) {
    this.site = site;
    this.works = works;
  }

  /** {@code POST stages/{stage}/plan}. */
  public Answer plan(Request request) throws IOException {
    PrepareRequest asked = asked(request);
    return accepted(
        works.begin(
            "plan",
            subject(request),
            (work, progress) -> PlanDocument.json(new Preparation(asked, progress).plan())));
  }

  /** {@code POST stages/{stage}/prepare}. */
  public Answer prepare(Request request) throws IOException {
    PrepareRequest asked = asked(request);
    PrepareOutput output =
        new PrepareOutput(
            site.output(),
            Optional.empty(),
            site.registry().folder(),
            site.settings().events(),
            site.settings().outboxes(),
            false,
            true);
    return accepted(
        works.begin(
            "prepare",
            subject(request),
            (work, progress) -> {
              Preparation preparation = new Preparation(asked, progress);
              work.onCancel(() -> interrupted(preparation));
              ObjectNode made = preparation.prepare(output).json();
              site.refresh();
              return made;
            }));
  }

  private static void interrupted(Preparation preparation) {
    try {
      preparation.interrupted();
    } catch (IOException e) {
      // It is cancelled all the same.
      LOG.warn("that a work was cancelled is not recorded", e);
    }
  }

  private PrepareRequest asked(Request request) throws IOException {
    return new PrepareRequest(
        site.repository(),
        Stages.choice(site, request.value("stage"), request.said("variant")),
        site.workspace(),
        request.said("epoch", 0),
        ManifestFormat.PARQUET,
        true,
        false,
        MaxRejected.DEFAULT,
        RunnerSettings.DIRECT,
        Optional.empty(),
        RuleSources.of(site.settings()),
        Optional.empty());
  }

  private static String subject(Request request) {
    return request.value("stage") + request.said("variant").map(v -> "/" + v).orElse("");
  }

  static Answer accepted(Work work) {
    return Answer.of(work.json()).status(202).header("Location", "/api/v1/work/" + work.id());
  }

  /** {@code GET work}. */
  public Answer list(Request request) {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("work");
    works.list().forEach(work -> list.add(work.json()));
    return Answer.of(document);
  }

  /** {@code GET work/{id}}. */
  public Answer get(Request request) {
    return Answer.of(works.find(request.value("id")).json());
  }

  /** {@code DELETE work/{id}}. */
  public Answer cancel(Request request) {
    Work work = works.find(request.value("id"));
    works.cancel(work);
    return Answer.of(work.json());
  }

  /** {@code GET work/{id}/events}: sends how the work stands until it has ended. */
  public void follow(SseClient client, Work work) {
    try {
      String last = "";
      while (!client.terminated()) {
        boolean ended = work.awaitEnd(BETWEEN_EVENTS);
        String now = work.json().toString();
        if (!now.equals(last)) {
          client.sendEvent("work", now);
          last = now;
        } else {
          // A line that says nothing finds out whether anybody still listens.
          client.sendComment("");
        }
        if (ended) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
  }
}
