package dev.mixdown.service.api;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.CallCounts;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.WorkPool;
import java.util.Map;
import java.util.Optional;

/** The service itself: whether it runs, whether it can answer, and what it counts. */
public final class ServiceState {
  private final Site site;
  private final WorkPool works;
  private final CallCounts counts;

  public ServiceState(Site site, WorkPool works, CallCounts counts) {
    this.site = site;
    this.works = works;
    this.counts = counts;
  }

  /** {@code GET /healthz}. */
  public Answer health(Request request) {
    return Answer.of(Json.object().put("status", "ok"));
  }

  /** {@code GET /readyz}. */
  public Answer readiness(Request request) {
    Optional<String> trouble = site.trouble();
    if (trouble.isPresent()) {
      throw HttpProblem.of(503, trouble.get(), Map.of("Retry-After", "2"));
    }
    return Answer.of(Json.object().put("status", "ready"));
  }

  /** {@code GET /metrics}. */
  public Answer metrics(Request request) {
    Runtime java = Runtime.getRuntime();
    String text =
        counts.text()
            + gauge("mixdown_work_open", "Works that run or wait.", works.open())
            + gauge(
                "mixdown_manifests",
                "Manifests below the output folder.",
                site.holdings().manifests().size())
            + gauge(
                "mixdown_heap_used_bytes", "Java's heap.", java.totalMemory() - java.freeMemory())
            + gauge("mixdown_ready", "1 when /readyz says so.", site.trouble().isEmpty() ? 1 : 0);
    return Answer.of("text/plain; version=0.0.4; charset=utf-8", text);
  }

  private static String gauge(String name, String help, long value) {
    return "# HELP %s %s\n# TYPE %s gauge\n%s %d\n".formatted(name, help, name, name, value);
  }
}
