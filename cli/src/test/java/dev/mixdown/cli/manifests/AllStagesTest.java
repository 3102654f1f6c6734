package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.AllStages;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadProgress;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare --all}. */
class AllStagesTest {
  @TempDir Path folder;

  private Cli.Result run(String workspace, Object... arguments) {
    return new Cli(folder.resolve(workspace)).run(arguments);
  }

  private Path copyOfDemo() throws Exception {
    return TestFiles.copyOfDemo(folder.resolve("repo"));
  }

  @Test
  void all_stages_and_variants_get_the_manifests_that_they_get_alone() throws Exception {
    Path repo = TestFiles.demo();
    Path out = folder.resolve("out");
    Cli.Result all = run("w", "prepare", "--all", "--repo", repo, "--output", out, "--json");
    assertThat(all.err(), all.code(), is(0));

    List<String> seen = new ArrayList<>();
    for (JsonNode one : all.json().get("stages")) {
      String stage = one.get("stage").asText();
      String variant = one.get("variant").asText("");
      seen.add(variant.isEmpty() ? stage : stage + "/" + variant);
      List<Object> alone =
          new ArrayList<>(
              List.of(
                  "prepare", stage, "--repo", repo, "--output", folder.resolve("one"), "--json"));
      if (!variant.isEmpty()) {
        alone.addAll(List.of("--variant", variant));
      }
      Cli.Result result = run("other", alone.toArray());
      assertThat(one.get("prepared").get("manifest_id"), is(result.json().get("manifest_id")));
      assertThat(
          TestFiles.parts(TestFiles.current(out.resolve(seen.get(seen.size() - 1)))),
          is(
              TestFiles.parts(
                  TestFiles.current(folder.resolve("one").resolve(seen.get(seen.size() - 1))))));
    }
    assertThat(
        seen,
        is(
            List.of(
                "pretraining",
                "finetuning",
                "evaluation",
                "ab_testing/variant_a",
                "ab_testing/variant_b")));
  }

  @Test
  void shards_that_stages_share_are_read_once() throws Exception {
    // These files are too new to be known from the ledger: whoever looks again reads again.
    Path repo = copyOfDemo();
    Storage storage = Storage.of(Map.of());
    PrepareRequest request =
        new PrepareRequest(
            new ReleaseRepository(storage, repo.toString(), Map.of()),
            StageChoice.OPEN,
            new Workspace(storage, folder.resolve("w").toString()),
            0,
            ManifestFormat.PARQUET,
            true,
            false,
            MaxRejected.DEFAULT,
            RunnerSettings.DIRECT,
            Optional.empty(),
            RuleSources.of(
                Settings.of(Map.of()).with(Settings.WORKSPACE, folder.resolve("w").toString())),
            Optional.empty());
    List<Integer> read = new ArrayList<>();
    List<String> prepared = new ArrayList<>();
    new AllStages(request, counting(read))
        .prepare(
            new PrepareOutput(
                folder.resolve("out").toString(),
                Optional.empty(),
                folder.resolve("registry").toString(),
                Settings.of(Map.of()).events(),
                folder.resolve("outbox"),
                false,
                true),
            listing(prepared));
    assertThat(prepared, hasSize(5));
    // Ten shards; one of them twice, since a stage wants its difficulty levels and another does
    // not.
    assertThat(read, is(List.of(10)));
  }

  private static Progress counting(List<Integer> read) {
    return new Progress() {
      @Override
      public Step reading(ReadProgress progress, int shards, long bytes) {
        read.add(shards);
        return () -> {};
      }

      @Override
      public Step writing(int parts, String to) {
        return () -> {};
      }
    };
  }

  private static AllStages.Listener listing(List<String> prepared) {
    return new AllStages.Listener() {
      @Override
      public void prepared(StageChoice stage, Prepared what) {
        prepared.add(what.manifestId());
      }

      @Override
      public void failed(StageChoice stage, Exception reason) {
        throw new AssertionError(stage.toString(), reason);
      }
    };
  }

  @Test
  void a_stage_that_fails_stops_no_other_and_the_worst_code_counts() throws Exception {
    Path repo = copyOfDemo();
    Path config = repo.resolve("stages/finetuning.json");
    Files.writeString(config, Files.readString(config).replace("\"shuffle\"", "\"shufle\""));
    Files.writeString(repo.resolve("data/country_roads.jsonl"), "{\"half\": \n");
    Path out = folder.resolve("out");
    Cli.Result all = run("w", "prepare", "--all", "--repo", repo, "--output", out);

    assertThat(all.code(), is(3));
    assertThat(all.err(), containsString("mixdown: stage pretraining: the data cannot be used"));
    assertThat(all.err(), containsString("mixdown: stage finetuning: the config cannot be used"));
    assertThat(all.err(), containsString("nothing was published"));
    assertThat(all.out(), containsString("Prepared " + out.resolve("evaluation")));
    assertThat(all.out(), not(containsString("Stage pretraining")));

    Cli.Result again = run("w", "prepare", "--all", "--repo", repo, "--output", out, "--json");
    assertThat(again.code(), is(3));
    JsonNode stages = again.json().get("stages");
    assertThat(stages.size(), is(5));
    assertThat(stages.get(0).get("failure").get("exit_code").asInt(), is(3));
    assertThat(stages.get(1).get("failure").get("exit_code").asInt(), is(2));
    assertThat(stages.get(2).get("prepared").get("outcome").asText(), is("unchanged"));
  }

  @Test
  void one_stage_alone_is_refused_beside_all() {
    for (List<String> one :
        List.of(List.of("pretraining"), List.of("--variant", "a"), List.of("--config", "dagger"))) {
      List<Object> arguments = new ArrayList<>(List.of("prepare", "--all"));
      arguments.addAll(one);
      arguments.addAll(List.of("--repo", TestFiles.demo(), "--output", folder.resolve("out")));
      Cli.Result result = run("w", arguments.toArray());
      assertThat(result.code(), is(2));
      assertThat(result.err(), containsString("leave out STAGE, --variant and --config"));
    }
  }
}
