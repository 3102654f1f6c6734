package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of exit codes in docs/troubleshooting.md, a test for each of its rows. */
class ExitCodesTest {
  @TempDir Path folder;
  private Path repo;
  private Path missing;

  @BeforeEach
  void repository() throws Exception {
    repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    missing = folder.resolve("missing");
  }

  private int code(Object... command) {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    return Cli.plain(words.toArray(String[]::new)).code();
  }

  private int prepare(Object... more) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("prepare", "finetuning", "--repo", repo, "--output"));
    words.addAll(List.of(folder.resolve("out"), "--workspace", folder.resolve("workspace")));
    words.addAll(List.of(more));
    return code(words.toArray());
  }

  /** A command in a process of its own, whose output goes where a shell sends it. */
  private static int shell(String command, Map<String, String> environment) throws Exception {
    ProcessBuilder process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    process.environment().put("CP", System.getProperty("java.class.path"));
    process.environment().putAll(environment);
    Process running = process.start();
    running.getInputStream().readAllBytes();
    return running.waitFor();
  }

  private static final String MIXDOWN =
      "java -XX:TieredStopAtLevel=1 -cp \"$CP\" dev.mixdown.cli.Mixdown ";

  @Test
  void done_is_0() {
    assertThat(prepare(), is(0));
    assertThat("nothing to do", prepare(), is(0));
    assertThat(code("stage", "check", "--repo", repo, "--epoch", 1), is(0));
    assertThat(code("--help"), is(0));
  }

  /** A store that does not answer at all is the same failure, after 40 seconds. */
  @Test
  void a_store_that_refuses_is_1() throws Exception {
    HttpServer store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    store.createContext(
        "/",
        request -> {
          request.sendResponseHeaders(403, -1);
          request.close();
        });
    store.start();
    try {
      Map<String, String> environment =
          Map.of(
              "AWS_ACCESS_KEY_ID", "a",
              "AWS_SECRET_ACCESS_KEY", "b",
              "AWS_REGION", "us-east-1",
              "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + store.getAddress().getPort());
      assertThat(shell(MIXDOWN + "verify s3://bucket/stage", environment), is(1));
    } finally {
      store.stop(0);
    }
  }

  @Test
  void output_that_cannot_be_written_is_1() throws Exception {
    assertThat(shell(MIXDOWN + "--help > /dev/full", Map.of()), is(1));
  }

  @Test
  void an_unknown_option_or_key_is_2() throws Exception {
    assertThat(code("prepare", "--repositroy", repo), is(2));
    Path config = repo.resolve("stages/finetuning.json");
    Files.writeString(
        config, Files.readString(config).replace("\"dataset_index\"", "\"datasets\""));
    assertThat(prepare(), is(2));
  }

  @Test
  void what_was_named_by_hand_and_is_not_there_is_2() {
    assertThat(code("prepare", "--repo", missing), is(2));
    assertThat(code("verify", missing), is(2));
    assertThat(code("versions", "list", "--registry", missing), is(2));
    assertThat(code("training", "list", "--registry", missing), is(2));
    assertThat(code("registry", "verify", "--registry", missing), is(2));
    assertThat(code("training", "show", missing), is(2));
    assertThat(code("stage", "switch-stage", "nowhere", "--repo", repo), is(2));
  }

  @Test
  void an_output_that_is_a_file_is_2() throws Exception {
    TestFiles.write(folder.resolve("out"), "a file where a folder has to be");
    assertThat(prepare(), is(2));
  }

  @Test
  void a_setting_that_is_missing_is_2() throws Exception {
    assertThat(shell(MIXDOWN + "inspect obs://bucket/a.jsonl", Map.of("OBS_ENDPOINT", "")), is(2));
  }

  @Test
  void a_damaged_shard_is_3() throws Exception {
    Path shard = repo.resolve("data/toll_station_scenarios_refined.jsonl");
    Files.writeString(shard, Files.readString(shard) + "{\"cut\": ");
    assertThat(prepare(), is(3));
  }

  @Test
  void too_many_bad_records_are_3() throws Exception {
    Path shard = repo.resolve("data/toll_station_scenarios_refined.jsonl");
    Files.writeString(shard, "no record\n".repeat(100) + Files.readString(shard));
    assertThat(prepare("--on-bad-record", "skip"), is(3));
    assertThat(prepare("--on-bad-record", "skip", "--max-rejected", "100"), is(0));
  }

  @Test
  void a_manifest_that_is_not_as_it_says_is_3() throws Exception {
    assertThat(prepare(), is(0));
    Path manifest = TestFiles.current(folder.resolve("out/finetuning")).resolve("manifest.json");
    String json = Files.readString(manifest);
    assertThat(code("verify", manifest), is(0));
    Files.writeString(manifest, json.replace("\"samples\": 4167", "\"samples\": 4168"));
    assertThat(code("verify", manifest), is(3));
  }

  @Test
  void a_check_that_switches_proposes_or_pauses_is_10_11_or_12() throws Exception {
    Path config = repo.resolve("stage_config.yaml");
    String auto = Files.readString(config);
    Path active = repo.resolve("active_stage.yaml");
    String before = Files.readString(active);
    Object[] check = {
      "stage", "check", "--repo", repo, "--epoch", 50, "--event", "pretraining_complete"
    };
    assertThat(code(check), is(10));

    Files.writeString(active, before);
    Files.writeString(config, auto.replace("mode: \"auto\"", "mode: \"hybrid\""));
    assertThat(code(check), is(11));

    Files.writeString(active, before);
    Files.writeString(
        config,
        auto.replace(
            "  check_interval: 10\n",
            "  check_interval: 10\n  rollback_conditions:\n"
                + "    - {condition: \"loss > 8\", action: \"pause\"}\n"));
    assertThat(code("stage", "check", "--repo", repo, "--loss", 9), is(12));
  }
}
