package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.increments.StreamStatus;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.LastLook;
import dev.mixdown.service.api.Streams;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stream: its position, what waits, who reads it, and its last increments. */
public final class StreamPage {
  private static final long MOST_INCREMENTS = 50;

  private final Site site;
  private final Renderer renderer;

  /**
   * What the page shows.
   *
   * @param problems what somebody has to look after
   */
  public record View(
      String stage,
      String lead,
      List<String> problems,
      List<Cells> strata,
      List<Reader> consumers,
      List<Row> increments,
      String more) {}

  /** A consumer. */
  public record Reader(Cells cells, String at) {}

  /** An increment. */
  public record Row(Cells cells, String at) {}

  StreamPage(Site site, Renderer renderer) {
    this.site = site;
    this.renderer = renderer;
  }

  Answer show(Context context) throws IOException {
    String stage = context.pathParam("stage");
    StreamStatus status = Streams.status(site, stage, Optional.empty());
    List<Row> rows = new ArrayList<>();
    for (Increment increment : Streams.newest(status, MOST_INCREMENTS)) {
      rows.add(row(increment));
    }
    long hidden = status.state().seq() - rows.size();
    View view =
        new View(
            stage,
            "Position %,d, %s%s"
                .formatted(
                    status.state().position(),
                    Counts.of(status.state().seq(), "increment"),
                    status.state().closed() ? ". The stream is closed" : ""),
            status.look().map(StreamPage::problems).orElse(List.of()),
            status.strata().stream().map(stratum -> stratum(status, stratum)).toList(),
            status.consumers().stream().map(consumer -> reader(status, consumer)).toList(),
            rows,
            hidden > 0 ? "and %s before".formatted(Counts.of(hidden, "increment")) : "");
    return renderer.render(
        "stream", renderer.page(context, "Stream of " + stage, "Stages"), Map.of("view", view));
  }

  private static List<String> problems(LastLook look) {
    List<String> problems = new ArrayList<>();
    if (!look.why().isEmpty()) {
      problems.add("Nothing was published at the last look: " + look.why());
    }
    look.gone().forEach(file -> problems.add("Gone: " + file));
    look.problems().forEach(problem -> problems.add("Rejected: " + problem));
    return problems;
  }

  private static Cells stratum(StreamStatus status, String stratum) {
    return Cells.of(
        stratum,
        status.share(stratum),
        Counts.number(status.state().given(stratum)),
        Counts.number(status.state().waitingRecords(stratum)),
        Counts.number(status.arriving(stratum)),
        Counts.number(status.state().debt().getOrDefault(stratum, 0L)));
  }

  private static Reader reader(StreamStatus status, Consumer consumer) {
    return new Reader(
        Cells.of(
            consumer.name(),
            Counts.number(consumer.position()),
            Counts.number(Math.max(0, status.state().position() - consumer.position()))),
        consumer.when());
  }

  private static Row row(Increment increment) {
    String heldBack = increment.cut().heldBack();
    return new Row(
        Cells.of(
            Counts.number(increment.seq()),
            Counts.number(increment.positions().from()),
            Counts.number(increment.positions().to()),
            Counts.number(increment.samples()),
            Counts.number(increment.arrivals().size()),
            increment.cut().rule(),
            heldBack == null ? "" : heldBack),
        increment.when());
  }
}
