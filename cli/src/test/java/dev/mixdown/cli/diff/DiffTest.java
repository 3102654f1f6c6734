package dev.mixdown.cli.diff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code diff}: what can be compared, its forms and its exit codes. */
class DiffTest {
  @TempDir Path folder;

  private Cli.Result diff(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("diff"));
    all.addAll(List.of(arguments));
    return new Cli(folder.resolve("w")).run(all.toArray());
  }

  private Path file(String name, String text) throws Exception {
    return TestFiles.write(folder.resolve(name), text);
  }

  @Test
  void exit_codes_are_those_of_diff() throws Exception {
    Path a = file("a.yaml", "lr: 1e-5\n");
    Path b = file("b.json", "{\"lr\": 0.00001}");
    Path c = file("c.json", "{\"lr\": 2e-5}");
    assertThat(diff(a, b).code(), is(0));
    assertThat(diff(a, c).code(), is(1));
    assertThat(diff(a, folder.resolve("none.yaml")).code(), is(2));
    assertThat(diff(a, file("bad.json", "{")).code(), is(2));
    assertThat(diff(a, "recipe:none").code(), is(2));
    assertThat(diff(a, folder).code(), is(2));
    assertThat(diff(a).code(), is(2));
    assertThat(diff(a, b, "--format", "xml").code(), is(2));
    assertThat(diff(a, file("bad.json", "{"), "--json").json().path("exit_code").asInt(), is(2));
  }

  @Test
  void recipes_are_compared_by_their_configs_also_with_a_file() throws Exception {
    Cli.Result result = diff("recipe:sft_basic", "recipe:sft_large_scale@1.0.0", "--json");
    assertThat(result.code(), is(1));
    JsonNode first = result.json().path("diffs").get(0);
    assertThat(first.path("path").asText(), is("batch_size"));
    assertThat(first.path("importance").asText(), is("critical"));
    Path config = folder.resolve("c.yaml");
    new Cli(folder.resolve("w")).run("recipes", "apply", "sft_basic", "-o", config);
    assertThat(diff("recipe:sft_basic", config).out(), containsString("[+] micro_batch_size"));
  }

  @Test
  void manifests_are_compared_by_what_they_were_made_of() throws Exception {
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    Cli cli = new Cli(folder.resolve("w"));
    Path out = folder.resolve("out");
    String first =
        cli.run("prepare", "pretraining", "--repo", repo, "--output", out, "--json")
            .json()
            .path("manifest_id")
            .asText();
    Path config = repo.resolve("stages/pretraining.json");
    Files.writeString(
        config, Files.readString(config).replace("\"parking\": 0.2", "\"parking\": 0.1"));
    String second =
        cli.run("prepare", "pretraining", "--repo", repo, "--output", out, "--json")
            .json()
            .path("manifest_id")
            .asText();
    assertThat(second, is(not(first)));
    Path old = out.resolve("pretraining/" + first);
    Cli.Result result = diff(old.resolve("manifest.json"), out.resolve("pretraining"));
    assertThat(result.code(), is(1));
    assertThat(result.out(), containsString("[~] spec.data_ratio.parking: 0.2 -> 0.1"));
    assertThat(result.out(), containsString("strata[name=parking_lots/parking].quota"));
    assertThat(result.out(), not(containsString("parts")));
    assertThat(
        diff(first.substring(0, 8), old, "--registry", out.resolve("registry")).code(), is(0));
  }

  @Test
  void a_patch_is_whole_and_says_so_and_markdown_is_a_table() throws Exception {
    Path a = file("a.json", "{\"api_key\": \"k-1\", \"l\": [1, 2]}");
    Path b = file("b.json", "{\"api_key\": \"k-2\", \"l\": [2, 1]}");
    Cli.Result patch = diff(a, b, "--format", "patch");
    assertThat(patch.out(), containsString("k-2"));
    assertThat(patch.err(), containsString("not masked"));
    assertThat(diff(a, b).out(), not(containsString("k-2")));
    assertThat(
        diff(a, b, "--format", "markdown").out(),
        containsString("| normal | modified | `l[0]` | `1 -> 2` |"));
  }

  @Test
  void a_table_of_ones_own_says_what_matters() throws Exception {
    Path a = file("a.yaml", "{mixing: 1, created_at: x}");
    Path b = file("b.yaml", "{mixing: 2, created_at: y}");
    assertThat(diff(a, b).out(), containsString("normal     [~] mixing"));
    Path table = file("t.yaml", "critical: {mixing: []}");
    assertThat(diff(a, b, "--importance", table).out(), containsString("critical   [~] mixing"));
    assertThat(diff(a, b, "--all").out(), containsString("created_at"));
    assertThat(diff(a, b, "--importance", file("t2.yaml", "x: 1")).code(), is(2));
  }
}
