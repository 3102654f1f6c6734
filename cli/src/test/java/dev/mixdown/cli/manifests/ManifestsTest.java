package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
  @TempDir Path folder;

  private Path out;
  private Path repo;

  @BeforeEach
  void release() throws Exception {
    out = folder.resolve("out");
    repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 50));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s"}, "dataset_index": [{"name": "a", "obs_path": "a.jsonl"}]}
        """);
  }

  private Cli.Result run(Object... arguments) {
    List<String> words = Stream.of(arguments).map(Object::toString).toList();
    boolean plain = words.get(0).equals("verify") || words.get(1).equals("list");
    Cli.Result result =
        plain
            ? Cli.plain(words.toArray(String[]::new))
            : new Cli(folder.resolve("workspace")).run(arguments);
    assertThat(result.err(), result.code(), is(0));
    return result;
  }

  /** Prepares an epoch, and makes it current; gives its folder. */
  private Path prepare(int epoch) throws Exception {
    run("prepare", "--repo", repo, "--output", out, "--epoch", epoch);
    return TestFiles.current(out.resolve("s"));
  }

  private JsonNode prune(String... more) {
    List<Object> arguments = new ArrayList<>(List.of("manifests", "prune", out, "--keep", "0m"));
    arguments.addAll(List.of(more));
    arguments.add("--json");
    return run(arguments.toArray()).json();
  }

  private static List<String> ids(JsonNode manifests) {
    List<String> ids = new ArrayList<>();
    manifests.forEach(manifest -> ids.add(manifest.path("manifest_id").asText()));
    return ids;
  }

  private static String id(Path manifest) {
    return String.valueOf(manifest.getFileName());
  }

  /** Why each manifest is kept, by its id. */
  private static Map<String, String> reasons(JsonNode pruned) {
    Map<String, String> reasons = new TreeMap<>();
    pruned
        .path("kept")
        .forEach(m -> reasons.put(m.path("manifest_id").asText(), m.path("kept_for").asText()));
    return reasons;
  }

  @Test
  void manifests_are_listed_by_stage_and_time_with_the_current_one_marked() throws Exception {
    assertThat(run("manifests", "list", out).out(), containsString("No manifests in"));
    Path first = prepare(0);
    Path second = prepare(1);
    JsonNode list = run("manifests", "list", out, "--json").json().path("manifests");
    assertThat(ids(list), contains(id(first), id(second)));
    assertThat(list.get(0).path("current").asBoolean(), is(false));
    assertThat(list.get(1).path("current").asBoolean(), is(true));
    assertThat(list.get(1).path("samples").asLong(), is(50L));
    assertThat(list.get(1).path("epoch").asLong(), is(1L));
    assertThat(list.get(0).path("path").asText(), is(first.toString()));
    TestFiles.write(out.resolve("s/broken/manifest.json"), "{");
    assertThat(run("manifests", "list", out).out(), containsString("current  s"));
  }

  @Test
  void what_nothing_needs_is_removed_with_yes_and_can_be_prepared_again_with_the_same_bytes()
      throws Exception {
    Path first = prepare(0);
    Map<String, String> parts = TestFiles.parts(first);
    Path second = prepare(1);
    JsonNode shown = prune();
    assertThat(ids(shown.path("unneeded")), contains(id(first)));
    assertThat(shown.path("removed").asBoolean(), is(false));
    assertThat(Files.exists(first.resolve("manifest.json")), is(true));
    assertThat(
        run("manifests", "prune", out).out(), containsString("all of 2 manifests are needed"));
    assertThat(
        run("manifests", "prune", out, "--keep", "0m").out(),
        containsString("Would remove 1 manifest"));
    assertThat(ids(prune("--yes").path("unneeded")), contains(id(first)));
    assertThat(Files.exists(first), is(false));
    assertThat(run("verify", second, "--deep").out(), containsString("Good"));
    assertThat(TestFiles.parts(prepare(0)), is(parts));
  }

  @Test
  void what_is_in_use_is_kept_and_the_reason_is_said() throws Exception {
    Path trained = prepare(0);
    Path told = prepare(1);
    Path named = prepare(2);
    Path foreign = prepare(3);
    Path current = prepare(4);
    append(trained.resolve("training_info.json"), "s", List.of());
    Path art = folder.resolve("art");
    append(art.resolve("one"), "s", List.of("--manifest", told.toString()));
    // Where the registry does not know the training, its file does.
    append(
        art.resolve("two"),
        "s",
        List.of("--manifest", named.toString(), "--registry", folder.resolve("other").toString()));
    Files.writeString(foreign.resolve("checkpoint-7.pt"), "weights");
    Map<String, String> reasons = reasons(prune("--yes", "--artifacts", art.toString()));
    assertThat(reasons.size(), is(5));
    assertThat(reasons.get(id(current)), is("it is current"));
    assertThat(reasons.get(id(trained)), is("a training in the registry followed it"));
    assertThat(reasons.get(id(told)), is("a training in the registry followed it"));
    assertThat(reasons.get(id(named)), endsWith("two/training_info.json names it"));
    assertThat(
        reasons.get(id(foreign)),
        is("checkpoint-7.pt lies in its folder, which Mixdown did not write"));
    assertThat(ids(prune().path("unneeded")), contains(id(named)));
    Cli.Result misspelt =
        new Cli(folder.resolve("workspace"))
            .run(
                "manifests",
                "prune",
                out,
                "--keep",
                "0m",
                "--yes",
                "--registry",
                out + "/regitsry");
    assertThat(misspelt.code(), is(2));
    assertThat(misspelt.err(), containsString("regitsry: there is no such folder"));
    Cli.Result bad =
        new Cli(folder.resolve("workspace")).run("manifests", "prune", out, "--keep", "week");
    assertThat(bad.code(), is(2));
    assertThat(bad.err(), containsString("--keep is \"week\"; 30m, 12h, 7d or 4w is expected"));
  }

  private void append(Path history, String stage, List<String> more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "training",
                "append",
                history,
                "--model-name",
                "m",
                "--stage",
                stage,
                "--base-model",
                "b",
                "--checkpoint",
                "c",
                "--dataset",
                "d",
                "--steps",
                "5",
                "--start",
                "2026-01-01T00:00:00Z",
                "--repo",
                folder));
    if (!more.contains("--registry")) {
      arguments.addAll(List.of("--registry", out.resolve("registry")));
    }
    arguments.addAll(more);
    run(arguments.toArray());
  }
}
