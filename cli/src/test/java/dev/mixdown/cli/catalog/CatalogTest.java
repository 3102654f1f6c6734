package dev.mixdown.cli.catalog;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.cli.registry.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on jobs, on what they teach, and on the catalog that answers. */
class CatalogTest {
  @TempDir Path folder;

  private Cli.Result run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--registry", folder.resolve("registry")));
    return new Cli(folder.resolve("w")).run(all.toArray());
  }

  private Cli.Result good(Object... arguments) {
    Cli.Result result = run(arguments);
    assertThat(result.err(), result.code(), is(0));
    return result;
  }

  private String record(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("jobs", "record", "--json"));
    all.addAll(List.of(arguments));
    return good(all.toArray()).json().get("uuid").asText();
  }

  private Path config(String json) throws Exception {
    return TestFiles.write(folder.resolve("config.json"), json);
  }

  @Test
  void a_job_is_recorded_from_its_beginning_to_its_end() throws Exception {
    Path config = config("{\"seed\": 7, \"hub_token\": \"planted-4Xz\"}");
    String uuid =
        record(
            "--name",
            "pilot",
            "--algorithm",
            "grpo",
            "--recipe",
            "grpo_basic",
            "--config-file",
            config,
            "--set",
            "learning_rate=1e-6",
            "--set",
            "num_gpus=8");
    assertThat(uuid.length(), is(8));
    assertThat(good("jobs", "list").out(), containsString("pending"));
    good(
        "jobs",
        "record",
        uuid,
        "--status",
        "running",
        "--step",
        100,
        "--metric",
        "reward_mean=0.25",
        "--metric",
        "zeal=nan");
    good("jobs", "record", uuid, "--step", 200, "--metric", "reward_mean=0.5", "--json");
    good("jobs", "end", uuid.substring(0, 6), "--metric", "reward_mean=0.75", "--step", 300);
    JsonNode job = good("jobs", "show", uuid, "--json").json();
    assertThat(job.get("status").asText(), is("completed"));
    assertThat(job.at("/row/config/hub_token").asText(), is("***"));
    assertThat(job.get("started_at").isNull(), is(false));
    assertThat(job.get("completed_at").isNull(), is(false));
    assertThat(job.at("/metrics/0/metric").asText(), is("reward_mean"));
    assertThat(job.at("/metrics/0/highest").asDouble(), is(0.75));
    assertThat(job.at("/metrics/0/values").asInt(), is(3));
    assertThat(job.at("/metrics/1/not_finite").asInt(), is(1));
    assertThat(good("jobs", "show", uuid).out(), containsString("learning_rate  1e-06"));
    assertThat(
        run("jobs", "end", uuid).err(), containsString("has ended already: it is completed"));
    Schemas.check(folder.resolve("registry"));
    try (Stream<Path> files = Files.walk(folder.resolve("registry"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(Files.readString(file), not(containsString("planted-4Xz")));
      }
    }
    String dump = good("catalog", "dump").out();
    good("catalog", "rebuild");
    assertThat(good("catalog", "dump").out(), equalTo(dump));
  }

  @Test
  void bad_input_has_its_own_message_each() throws Exception {
    String uuid = record("--algorithm", "sft", "--name", "one");
    Path list = TestFiles.write(folder.resolve("list.json"), "[1]");
    Map<List<Object>, String> expected = new LinkedHashMap<>();
    expected.put(List.of("jobs", "record"), "is new, and has no algorithm yet");
    expected.put(
        List.of("jobs", "record", "--algorithm", "sfd"), "algorithm is \"sfd\"; known are sft");
    expected.put(
        List.of("jobs", "record", uuid, "--status", "runing"), "did you mean \"running\"?");
    expected.put(
        List.of("jobs", "record", uuid, "--set", "learing_rate=1"),
        "did you mean \"learning_rate\"?");
    expected.put(
        List.of("jobs", "record", uuid, "--set", "batch_size=many"),
        "batch_size is \"many\"; a whole number is expected");
    expected.put(
        List.of("jobs", "record", uuid, "--metric", "loss=low"),
        "--metric loss=low: a number is expected");
    expected.put(List.of("jobs", "record", uuid, "--config-file", list), "an object is expected");
    expected.put(
        List.of("jobs", "record", uuid, "--manifest", "nowhere"), "name a manifest's folder");
    expected.put(List.of("jobs", "show", "zzzz9999"), "\"mixdown jobs list\" shows the jobs");
    expected.put(List.of("jobs", "show", "z"), "is too short; say at least 4 digits");
    expected.put(List.of("jobs", "end", uuid, "--status", "running"), "--status is \"running\"");
    expected.put(List.of("jobs", "list", "--status", "done"), "--status is \"done\"");
    expected.put(
        List.of("jobs", "list", "--stale-after", "soon"),
        "a number of days, hours or minutes is expected");
    expected.put(List.of("jobs", "list", "--limit", "0"), "--limit has to be at least 1");
    expected.put(
        List.of("experience", "recommend", "--task-type", "sfx"), "--task-type is \"sfx\"");
    expected.put(
        List.of("experience", "best-practices", "sft_basic", "--metric", "zeal"),
        "set --direction");
    expected.put(List.of("experience", "best-practices", "sft_basic"), "--metric");
    expected.put(
        List.of("experience", "best-practices", "sft_basic", "--metric", "loss", "--same-data"),
        "set --manifest");
    expected.put(
        List.of("experience", "best-practices", "sft_basic", "--metric", "loss", "--manifest", "m"),
        "add --same-data");
    expected.put(
        List.of("experience", "suggest", "sft_basic", "--metric", "loss", "--config", "none.json"),
        "there is no such file");
    expected.put(
        List.of("experience", "suggest", "sft_basic", "--metric", "loss", "--config", list),
        "an object is expected");
    expected.put(
        List.of(
            "experience",
            "suggest",
            "sft_basic",
            "--metric",
            "loss",
            "--config",
            list,
            "--min-jobs",
            "9"),
        "it has to be 1, 2 or 3");
    expected.put(
        List.of("experience", "similar", "--config", list, "--algorithm", "x"),
        "--algorithm is \"x\"");
    expected.put(
        List.of("experience", "cost", "sft_basic", "--gpus", "8", "--model-size", "big"),
        "there is no size in \"big\"");
    expected.put(
        List.of("experience", "cost", "sft_basic", "--gpus", "0", "--model-size", "7B"),
        "--gpus has to be at least 1");
    expected.put(
        List.of("experience", "cost", "sft_basic", "--gpus", "8", "--model-size", "7B"),
        "no job of this recipe with a model of 7B has ended");
    expected.put(List.of("experience", "clone", uuid, "--replan"), "no manifest of job");
    expected.put(
        List.of("experience", "clone", uuid, "--set", "oops"), "a key, = and a value are expected");
    expected.put(List.of("experience", "clone", uuid, "-o", list), "is there already");
    expected.put(List.of("catalog", "import", "none.db"), "there is no such file");
    expected.put(List.of("catalog", "import", list), "not a database");
    expected.put(
        List.of("catalog", "import", "mysql://ana:planted@db/x"),
        "mysql://...: this cannot be opened");
    expected.put(List.of("catalog", "migrate", "none.db"), "there is no such file");
    expected.put(
        List.of("catalog", "refresh", "--catalog", "postgresql://ana:planted@localhost:1/x"),
        "refused");
    expected.put(List.of("diff", "job:zzzz", "job:" + uuid), "is not in");
    expected.put(
        List.of("registry", "export", "--to", folder.resolve("x"), "--format", "xml"), "--format");
    expected.forEach(
        (arguments, message) -> {
          Cli.Result result = run(arguments.toArray());
          assertThat(arguments.toString(), result.err(), containsString(message));
          assertThat(arguments.toString(), result.code(), not(is(0)));
          assertThat(result.err(), not(containsString("planted")));
        });
  }

  @Test
  void a_catalog_in_use_is_filled_as_things_happen() throws Exception {
    good("catalog", "refresh");
    String file = TestFiles.write(folder.resolve("roads.jsonl"), "{\"a\": 1}\n").toString();
    good("versions", "snapshot", file, "--name", "roads");
    good(
        "training",
        "append",
        folder.resolve("art"),
        "--model-name",
        "m",
        "--stage",
        "s",
        "--base-model",
        "b",
        "--checkpoint",
        "c",
        "--dataset",
        "roads",
        "--steps",
        "10",
        "--start",
        "2026-01-01T00:00:00",
        "--end",
        "2026-01-01T05:00:00",
        "--metric",
        "f1=0.5",
        "--hyperparam",
        "lr=2e-5",
        "--hyperparam",
        "algorithm=dpo",
        "--repo",
        folder);
    // By a program that only reads the file.
    JsonNode refreshed = good("catalog", "refresh", "--json").json();
    assertThat(refreshed.get("entries").asInt(), is(0));
    JsonNode jobs = good("jobs", "list", "--json").json();
    assertThat(jobs.get("total").asInt(), is(1));
    assertThat(jobs.at("/jobs/0/algorithm").asText(), is("dpo"));
    assertThat(jobs.at("/jobs/0/learning_rate").asDouble(), is(2e-5));
    assertThat(jobs.at("/jobs/0/status").asText(), is("completed"));
    String dump = good("catalog", "dump").out();
    assertThat(dump, containsString("\"dataset\":\"roads\""));
    good("catalog", "rebuild");
    assertThat(good("catalog", "dump").out(), equalTo(dump));
  }

  @Test
  void jobs_are_compared_with_their_columns_and_their_data() throws Exception {
    Path demo = TestFiles.root().resolve("configs/demo");
    good("prepare", "finetuning", "--repo", demo, "--output", folder.resolve("out"));
    String a =
        record(
            "--algorithm",
            "sft",
            "--set",
            "learning_rate=1e-6",
            "--set",
            "kl_coef=0.5",
            "--config-file",
            config("{\"learning_rate\": 3e-6}"),
            "--manifest",
            folder.resolve("out/finetuning"));
    String b = record("--algorithm", "sft", "--set", "learning_rate=5e-7", "--set", "kl_coef=0.7");
    Cli.Result diff = run("diff", "job:" + a, "job:" + b);
    assertThat(diff.code(), is(1));
    assertThat(diff.out(), containsString("critical   [~] learning_rate: 1e-06 -> 5e-07"));
    assertThat(diff.out(), containsString("manifest.samples"));
    // What the algorithm does not use says nothing.
    assertThat(diff.out(), not(containsString("kl_coef")));
    assertThat(
        diff.err(),
        containsString(
            "learning_rate is 0.000001 in its column, which counts, and 0.000003 in its config"));
    assertThat(
        run("diff", "job:" + a, "job:" + a).out(),
        containsString("in both, 0 only in A, 0 only in B"));
    Cli.Result clone = good("experience", "clone", a, "--replan", "--repo", demo, "--json");
    assertThat(clone.json().at("/today/summary").asText(), containsString("no differences"));
    assertThat(clone.json().at("/config/cloned_from").asText(), is(a));
    assertThat(
        good(
                "experience",
                "best-practices",
                "x",
                "--metric",
                "loss",
                "--same-data",
                "90%",
                "--manifest",
                folder.resolve("out/finetuning"))
            .out(),
        startsWith("No completed job of x has loss"));
  }

  @Test
  void the_platforms_56_jobs_are_taken_in_and_answer() throws Exception {
    Path platform =
        TestFiles.root().resolve("../shared/data/platform/training_platform.db").normalize();
    assumeTrue(Files.exists(platform), "../shared/data is not there");
    JsonNode imported = good("catalog", "import", platform, "--json").json();
    assertThat(imported.at("/jobs/fresh").asInt(), is(56));
    assertThat(imported.get("unread").asInt(), is(1));
    assertThat(
        good("catalog", "import", platform).out(), containsString("jobs        56    0        0"));
    assertThat(
        good("jobs", "list", "--status", "stale", "--json").json().get("total").asInt(), is(6));
    JsonNode recommended = good("experience", "recommend", "--json").json();
    assertThat(recommended.at("/recommendations/0/recipe").asText(), is("dpo_basic"));
    assertThat(recommended.at("/recommendations/2/recipe").asText(), is("sft_basic"));
    assertThat(recommended.at("/recommendations/2/success_rate").asInt(), is(80));
    assertThat(recommended.at("/uncounted_jobs/0").asText(), is("ede26c2e"));
    assertThat(
        good("experience", "recommend", "--task-type", "dpo").out(), containsString("dpo_basic"));
    good("experience", "best-practices", "dpo_basic", "--metric", "accuracy", "--json");
    Path config = config("{\"algorithm\": \"dpo\", \"lr\": 1e-3, \"batch_size\": 64}");
    JsonNode suggested =
        good(
                "experience",
                "suggest",
                "dpo_basic",
                "--metric",
                "accuracy",
                "--config",
                config,
                "--json")
            .json();
    assertThat(suggested.at("/suggestions/0/parameter").asText(), is("learning_rate"));
    assertThat(suggested.at("/suggestions/0/count").asInt(), is(3));
    good("experience", "suggest", "dpo_basic", "--metric", "accuracy", "--config", config);
    good("experience", "similar", "--config", config, "--json");
    good(
        "experience",
        "cost",
        "sft_basic",
        "--model-size",
        "7B",
        "--gpus",
        "8",
        "--price-per-gpu-hour",
        "2",
        "--json");
    good("registry", "export", "--to", folder.resolve("tables"), "--format", "jsonl", "--json");
    assertThat(
        Files.readAllLines(folder.resolve("tables/jobs/part-00000-of-00001.jsonl")).size(), is(56));
    assertThat(
        run("registry", "export", "--to", folder.resolve("tables")).err(),
        containsString("is there already; name another folder with --to"));
  }

  @Test
  void settings_tell_where_the_catalog_is_and_no_password() {
    Cli.Result result =
        Cli.plain(
            Map.of(
                "MIXDOWN_CATALOG", "postgresql://ana:planted-1@db/jobs",
                "MIXDOWN_CATALOG_PASSWORD", "planted-2"),
            "settings",
            "--json");
    assertThat(result.out(), containsString("postgresql://db/jobs"));
    assertThat(result.out(), not(containsString("planted")));
    assertThat(result.out(), not(containsString("ana")));
  }
}
