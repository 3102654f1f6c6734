package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.registry.Schemas;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.CallEntry;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve}: what it refuses, and a process of it that others call and end. */
class ServeTest {
  @TempDir Path folder;

  private Process started(Path repository, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Mixdown.class.getName(),
                "serve",
                "--port",
                "0",
                "--repo",
                repository.toString(),
                "--output",
                folder.resolve("out").toString(),
                "--workspace",
                folder.resolve("ws").toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  private static String address(Process process) throws Exception {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line, startsWith("Serving "));
    String address = line.replaceFirst(".* at (http\\S+).*", "$1");
    HttpClient http = HttpClient.newHttpClient();
    for (int i = 0; i < 400; i++) {
      if (http.send(
                  HttpRequest.newBuilder(URI.create(address + "/readyz")).build(),
                  BodyHandlers.ofString())
              .statusCode()
          == 200) {
        break;
      }
      Thread.sleep(50);
    }
    return address;
  }

  @Test
  void what_cannot_be_served_is_refused_with_what_to_do() {
    Map<String, String> wrong =
        Map.of(
            "--port 99999", "--port is 99999",
            "--host 0.0.0.0", "--token-file",
            "--data-root /none/such", "no such folder",
            "--allow-origin portal", "as https://portal.example",
            "--watch often", "as 10m",
            "--stale-after never", "as 7d",
            "--token-file /none/such", "cannot be read");
    wrong.forEach(
        (options, message) -> {
          List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
          if (options.startsWith("--port")) {
            arguments.subList(1, 3).clear();
          }
          arguments.addAll(List.of(options.split(" ")));
          arguments.addAll(
              List.of(
                  "--repo",
                  TestFiles.demo().toString(),
                  "--output",
                  folder.resolve("out").toString()));
          Cli.Result result = new Cli(folder.resolve("ws")).run(arguments.toArray());
          assertThat(options, result.code(), is(2));
          assertThat(options, result.err(), containsString(message));
        });
  }

  @Test
  void a_repository_that_is_not_there_and_a_port_that_is_taken_are_refused() throws Exception {
    Cli cli = new Cli(folder.resolve("ws"));
    Cli.Result none = cli.run("serve", "--port", "0", "--repo", folder.resolve("none"));
    assertThat(none.code(), is(2));
    assertThat(none.err(), containsString("there is no such folder"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Cli.Result result =
          cli.run(
              "serve",
              "--port",
              taken.getLocalPort(),
              "--repo",
              TestFiles.demo(),
              "--output",
              folder.resolve("out"));
      assertThat(result.code(), is(2));
      assertThat(result.err(), containsString("--port " + taken.getLocalPort()));
      assertThat(result.err(), containsString("choose another port"));
    }
  }

  @Test
  void ended_under_load_no_answer_is_half_and_no_write_is_lost() throws Exception {
    Path repository = folder.resolve("demo");
    TestFiles.copy(TestFiles.demo(), repository);
    Process process = started(repository);
    String address = address(process);
    AtomicInteger answers = new AtomicInteger();
    AtomicInteger writes = new AtomicInteger();
    List<String> broken = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      Thread caller = new Thread(() -> call(address, number, answers, writes, broken));
      caller.start();
      callers.add(caller);
    }
    while (answers.get() < 400 || writes.get() < 20) {
      Thread.sleep(10);
    }
    process.destroy();
    assertThat("it ends", process.waitFor(40, TimeUnit.SECONDS), is(true));
    for (Thread caller : callers) {
      caller.join(10_000);
    }
    assertThat(broken, is(empty()));
    Registry registry =
        new Registry(Storage.of(Map.of()), folder.resolve("out/registry").toString(), d -> {});
    List<CallEntry> calls = registry.readAll(EntryKind.CALL, registry.ids(EntryKind.CALL));
    long good = calls.stream().filter(call -> call.status() == 200).count();
    assertThat("every write that was answered is recorded", good >= writes.get(), is(true));
    assertThat(Schemas.check(folder.resolve("out/registry")), greaterThan(20));
    assertThat(
        "the repository is whole",
        Cli.plain("stage", "status", "--repo", repository.toString()).code(),
        is(0));
  }

  /** Calls until nobody answers any more. */
  private static void call(
      String address,
      int number,
      AtomicInteger answers,
      AtomicInteger writes,
      List<String> broken) {
    HttpClient http = HttpClient.newHttpClient();
    String[] paths = {"/api/v1/recipes", "/", "/api/v1/stages/status", "/api/v1/jobs"};
    try {
      while (true) {
        boolean write = number == 0;
        HttpRequest.Builder request =
            HttpRequest.newBuilder(
                URI.create(address + (write ? "/api/v1/stages/check" : paths[number % 4])));
        if (write) {
          request
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"epoch\":1}"));
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          answers.incrementAndGet();
          writes.addAndGet(write ? 1 : 0);
          if (answer.body().startsWith("<") && !answer.body().strip().endsWith("</html>")) {
            broken.add(answer.body());
          } else if (!answer.body().startsWith("<")) {
            JsonNode whole = Json.value(answer.body());
            if (whole.isMissingNode()) {
              broken.add(answer.body());
            }
          }
        } else if (answer.statusCode() != 503) {
          broken.add(answer.statusCode() + " " + answer.body());
        }
      }
    } catch (IOException e) {
      // The service has ended; a half answer would have been JSON that cannot be read.
      if (e instanceof com.fasterxml.jackson.core.JacksonException) {
        broken.add(e.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_client_of_the_platform_in_python_finds_what_it_knows() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    Assumptions.assumeTrue(java.nio.file.Files.isExecutable(python), "no " + python);
    Path repository = folder.resolve("demo");
    TestFiles.copy(TestFiles.demo(), repository);
    Path platform = TestFiles.realData().resolve("platform/training_platform.db");
    Assumptions.assumeTrue(java.nio.file.Files.exists(platform), "no " + platform);
    Cli cli = new Cli(folder.resolve("ws"));
    Path registry = folder.resolve("out/registry");
    assertThat(cli.run("catalog", "import", platform, "--registry", registry).code(), is(0));
    Process process = started(repository);
    try {
      Process client =
          new ProcessBuilder(
                  python.toString(),
                  TestFiles.root().resolve("cli/src/test/python/platform_client.py").toString(),
                  address(process),
                  repository.resolve("data/parking_lots.csv").toString(),
                  repository.resolve("data/country_roads.jsonl").toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said, client.waitFor(), is(0));
      assertThat(said, containsString("21 operations"));
    } finally {
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }
}
