package dev.mixdown.service;

import dev.mixdown.service.access.Gate;
import dev.mixdown.service.api.DataChanges;
import dev.mixdown.service.api.JobCounts;
import dev.mixdown.service.api.Jobs;
import dev.mixdown.service.api.Lineages;
import dev.mixdown.service.api.Manifests;
import dev.mixdown.service.api.SamplesAcross;
import dev.mixdown.service.api.ServiceState;
import dev.mixdown.service.api.Stages;
import dev.mixdown.service.api.Streams;
import dev.mixdown.service.api.Works;
import dev.mixdown.service.contract.ConfigDiffs;
import dev.mixdown.service.contract.Experience;
import dev.mixdown.service.contract.Recipes;
import dev.mixdown.service.contract.Versions;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.CallCounts;
import dev.mixdown.service.http.Handler;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.OpenApi;
import dev.mixdown.service.http.Operation;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.Work;
import dev.mixdown.service.work.WorkPool;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.sse.SseHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Which handler answers which operation. */
final class Routes {
  private static final String FOLLOW = "followWork";

  /** Each takes a thread as long as it follows. */
  private static final int FOLLOWERS = 16;

  private final Semaphore followers = new Semaphore(FOLLOWERS);
  private final Map<String, Handler> handlers = new HashMap<>();
  private final OpenApi api;
  private final Works works;
  private final WorkPool pool;

  Routes(Site site, WorkPool pool, CallCounts counts, OpenApi api) {
    this.api = api;
    this.pool = pool;
    works = new Works(site, pool);
    contract(site);
    own(site);
    across(new SamplesAcross(site, pool));
    state(new ServiceState(site, pool, counts));
  }

  /** What the platform's clients know. */
  private void contract(Site site) {
    Recipes recipes = new Recipes(site);
    handlers.put("listRecipes", recipes::list);
    handlers.put("listTaskTypes", recipes::taskTypes);
    handlers.put("listTags", recipes::tags);
    handlers.put("getRecipe", recipes::get);
    handlers.put("applyRecipe", recipes::apply);
    handlers.put("validateRecipe", recipes::validate);
    ConfigDiffs diffs = new ConfigDiffs(site);
    handlers.put("compareConfigs", diffs::configs);
    handlers.put("compareRecipes", diffs::recipes);
    handlers.put("compareJobs", diffs::jobs);
    handlers.put("compareTwoJobs", diffs::twoJobs);
    Versions versions = new Versions(site, pool);
    handlers.put("snapshotDataset", versions::snapshot);
    handlers.put("listVersions", versions::list);
    handlers.put("getVersion", versions::get);
    handlers.put("getVersionLineage", versions::lineage);
    handlers.put("compareVersions", versions::compare);
    Experience experience = new Experience(site);
    handlers.put("cloneJob", experience::cloneJob);
    handlers.put("recommendRecipes", experience::recommend);
    handlers.put("postRecommendRecipes", experience::postRecommend);
    handlers.put("bestPractices", experience::bestPractices);
    handlers.put("suggestAdjustments", experience::suggest);
    handlers.put("findSimilar", experience::similar);
  }

  private void own(Site site) {
    Stages stages = new Stages(site);
    Streams streams = new Streams(site);
    handlers.put("getStream", streams::status);
    handlers.put("listIncrements", streams::increments);
    handlers.put("listStages", stages::list);
    handlers.put("stageStatus", stages::status);
    handlers.put("checkStage", stages::check);
    handlers.put("switchStage", stages::enter);
    handlers.put("rollbackStage", stages::rollback);
    handlers.put("confirmStage", stages::confirm);
    handlers.put("previewStage", stages::preview);
    handlers.put("planStage", works::plan);
    handlers.put("prepareStage", works::prepare);
    handlers.put("listWork", works::list);
    handlers.put("getWork", works::get);
    handlers.put("cancelWork", works::cancel);
    Manifests manifests = new Manifests(site);
    handlers.put("listManifests", manifests::list);
    handlers.put("getManifest", manifests::get);
    handlers.put("getStrata", manifests::strata);
    handlers.put("getMixAlong", manifests::mix);
    handlers.put("getSamples", manifests::samples);
    handlers.put("diffThings", manifests::diff);
    Lineages lineages = new Lineages(site);
    handlers.put("getLineage", lineages::get);
    handlers.put("listTrainings", lineages::trainings);
    Jobs jobs = new Jobs(site, new JobCounts(site));
    handlers.put("listJobs", jobs::list);
    handlers.put("getJob", jobs::get);
    handlers.put("getJobMetrics", jobs::metrics);
    handlers.put("listDataChanges", new DataChanges(site)::list);
  }

  private void across(SamplesAcross samples) {
    handlers.put("getExposure", samples::exposure);
    handlers.put("getOverlap", samples::overlap);
    handlers.put("findLeaks", samples::leaks);
  }

  private void state(ServiceState state) {
    handlers.put("getOpenApi", request -> Answer.of("application/yaml", api.text()));
    handlers.put("getMetrics", state::metrics);
    handlers.put("getHealth", state::health);
    handlers.put("getReadiness", state::readiness);
  }

  /** Adds a route for every operation of {@code openapi.yaml}. */
  void add(RoutesConfig routes, Gate gate) {
    for (Operation operation : api.operations()) {
      if (operation.id().equals(FOLLOW)) {
        follow(routes, gate, operation);
        continue;
      }
      Handler handler = handlers.get(operation.id());
      if (handler == null) {
        throw new IllegalStateException("nothing answers " + operation.id());
      }
      HandlerType method = HandlerType.findOrCreate(operation.method());
      routes.addHttpHandler(
          method, operation.path(), context -> gate.answer(context, operation, handler));
      if (method.equals(HandlerType.GET)) {
        // The same without its body.
        routes.head(operation.path(), context -> gate.answer(context, operation, handler));
      }
    }
  }

  /** An operation whose answer has no end yet. */
  private void follow(RoutesConfig routes, Gate gate, Operation operation) {
    SseHandler events =
        new SseHandler(client -> works.follow(client, pool.find(client.ctx().pathParam("id"))));
    routes.get(
        operation.path(),
        context -> {
          String caller = gate.caller(context, operation);
          Work work = pool.find(context.pathParam("id"));
          if (!String.valueOf(context.header("Accept")).contains("text/event-stream")) {
            throw HttpProblem.of(
                406,
                "%s asks for %s as it goes on; send Accept: text/event-stream"
                    .formatted(caller, work.title()));
          }
          if (!followers.tryAcquire()) {
            throw HttpProblem.of(
                503,
                "%d works are followed already; ask with GET now and then".formatted(FOLLOWERS),
                Map.of("Retry-After", "10"));
          }
          try {
            events.handle(context);
          } finally {
            followers.release();
          }
        });
  }
}
