package dev.mixdown.registry.events;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.events.Outbox.Delivery;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events on their way to a real HTTP server. */
class OutboxTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID RUN = new UUID(1, 2);

  @TempDir Path folder;
  private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private volatile ToIntFunction<String> answer = body -> 201;
  private HttpServer server;
  private Outbox outbox;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          int status = answer.applyAsInt(body);
          if (status == 201) {
            taken.add(body);
          }
          keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    outbox = outbox("http://localhost:" + server.getAddress().getPort());
  }

  private Outbox outbox(String url) {
    EventSettings settings =
        EventSettings.from(Map.of("OPENLINEAGE_URL", url, "OPENLINEAGE_API_KEY", "secret"));
    return new Outbox(
        STORAGE,
        folder,
        settings.endpoint().orElseThrow(),
        settings.apiKey(),
        Duration.ofSeconds(2));
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void put(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      outbox.put(new Event(TIME.plusMillis(i), RUN, "start", "{\"n\": " + i + "}"));
    }
  }

  private static List<String> numbers(int from, int to) {
    List<String> bodies = new ArrayList<>();
    for (int i = from; i < to; i++) {
      bodies.add("{\"n\": " + i + "}");
    }
    return bodies;
  }

  @Test
  void events_are_sent_in_order_and_once() throws Exception {
    put(0, 12);
    assertThat(outbox.send(), is(new Delivery(12, 0, 0, Optional.empty())));
    assertThat(outbox.send(), is(new Delivery(0, 0, 0, Optional.empty())));
    assertThat(taken, is(numbers(0, 12)));
    assertThat(keys.get(0), is("Bearer secret"));
  }

  @Test
  void an_event_that_is_refused_a_second_time_blocks_nothing() throws Exception {
    answer = body -> body.contains("0") ? 422 : 201;
    for (int time = 0; time < 2; time++) {
      put(0, 2);
      assertThat(outbox.send(), is(new Delivery(1, 1, 0, Optional.empty())));
    }
  }

  @Test
  void what_an_endpoint_that_is_down_did_not_take_is_sent_later_in_order() throws Exception {
    put(0, 5);
    answer = body -> body.contains("3") ? 503 : 201;
    Delivery first = outbox.send();
    assertThat(first.sent(), is(3));
    assertThat(first.left(), is(2));
    assertThat(first.problem().orElse(""), containsString("answered 503"));

    server.stop(0);
    assertThat(outbox.send().problem().orElse(""), containsString("cannot be reached"));

    put(5, 7);
    answer = body -> 201;
    startServer();
    assertThat(outbox.send().sent(), is(4));
    assertThat(taken, is(numbers(0, 7)));
  }

  @Test
  void an_event_that_is_refused_as_wrong_is_put_aside_and_holds_up_nothing() throws Exception {
    put(0, 4);
    answer = body -> body.contains("1") ? 422 : 201;
    assertThat(outbox.send(), is(new Delivery(3, 1, 0, Optional.empty())));
    try (var refused = Files.list(folder.resolve("refused"))) {
      assertThat(refused.count(), is(1L));
    }
  }

  @Test
  void a_wrong_key_loses_nothing() throws Exception {
    put(0, 3);
    answer = body -> 401;
    assertThat(outbox.send().left(), is(3));
    answer = body -> 201;
    outbox.send();
    assertThat(taken, is(numbers(0, 3)));
  }

  @Test
  void an_endpoint_that_never_answers_is_given_up_in_time() throws Exception {
    put(0, 2);
    answer =
        body -> {
          try {
            Thread.sleep(10_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 201;
        };
    long begin = System.nanoTime();
    assertThat(outbox.send().left(), is(2));
    assertThat(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 8, is(true));
  }

  @Test
  void what_is_secret_in_an_endpoint_is_in_no_message_and_in_no_name() throws Exception {
    EventSettings settings =
        EventSettings.from(
            Map.of(
                "OPENLINEAGE_URL", "http://user:hidden-pw@localhost:9",
                "OPENLINEAGE_ENDPOINT", "lineage?code=hidden-key"));
    Outbox box =
        EventLog.outbox(STORAGE, settings, folder.resolve("box"), Duration.ofSeconds(1))
            .orElseThrow();
    box.put(new Event(TIME, RUN, "start", "{}"));
    assertThat(box.send().problem().orElse(""), not(containsString("hidden")));
    try (var files = Files.walk(folder)) {
      assertThat(files.noneMatch(file -> file.toString().contains("hidden")), is(true));
    }
  }

  @Test
  void many_who_send_at_once_send_everything_once() throws Exception {
    put(0, 40);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Callable<Delivery>> senders = Collections.nCopies(6, outbox::send);
    threads.invokeAll(senders);
    threads.shutdown();
    outbox.send();
    assertThat(taken, is(numbers(0, 40)));
  }

  @Test
  void a_log_keeps_a_file_for_each_event_and_waits_for_no_endpoint() throws Exception {
    server.stop(0);
    EventSettings settings =
        EventSettings.from(
            Map.of("OPENLINEAGE_URL", "http://localhost:" + server.getAddress().getPort()));
    EventLog log =
        new EventLog(
            new Registry(STORAGE, folder.resolve("records").toString(), damage -> {}),
            settings,
            folder.resolve("box"));
    long begin = System.nanoTime();
    log.emit(new Event(TIME, RUN, "start", "{\"n\": 1}"));
    log.emit(new Event(TIME.plusNanos(1), RUN, "complete", "{\"n\": 2}"));
    log.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 3000, is(true));

    try (var files = Files.list(folder.resolve("records/events"))) {
      assertThat(
          files.map(f -> f.getFileName().toString()).sorted().toList(),
          is(
              List.of(
                  "20260101T000000.000000000Z-" + RUN + "-1-start.json",
                  "20260101T000000.000000001Z-" + RUN + "-2-complete.json")));
    }
    Outbox box =
        EventLog.outbox(STORAGE, settings, folder.resolve("box"), Duration.ofSeconds(2))
            .orElseThrow();
    assertThat(box.send().left(), is(2));
  }

  @Test
  void an_endpoint_that_is_well_has_all_events_when_the_run_is_done() throws Exception {
    EventSettings settings =
        EventSettings.from(
            Map.of("OPENLINEAGE_URL", "http://localhost:" + server.getAddress().getPort()));
    for (int run = 0; run < 5; run++) {
      EventLog log =
          new EventLog(
              new Registry(STORAGE, folder.resolve("records").toString(), damage -> {}),
              settings,
              folder.resolve("box"));
      log.emit(new Event(TIME.plusMillis(2L * run), RUN, "start", "{\"n\": " + 2 * run + "}"));
      log.emit(
          new Event(
              TIME.plusMillis(2L * run + 1), RUN, "complete", "{\"n\": " + (2 * run + 1) + "}"));
      log.close();
      assertThat(taken, is(numbers(0, 2 * run + 2)));
    }
  }

  @Test
  void settings_are_openlineages_own() {
    EventSettings none = EventSettings.from(Map.of());
    assertThat(none.endpoint().isEmpty(), is(true));
    assertThat(none.namespace(), is("mixdown"));

    EventSettings all =
        EventSettings.from(
            Map.of(
                "OPENLINEAGE_URL", "https://marquez:5000/",
                "OPENLINEAGE_ENDPOINT", "/custom",
                "OPENLINEAGE_NAMESPACE", "prod",
                "OPENLINEAGE_PARENT_ID", "airflow/dag.task/" + RUN));
    assertThat(all.endpoint().orElseThrow(), is(URI.create("https://marquez:5000/custom")));
    assertThat(
        all.parent().orElseThrow(), is(new EventSettings.Parent("airflow", "dag.task", RUN)));
    assertThat(
        EventSettings.from(Map.of("OPENLINEAGE_PARENT_ID", "nonsense")).parent().isEmpty(),
        is(true));
    for (String bad : List.of("marquez:5000", "user:pw@marquez", "ftp://marquez", "not a url")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> EventSettings.from(Map.of("OPENLINEAGE_URL", bad)));
      assertThat(e.getMessage(), containsString("one as http://host:5000 is expected"));
      assertThat("it may have a password in it", e.getMessage(), not(containsString(bad)));
    }
  }
}
