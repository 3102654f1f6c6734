package dev.mixdown.service.pages;

import dev.mixdown.service.access.Access;
import dev.mixdown.service.access.Gate;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.ProblemDocument;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.WorkPool;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Map;
import java.util.Optional;

/** Which page answers which path. */
public final class Pages {
  private final Access access;
  private final Gate gate;
  private final Renderer renderer;

  /** What makes a page. */
  private interface Maker {
    Answer make(Context context) throws Exception;
  }

  public Pages(Access access, Gate gate, Site site) {
    this.access = access;
    this.gate = gate;
    this.renderer = new Renderer(access, site);
  }

  /** Adds a route for every page. */
  public void add(RoutesConfig routes, Site site, WorkPool works, Watch watch) {
    NowPage now = new NowPage(site, works, watch, renderer);
    StagesPage stages = new StagesPage(site, renderer);
    ManifestsPage manifests = new ManifestsPage(site, renderer);
    LineagePage lineage = new LineagePage(site, watch, renderer);
    RecipesPage recipes = new RecipesPage(site, renderer);
    JobsPage jobs = new JobsPage(site, renderer);
    page(routes, "/", now::show);
    page(routes, "/stages", stages::list);
    page(routes, "/stages/{stage}", stages::show);
    page(routes, "/streams/{stage}", new StreamPage(site, renderer)::show);
    page(routes, "/manifests", manifests::list);
    page(routes, "/manifests/{id}", new ManifestPage(site, renderer)::show);
    page(routes, "/diff", manifests::diff);
    page(routes, "/samples", new SamplesPage(site, works, renderer)::show);
    page(routes, "/lineage", lineage::show);
    page(routes, "/lineage.svg", lineage::svg);
    page(routes, "/recipes", recipes::list);
    page(routes, "/recipes/{id}", recipes::show);
    page(routes, "/jobs", jobs::list);
    page(routes, "/jobs/compare", jobs::compare);
    page(routes, "/jobs/{uuid}", jobs::show);
    page(routes, "/data", new DataPage(site, watch, renderer)::show);
    page(routes, "/api", this::api);
    Assets assets = new Assets();
    routes.get("/assets/{name}", context -> Gate.send(context, assets.get(context)));
    routes.get("/login", context -> Gate.send(context, login(context, "")));
    routes.post("/login", this::signIn);
  }

  private void page(RoutesConfig routes, String path, Maker maker) {
    routes.get(path, context -> answer(context, path, maker));
    routes.head(path, context -> answer(context, path, maker));
  }

  private void answer(Context context, String path, Maker maker) throws Exception {
    long begin = System.nanoTime();
    Answer answer;
    try {
      access.caller(context, false);
      answer = maker.make(context);
    } catch (Exception e) {
      answer = failed(context, gate.problem(e, path));
    }
    Gate.send(context, answer);
    gate.count("page " + path, answer.status(), System.nanoTime() - begin);
  }

  private Answer failed(Context context, ProblemDocument problem) {
    if (problem.status() == 401 && context.header("Authorization") == null) {
      return login(context, "").status(401);
    }
    String message = problem.json().path("error").path("message").asText();
    Page page = renderer.page(context, problem.json().path("title").asText(), "");
    return renderer.render("problem", page, Map.of("message", message)).status(problem.status());
  }

  private Answer api(Context context) {
    Page page = renderer.page(context, "HTTP", "");
    return renderer.render(
        "api", page.style("swagger-ui.css").script("swagger-ui.js").module("api.js"), Map.of());
  }

  private Answer login(Context context, String message) {
    return renderer.render(
        "login", renderer.page(context, "Sign in", ""), Map.of("message", message));
  }

  /** Keeps a token in a cookie that scripts cannot read, and that no page elsewhere sends. */
  private void signIn(Context context) {
    access.checkOrigin(context);
    String token = Optional.ofNullable(context.formParam("token")).orElse("").strip();
    try {
      access.checkToken(context, token);
    } catch (HttpProblem e) {
      Gate.send(context, login(context, String.valueOf(e.getMessage())).status(e.status()));
      return;
    }
    context.cookie(new Cookie(Access.COOKIE, token, "/", -1, false, true, null, SameSite.STRICT));
    context.redirect("/");
  }
}
