package dev.mixdown.service.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by operation and status, and the time that they took. */
public final class CallCounts {
  private record Key(String operation, int status) {}

  private final Map<Key, LongAdder> answers = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> nanos = new ConcurrentHashMap<>();

  /** One more. */
  public void add(String operation, int status, long itsNanos) {
    answers.computeIfAbsent(new Key(operation, status), k -> new LongAdder()).increment();
    nanos.computeIfAbsent(operation, o -> new LongAdder()).add(itsNanos);
  }

  /** In Prometheus' text format. */
  public String text() {
    Map<String, String> lines = new TreeMap<>();
    answers.forEach(
        (key, count) ->
            lines.put(
                "mixdown_http_answers_total{operation=\"%s\",status=\"%d\"}"
                    .formatted(key.operation(), key.status()),
                String.valueOf(count.sum())));
    StringBuilder text =
        new StringBuilder("# HELP mixdown_http_answers_total Answers by operation and status.\n")
            .append("# TYPE mixdown_http_answers_total counter\n");
    lines.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    text.append("# HELP mixdown_http_answer_seconds_total The time that answers took.\n")
        .append("# TYPE mixdown_http_answer_seconds_total counter\n");
    new TreeMap<>(nanos)
        .forEach(
            (operation, sum) ->
                text.append("mixdown_http_answer_seconds_total{operation=\"")
                    .append(operation)
                    .append("\"} ")
                    .append(sum.sum() / 1e9)
                    .append('\n'));
    return text.toString();
  }
}
