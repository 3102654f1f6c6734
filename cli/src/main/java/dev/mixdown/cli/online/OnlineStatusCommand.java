package dev.mixdown.cli.online;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.increments.StreamStatus;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.LastLook;
import dev.mixdown.transforms.stream.StreamState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows how a stream stands. */
@Command(
    name = "status",
    description = {
      "Show how a stream stands: its position, what waits per stratum, which stratum holds back, how"
          + " far each consumer is behind, and what was rejected.",
      "",
      "Exit code 3 says that somebody has to do something: a file with waiting records is gone, or"
          + " records wait longer than max_wait since a stratum holds back."
    },
    sortOptions = false)
public final class OnlineStatusCommand extends StreamCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "STAGE", description = "The stage.")
  private @Nullable String stage;

  @Override
  public Integer call() throws Exception {
    Located stream = stream(stage);
    StreamStatus status = StreamStatus.of(stream.folder(), stream.document());
    boolean help = status.needsHelp(stream.stage().rules().maxWait(), clock().instant());
    if (json()) {
      ObjectNode json = status.json();
      json.put("needs_help", help);
      print(json);
    } else {
      print(status, help);
    }
    return help ? Failure.BAD_DATA : 0;
  }

  private void print(StreamStatus status, boolean help) {
    StreamState state = status.state();
    out()
        .printf(
            "Stream of %s in %s%s%n",
            status.document().stage(), status.folder().path(), state.closed() ? ", closed" : "");
    out()
        .printf(
            "Position %,d, %s%s%n",
            state.position(),
            Counts.of(state.seq(), "increment"),
            status
                .last()
                .map(
                    last ->
                        "; the last %s ago: %s (%s)"
                            .formatted(
                                ago(last.when()),
                                Counts.of(last.samples(), "sample"),
                                last.cut().rule()))
                .orElse(""));
    out().println();
    strata(status);
    consumers(status);
    totals(state);
    status.look().ifPresent(this::look);
    if (help) {
      out().println();
      out()
          .println(
              "Something has to be done: bring the missing data, or set \"shortage\" in the stage's online config");
    }
  }

  private void strata(StreamStatus status) {
    Table table = new Table("stratum", ">share", ">given", ">waiting", ">arriving", ">owed");
    Map<String, Long> debt = status.state().debt();
    for (String stratum : status.strata()) {
      table.row(
          stratum,
          status.share(stratum),
          Counts.number(status.state().given(stratum)),
          Counts.number(status.state().waitingRecords(stratum)),
          Counts.number(status.arriving(stratum)),
          Counts.number(debt.getOrDefault(stratum, 0L)));
    }
    table.print(out());
  }

  private void consumers(StreamStatus status) {
    if (status.consumers().isEmpty()) {
      return;
    }
    out().println();
    Table table = new Table("consumer", ">position", ">behind", "said");
    for (Consumer consumer : status.consumers()) {
      table.row(
          consumer.name(),
          Counts.number(consumer.position()),
          Counts.number(Math.max(0, status.state().position() - consumer.position())),
          ago(consumer.when()) + " ago");
    }
    table.print(out());
  }

  private void totals(StreamState state) {
    out().println();
    out()
        .printf(
            "Arrived: %s with %s%s%n",
            Counts.of(total(state, StreamState.ARRIVALS), "file"),
            Counts.of(total(state, StreamState.RECORDS), "record"),
            rest(state));
  }

  private static String rest(StreamState state) {
    StringBuilder rest = new StringBuilder();
    add(rest, total(state, StreamState.REJECTED_SHARDS), "file", " rejected");
    add(rest, total(state, StreamState.REJECTED_RECORDS), "bad record", " left out");
    add(rest, total(state, StreamState.STRUCK), "waiting record", " struck");
    add(rest, total(state, StreamState.RETRACTED), "record", " retracted after use");
    return rest.toString();
  }

  private static void add(StringBuilder to, long count, String what, String verb) {
    if (count > 0) {
      to.append("; ").append(Counts.of(count, what)).append(verb);
    }
  }

  private static long total(StreamState state, String key) {
    return state.totals().getOrDefault(key, 0L);
  }

  private void look(LastLook look) {
    out()
        .printf(
            "Last look %s ago: %s not in the chain yet%s%n",
            ago(look.when()),
            Counts.of(look.files(), "file"),
            look.young() > 0
                ? ", %s may still be written to".formatted(Counts.of(look.young(), "more file"))
                : "");
    if (!look.why().isEmpty()) {
      out().println("Nothing was published then: " + look.why());
    }
    look.gone().forEach(file -> out().println("Gone: " + file));
    look.problems().forEach(problem -> out().println("Rejected: " + problem));
  }

  private String ago(String when) {
    long seconds =
        Math.max(0, Duration.between(Instant.parse(when), clock().instant()).toSeconds());
    return seconds < 120
        ? seconds + " s"
        : seconds < 7200
            ? seconds / 60 + " min"
            : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
  }
}
