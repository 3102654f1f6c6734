package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
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

class ShowTest {
  @TempDir Path folder;

  private Path prepare(String format) throws Exception {
    Path repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 300));
    TestFiles.write(repo.resolve("b.csv"), "id,text\n" + "b,\"x, y\"\n".repeat(100));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s", "stage_config": {"shuffle_block": 16, "rows_per_part": 160}},
         "dataset_index": [
          {"name": "a", "obs_path": "a.jsonl"}, {"name": "b", "obs_path": "b.csv"}]}
        """);
    Path out = folder.resolve("out-" + format);
    Cli.Result prepared =
        cli().run("prepare", "--repo", repo, "--output", out, "--manifest-format", format);
    assertThat(prepared.err(), prepared.code(), is(0));
    return out;
  }

  private Cli cli() {
    return new Cli(folder.resolve("workspace"));
  }

  private List<JsonNode> show(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("show"));
    all.addAll(List.of(arguments));
    all.add("--json");
    Cli.Result shown = cli().run(all.toArray());
    assertThat(shown.err(), shown.code(), is(0));
    List<JsonNode> samples = new ArrayList<>();
    shown.json().path("samples").forEach(samples::add);
    return samples;
  }

  private static List<Long> positions(List<JsonNode> samples) {
    return samples.stream().map(s -> s.path("position").asLong()).toList();
  }

  @Test
  void samples_of_both_formats_are_shown_in_order_from_any_position_over_parts() throws Exception {
    Path parquet = prepare("parquet");
    Path jsonl = prepare("jsonl");
    List<JsonNode> all = show(parquet.resolve("s"), "--count", 1000);
    assertThat(all, hasSize(400));
    assertThat(show(jsonl.resolve("s"), "--count", 1000), is(all));
    for (Path out : List.of(parquet, jsonl)) {
      assertThat(show(out.resolve("s"), "--at", 155, "--count", 9), is(all.subList(155, 164)));
      assertThat(show(out.resolve("s"), "--at", 399), is(all.subList(399, 400)));
      assertThat(show(out.resolve("s"), "--at", 400), is(List.of()));
    }
    List<JsonNode> rows = all.stream().filter(s -> s.path("dataset").asText().equals("b")).toList();
    assertThat(show(parquet.resolve("s"), "--dataset", "b", "--count", 1000), is(rows));
    assertThat(
        rows.stream().map(s -> s.path("record").asText()).toList(), everyItem(is("b,\"x, y\"")));
    JsonNode line = all.stream().filter(s -> s.path("record").isObject()).findFirst().orElseThrow();
    assertThat(line.path("dataset").asText(), is("a"));
    assertThat(
        positions(show(parquet.resolve("s"), "--sample", 4)), is(List.of(0L, 100L, 200L, 300L)));
    assertThat(show(parquet.resolve("s"), "--sample", 4000), is(all));
  }

  @Test
  void a_manifest_is_named_by_its_stage_its_file_its_id_or_its_stage_in_the_output_folder()
      throws Exception {
    Path out = prepare("parquet");
    Path current = TestFiles.current(out.resolve("s"));
    List<JsonNode> first = show(current, "--count", 3);
    assertThat(show(current.resolve("manifest.json"), "--count", 3), is(first));
    String id = String.valueOf(current.getFileName());
    assertThat(
        show(id.substring(0, 8), "--registry", out.resolve("registry"), "--count", 3), is(first));
    Cli byStage =
        new Cli(folder.resolve("workspace"), java.util.Map.of("MIXDOWN_OUTPUT", out.toString()));
    assertThat(byStage.run("show", "s", "--count", "3").code(), is(0));
    Cli.Result none = cli().run("show", "deadbeef");
    assertThat(none.code(), is(2));
    assertThat(none.err(), containsString("deadbeef: is not there; name a manifest's folder"));
  }

  @Test
  void people_see_the_record_and_its_place_and_an_error_where_the_shard_has_changed()
      throws Exception {
    Path out = prepare("parquet");
    Cli.Result shown = cli().run("show", out.resolve("s"), "--dataset", "b", "--count", 1);
    assertThat(shown.out(), containsString("b/others  b.csv record "));
    assertThat(shown.out(), containsString("\n  b,\"x, y\"\n"));
    Path data = folder.resolve("repo/b.csv");
    Files.writeString(data, Files.readString(data) + "more,1\n");
    Cli.Result changed = cli().run("show", out.resolve("s"), "--dataset", "b");
    assertThat(changed.code(), is(3));
    assertThat(changed.err(), containsString("it has changed"));
    Files.delete(data);
    Cli.Result gone = cli().run("show", out.resolve("s"), "--dataset", "b");
    assertThat(gone.code(), is(3));
    assertThat(gone.err(), containsString("is not there any more"));
    assertThat(cli().run("show", out.resolve("s"), "--dataset", "a").code(), is(0));
    assertThat(cli().run("show", out.resolve("s"), "--at", "-1").code(), is(2));
    assertThat(
        cli().run("show", out.resolve("s"), "--dataset", "none").out(),
        not(containsString("b.csv")));
  }
}
