package dev.mixdown.service.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.stats.Exposure;
import dev.mixdown.service.api.SamplesAcross;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.Work;
import dev.mixdown.service.work.WorkPool;
import dev.mixdown.storage.StoragePath;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The samples of several manifests: leaks, how often records were given, and what two share. */
public final class SamplesPage {
  private static final int BAR = 110;

  /** More leaks are left to the API. */
  private static final int MOST_LEAKS = 100;

  private final Site site;
  private final WorkPool works;
  private final Renderer renderer;

  /** What was last looked for, and found. */
  public record Report(
      String title, String at, String summary, List<Cells> checked, List<Cells> leaks) {}

  /** How often records of a dataset were given. */
  public record Given(Cells cells, int bar) {}

  /**
   * What the page shows.
   *
   * @param running the id of a work that looks for leaks right now; null without one
   */
  public record View(
      List<String> stages,
      @Nullable String running,
      List<Report> report,
      List<ManifestsPage.Row> manifests,
      String manifest,
      List<Given> given,
      String problem) {}

  SamplesPage(Site site, WorkPool works, Renderer renderer) {
    this.site = site;
    this.works = works;
    this.renderer = renderer;
  }

  Answer show(Context context) throws IOException {
    List<PreparedManifest> manifests = site.holdings().manifests();
    String manifest = Objects.requireNonNullElse(context.queryParam("manifest"), "").strip();
    List<Given> given = List.of();
    String problem = "";
    if (!manifest.isEmpty()) {
      try {
        given =
            SamplesAcross.exposure(site, List.of(manifest)).datasets().stream()
                .map(SamplesPage::given)
                .toList();
      } catch (DataException | ConfigException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    List<Work> looked =
        works.list().stream().filter(work -> work.kind().equals(SamplesAcross.LEAKS)).toList();
    View view =
        new View(
            stages(),
            looked.stream()
                .filter(work -> !work.state().isEnd())
                .map(Work::id)
                .findFirst()
                .orElse(null),
            looked.stream().flatMap(work -> report(work).stream()).limit(1).toList(),
            manifests.stream().map(ManifestsPage.Row::of).toList(),
            manifest,
            given,
            problem);
    return renderer.render(
        "samples",
        renderer.page(context, "Samples across stages", "Samples"),
        Map.of("view", view));
  }

  /** The stages and variants of the repository; none where it cannot be read. */
  private List<String> stages() throws IOException {
    return site.repository().catalog(new Problems()).stream()
        .flatMap(catalog -> catalog.inOrder().stream())
        .flatMap(stage -> stage.choices(Optional.empty()).stream())
        .flatMap(choice -> choice.arm().stream())
        .toList();
  }

  private static Given given(Exposure.OfDataset dataset) {
    return new Given(
        Cells.of(
            dataset.dataset(),
            Counts.number(dataset.records()),
            Counts.number(dataset.samples()),
            Counts.number(dataset.given(0)),
            Counts.number(dataset.given(1)),
            Counts.number(dataset.given(2)),
            Counts.number(dataset.givenAtLeast(3))),
        dataset.records() == 0
            ? 0
            : (int) Math.round((double) BAR * dataset.givenAtLeast(1) / dataset.records()));
  }

  private static Optional<Report> report(Work work) {
    Optional<ObjectNode> result = work.result();
    if (result.isEmpty()) {
      return Optional.empty();
    }
    List<Cells> checked = new ArrayList<>();
    for (JsonNode one : result.get().path("checked")) {
      List<String> against = new ArrayList<>();
      one.path("against").forEach(name -> against.add(name.asText()));
      checked.add(
          Cells.of(
              one.path("subject").asText(),
              one.path("manifest_id").asText(""),
              against.isEmpty() ? "nothing is held out" : String.join(", ", against),
              Counts.number(one.path("leaks").asLong())));
    }
    List<Cells> leaks = new ArrayList<>();
    for (JsonNode leak : result.get().path("leaks")) {
      if (leaks.size() < MOST_LEAKS) {
        leaks.add(leak(leak));
      }
    }
    long count = result.get().path("count").asLong();
    return Optional.of(
        new Report(
            work.title(),
            work.begun().toString(),
            count == 0
                ? "No leak was found."
                : Counts.of(count, "leak")
                    + (count > MOST_LEAKS ? ", the first %d shown.".formatted(MOST_LEAKS) : "."),
            checked,
            leaks));
  }

  private static Cells leak(JsonNode leak) {
    JsonNode other = leak.path("held_out");
    return Cells.of(
        leak.path("subject").asText(),
        leak.path("dataset").asText(),
        place(leak),
        Counts.number(leak.path("times").asLong()),
        other.path("what").asText(),
        place(other),
        leak.path("confirmed").asBoolean() ? "" : "unconfirmed");
  }

  private static String place(JsonNode record) {
    return "%s record %s"
        .formatted(
            StoragePath.name(record.path("shard").asText()),
            Counts.number(record.path("record_number").asLong()));
  }
}
