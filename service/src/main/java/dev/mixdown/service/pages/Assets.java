package dev.mixdown.service.pages;

import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.storage.Digests;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Style sheets and scripts, from the jar. No page loads anything from elsewhere. */
final class Assets {
  private static final String OWN = "/dev/mixdown/service/assets/";
  private static final String LIBRARIES = "/META-INF/resources/webjars/";

  /** Files of libraries, by the names that pages use. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "uplot.js", LIBRARIES + "uplot/1.6.30/dist/uPlot.iife.min.js",
          "uplot.css", LIBRARIES + "uplot/1.6.30/dist/uPlot.min.css",
          "swagger-ui.js", LIBRARIES + "swagger-ui/5.34.1/swagger-ui-bundle.js",
          "swagger-ui.css", LIBRARIES + "swagger-ui/5.34.1/swagger-ui.css");

  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  Answer get(Context context) throws IOException {
    String name = context.pathParam("name");
    Answer known = answers.get(name);
    if (known != null) {
      return known;
    }
    Answer read = read(name);
    answers.put(name, read);
    return read;
  }

  private static Answer read(String name) throws IOException {
    String type =
        Optional.ofNullable(TYPES.get(name.replaceFirst(".*\\.", "")))
            .filter(t -> name.matches("[a-z-]+\\.[a-z]+"))
            .orElseThrow(() -> HttpProblem.notFound("there is no file " + name));
    try (InputStream in = Assets.class.getResourceAsStream(OTHERS.getOrDefault(name, OWN + name))) {
      if (in == null) {
        throw HttpProblem.notFound("there is no file " + name);
      }
      byte[] bytes = in.readAllBytes();
      return new Answer(200, type, bytes, Optional.empty(), Map.of())
          .unchanging(Digests.hex(Digests.sha256().digest(bytes)).substring(0, 20));
    }
  }
}
