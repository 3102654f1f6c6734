package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.CallEntry;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.service.Client.Reply;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the table in docs/service.md, each attacked. */
class AttacksTest {
  private static final String TOKEN = "correct-horse-battery-staple";
  private static final Map<String, Object> SWITCH = Map.of("stage", "evaluation", "reason", "r");

  @TempDir Path folder;
  private TestSite site;

  @BeforeEach
  void make() {
    site = new TestSite(folder);
  }

  @AfterEach
  void end() {
    site.close();
  }

  private Client withToken() throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(
        file, "# who may call\nalice:" + TOKEN + "\nbob: another-token-of-bob-0123\n");
    site.tokens = Optional.of(file);
    return site.start();
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", site.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      byte[] first = in.readNBytes(in.available() > 0 ? in.available() : 1);
      StringBuilder text = new StringBuilder(new String(first, StandardCharsets.UTF_8));
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n > 0 && text.length() < 20_000; n = in.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
      return text.toString();
    }
  }

  @Test
  void another_host_without_tokens_does_not_start() {
    site.host = "0.0.0.0";
    ConfigException e = assertThrows(ConfigException.class, site::start);
    assertThat(e.getMessage(), containsString("--token-file"));
  }

  @Test
  void a_token_file_that_is_weak_or_wrong_does_not_start_and_shows_no_token() throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(file, "alice:short\nnonsense\nalice:" + TOKEN + "\nalice:" + TOKEN + "x\n");
    site.tokens = Optional.of(file);
    ConfigException e = assertThrows(ConfigException.class, site::start);
    assertThat(e.problems().size(), is(3));
    assertThat(e.getMessage(), not(containsString("short\n")));
    assertThat(e.getMessage(), not(containsString(TOKEN)));
    Files.writeString(file, "\n# nobody\n");
    assertThrows(ConfigException.class, site::start);
    Files.delete(file);
    assertThrows(ConfigException.class, site::start);
  }

  @Test
  void on_this_machine_a_token_is_needed_to_write_and_its_name_is_recorded() throws Exception {
    Client client = withToken();
    assertThat(client.get("/api/v1/stages/status").status(), is(200));
    Reply none = client.post("/api/v1/stages/switch", SWITCH);
    assertThat(none.status(), is(401));
    assertThat(none.header("WWW-Authenticate"), is("Bearer"));
    assertThat(
        client.post("/api/v1/stages/switch", SWITCH, "X-API-KEY", "guess").status(), is(401));
    assertThat(
        client.get("/api/v1/stages/status").json().path("current_stage").asText(),
        is("pretraining"));
    assertThat(
        client.post("/api/v1/stages/switch", SWITCH, "Authorization", "Bearer " + TOKEN).status(),
        is(200));
    assertThat(
        client
            .post("/api/v1/stages/rollback", Map.of(), "X-API-KEY", "another-token-of-bob-0123")
            .status(),
        is(200));
    Registry registry = site.service().site().registry();
    List<CallEntry> calls = registry.readAll(EntryKind.CALL, registry.ids(EntryKind.CALL));
    assertThat(
        calls.stream().map(c -> c.caller() + " " + c.operation()).sorted().toList(),
        is(List.of("alice switchStage", "bob rollbackStage")));
  }

  @Test
  void beyond_this_machine_a_token_is_needed_to_read_too() throws Exception {
    site.host = "0.0.0.0";
    Client client = withToken();
    assertThat(client.get("/healthz").status(), is(200));
    assertThat(client.get("/api/v1/recipes").status(), is(401));
    Reply page = client.get("/manifests");
    assertThat(page.status(), is(401));
    assertThat(page.text(), containsString("Sign in"));
    assertThat(client.get("/api/v1/recipes", "X-API-KEY", TOKEN).status(), is(200));
    assertThat(client.get("/manifests", "Cookie", "mixdown_token=" + TOKEN).status(), is(200));
    assertThat(client.get("/manifests", "Cookie", "mixdown_token=x").status(), is(401));
  }

  @Test
  void signing_in_gives_a_cookie_that_no_script_and_no_other_page_sends() throws Exception {
    Client client = withToken();
    String form = "application/x-www-form-urlencoded";
    assertThat(
        client.post("/login", "token=nope-nope-nope-nope", "Content-Type", form).status(), is(401));
    Reply in = client.post("/login", "token=" + TOKEN, "Content-Type", form);
    assertThat(in.status(), is(302));
    assertThat(in.header("Set-Cookie"), containsString("HttpOnly"));
    assertThat(in.header("Set-Cookie"), containsString("SameSite=Strict"));
  }

  @Test
  void guessing_tokens_is_stopped() throws Exception {
    Client client = withToken();
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      statuses.add(
          client.post("/api/v1/stages/switch", SWITCH, "X-API-KEY", "guess-" + i).status());
    }
    assertThat(statuses.get(0), is(401));
    assertThat(statuses.get(24), is(429));
    assertThat(
        client
            .post("/login", "token=x", "Content-Type", "application/x-www-form-urlencoded")
            .status(),
        is(429));
  }

  @Test
  void a_name_that_is_not_ours_is_refused() throws Exception {
    site.start();
    String rebound =
        raw("GET /api/v1/recipes HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assertThat(rebound, startsWith("HTTP/1.1 403"));
    assertThat(
        raw("GET / HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n"),
        startsWith("HTTP/1.1 403"));
    assertThat(
        raw("GET /healthz HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"),
        startsWith("HTTP/1.1 200"));
    assertThat(
        raw("GET /healthz HTTP/1.0\r\nConnection: close\r\n\r\n"), startsWith("HTTP/1.1 400"));
  }

  @Test
  void pages_elsewhere_cannot_make_a_browser_write() throws Exception {
    site.origins.add("https://portal.example");
    Client client = site.start();
    assertThat(
        client.post("/api/v1/stages/switch", SWITCH, "Origin", "https://evil.example").status(),
        is(403));
    assertThat(client.post("/api/v1/stages/switch", SWITCH, "Origin", "null").status(), is(403));
    assertThat(
        client.post("/api/v1/stages/switch", SWITCH, "Sec-Fetch-Site", "cross-site").status(),
        is(403));
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "text/json")) {
      assertThat(
          type,
          client
              .post("/api/v1/stages/switch", "{\"stage\":\"evaluation\"}", "Content-Type", type)
              .status(),
          is(415));
    }
    assertThat(
        client.get("/api/v1/stages/status").json().path("current_stage").asText(),
        is("pretraining"));
    assertThat(
        client
            .post("/api/v1/stages/switch", SWITCH, "Origin", "http://127.0.0.1:" + site.port())
            .status(),
        is(200));
    assertThat(
        client
            .post("/api/v1/stages/rollback", Map.of(), "Origin", "https://portal.example")
            .status(),
        is(200));
  }

  @Test
  void paths_lead_only_below_the_roots_also_through_links_and_dots() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret.jsonl"), "{\"a\":1}\n");
    Files.createSymbolicLink(data.resolve("link.jsonl"), outside.resolve("secret.jsonl"));
    Files.createSymbolicLink(data.resolve("folder"), outside);
    site.roots.add(data);
    Client client = site.start();
    for (String path :
        List.of(
            outside.resolve("secret.jsonl").toString(),
            data.resolve("link.jsonl").toString(),
            data.resolve("folder/secret.jsonl").toString(),
            data + "/../outside/secret.jsonl",
            "/proc/self/environ",
            "/etc/none-such",
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data",
            "s3://elsewhere/x.jsonl")) {
      Reply reply = client.post("/api/v1/dataset-versions/snapshot", Map.of("file_path", path));
      assertThat(path + ": " + reply.text(), reply.status(), is(403));
    }
    assertThat(
        client.post("/api/v1/dataset-versions/snapshot", Map.of("file_path", "a\u0000b")).status(),
        is(422));
  }

  @Test
  void a_manifest_is_named_by_its_id_and_never_by_a_path() throws Exception {
    site.prepare("pretraining");
    Path stage = folder.resolve("out/pretraining");
    Client client = site.start();
    for (String name :
        List.of(
            stage.toString(), "/etc", "/none/such", "s3://elsewhere/out", "../out/pretraining")) {
      Reply applied =
          client.post("/api/v1/recipes/apply", Map.of("recipe_id", "sft_basic", "manifest", name));
      assertThat(name, applied.status(), is(404));
      assertThat(applied.detail(), containsString("20 hexadecimal digits"));
    }
  }

  @Test
  void a_stage_of_a_repository_with_one_config_is_never_a_file() throws Exception {
    Files.delete(site.repository.resolve("stage_config.yaml"));
    Files.deleteIfExists(site.repository.resolve("active_stage.yaml"));
    Files.writeString(folder.resolve("other.json"), "{\"secret\": \"zebra\"}");
    Client client = site.start();
    String stage = client.get("/api/v1/stages/status").json().path("current_stage").asText();
    assertThat(client.get("/api/v1/stages/" + stage + "/preview").status(), is(200));
    for (String name :
        List.of("training_dataset.json", "other.json", "%2Fetc%2Fpasswd", "pom.xml")) {
      Reply reply = client.get("/api/v1/stages/" + name + "/preview");
      assertThat(name, reply.status(), is(404));
      assertThat(name, reply.text(), containsString("there is no stage"));
    }
    assertThat(client.post("/api/v1/stages/pom.xml/plan", Map.of()).status(), is(404));
  }

  @Test
  void records_that_lie_elsewhere_are_not_shown() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("d.jsonl"), "{\"secret\":\"zebra\"}\n");
    Files.writeString(
        site.repository.resolve("stages/evaluation.json"),
        """
        {"dataset_index": [{"name": "d", "obs_path": "%s", "bundle_versions": [], "duplicate": 1}]}
        """
            .formatted(elsewhere.resolve("d.jsonl")));
    String id = site.prepare("evaluation");
    Client client = site.start();
    assertThat(client.get("/api/v1/manifests/" + id + "/samples").status(), is(403));
    String page = client.get("/manifests/" + id).text();
    assertThat(page, containsString("--data-root"));
    assertThat(page, not(containsString("zebra")));
  }

  @Test
  void bodies_headers_and_depth_have_limits() throws Exception {
    Client client = site.start();
    String large = "{\"recipe_id\":\"" + "x".repeat(1_100_000) + "\"}";
    assertThat(client.post("/api/v1/recipes/apply", large).status(), is(413));
    String deep =
        "{\"recipe_id\":\"sft_basic\",\"overrides\":" + "[".repeat(2000) + "]".repeat(2000) + "}";
    assertThat(client.post("/api/v1/recipes/apply", deep).status(), is(422));
    String headers =
        raw(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
                + "y".repeat(40_000)
                + "\r\nConnection: close\r\n\r\n");
    assertThat(headers, startsWith("HTTP/1.1 431"));
    String chunked =
        raw(
            "POST /api/v1/recipes/apply HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "120000\r\n"
                + "x".repeat(0x120000)
                + "\r\n0\r\n\r\n");
    assertThat(chunked.substring(0, 12), not(startsWith("HTTP/1.1 200")));
    assertThat(client.get("/healthz").status(), is(200));
  }

  @Test
  void every_answer_tells_browsers_to_run_nothing_that_stands_in_it() throws Exception {
    Client client = site.start();
    for (String path :
        List.of("/", "/manifests", "/api/v1/recipes", "/nothing", "/assets/app.css")) {
      Reply reply = client.get(path);
      assertThat(
          path, reply.header("Content-Security-Policy"), containsString("default-src 'none'"));
      assertThat(path, reply.header("Content-Security-Policy"), not(containsString("unsafe")));
      assertThat(path, reply.header("X-Content-Type-Options"), is("nosniff"));
      assertThat(path, reply.header("Referrer-Policy"), is("no-referrer"));
      assertThat(path, reply.text(), not(containsString("<script>")));
    }
    assertThat(client.get("/nothing").header("Server"), is(""));
  }

  @Test
  void what_data_says_stays_text_on_pages() throws Exception {
    String evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    Path data = site.repository.resolve("data");
    Files.createDirectories(data);
    Files.writeString(
        data.resolve("evil.jsonl"), "{\"t\":\"" + evil.replace("\"", "\\\"") + "\"}\n");
    Files.writeString(
        site.repository.resolve("stages/evaluation.json"),
        """
        {"dataset_index": [{"name": "%s", "obs_path": "data/evil.jsonl", "bundle_versions": [], "duplicate": 1}]}
        """
            .formatted(evil.replace("\"", "\\\"")));
    String id = site.prepare("evaluation");
    Client client = site.start();
    client.post("/api/v1/stages/switch", Map.of("stage", "evaluation", "reason", evil));
    for (String path :
        List.of(
            "/",
            "/stages",
            "/stages/evaluation",
            "/manifests",
            "/manifests?search=%3Cscript%3Ealert(1)",
            "/manifests/" + id,
            "/lineage",
            "/lineage?node=" + id,
            "/lineage?node=%3Cscript%3Ealert(1)%3C/script%3E",
            "/data")) {
      String page = client.get(path).text();
      assertThat(path, page, not(containsString("<script>alert")));
      assertThat(path, page, not(containsString("<img")));
    }
    assertThat(client.get("/manifests/" + id).text(), containsString("&lt;script&gt;alert(1)"));
    String svg = client.get("/lineage.svg?node=" + id).text();
    assertThat(svg, not(containsString("<script>")));
  }

  @Test
  void what_is_wrong_shows_no_stack_and_methods_and_paths_that_are_not_there_say_so()
      throws Exception {
    Client client = site.start();
    Reply nothing = client.get("/api/v1/nothing");
    assertThat(nothing.status(), is(404));
    assertThat(nothing.header("Content-Type"), startsWith("application/problem+json"));
    Reply method = client.call("PUT", "/api/v1/recipes", "{}");
    assertThat(method.status(), is(405));
    assertThat(method.json().path("status").asInt(), is(405));
    for (String path :
        List.of(
            "/assets/..%2fapp.css",
            "/assets/../../etc/passwd", "/manifests/%2e%2e%2f", "/recipes/%00")) {
      Reply reply = client.get(path);
      assertThat(path, reply.status() / 100, is(4));
      assertThat(path, reply.text(), not(containsString("\tat ")));
    }
  }

  @Test
  void many_connections_do_not_keep_others_out() throws Exception {
    Client client = site.start();
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        idle.add(new Socket("127.0.0.1", site.port()));
        idle.get(i).getOutputStream().write("GET /hea".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(client.get("/healthz").status(), is(200));
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    assertThat(idle.size(), greaterThan(99));
  }
}
