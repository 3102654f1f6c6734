package dev.mixdown.cli.completion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash shows when a person presses the tabulator. */
class CompletionTest {
  @TempDir Path folder;

  @BeforeEach
  void script() throws Exception {
    TestFiles.write(folder.resolve("completion.sh"), Cli.plain("completion").out());
    Files.createSymbolicLink(folder.resolve("configs"), TestFiles.root().resolve("configs"));
    TestFiles.launcher(folder);
  }

  /** What is offered for the last word of a line. */
  private List<String> offered(String... line) throws Exception {
    StringBuilder words = new StringBuilder("./mixdown");
    for (String word : line) {
      words.append(" '").append(word).append("'");
    }
    String program =
        """
        source completion.sh
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _mixdown
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(words, line.length);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-u", "-c", program)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out, process.waitFor(), is(0));
    return out.lines().filter(name -> !name.isEmpty()).toList();
  }

  @Test
  void commands_options_and_values_in_lower_case_are_known() throws Exception {
    assertThat(offered("pre"), is(List.of("prepare")));
    assertThat(offered(""), hasItems("init", "stage", "completion", "help"));
    assertThat(offered(""), not(hasItem("complete")));
    assertThat(offered("stage", "sw"), is(List.of("switch-stage")));
    assertThat(offered("prepare", "--man"), is(List.of("--manifest-format")));
    assertThat(offered("prepare", "--manifest-format", ""), is(List.of("parquet", "jsonl")));
    assertThat(offered("prepare", "--runner", "f"), is(List.of("flink")));
    assertThat(offered("prepare", "--output", "comp"), is(List.of("completion.sh")));
  }

  @Test
  void names_are_those_of_the_repository_and_are_kept_until_its_files_change() throws Exception {
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    TestFiles.write(repo.resolve("recipes/mine.yaml"), "id: mine\nversion: 1.0.0\nextends: x\n");
    assertThat(offered("plan", "--repo", "repo", "pre"), is(List.of("pretraining")));
    assertThat(
        offered("plan", "--repo", "repo", "--variant", ""), is(List.of("variant_a", "variant_b")));
    assertThat(offered("show", "--repo", "repo", "--dataset", "park"), is(List.of("parking_lots")));
    assertThat(offered("recipes", "show", "--repo", "repo", "min"), is(List.of("mine")));
    assertThat(offered("prepare", "--recipe", "dpo"), is(List.of("dpo_basic")));
    assertThat(offered("recipes", "list", "--task-type", "rl"), is(List.of("rlhf")));
    // Without mixdown they are known still.
    Path launcher = folder.resolve("mixdown");
    Files.move(launcher, folder.resolve("away"));
    assertThat(offered("plan", "--repo", "repo", "fine"), is(List.of("finetuning")));
    Files.move(folder.resolve("away"), launcher);
    Path catalog = repo.resolve("stage_config.yaml");
    Files.writeString(catalog, Files.readString(catalog).replace("finetuning:", "fine_tuning_2:"));
    assertThat(offered("plan", "--repo", "repo", "fine"), is(List.of("fine_tuning_2")));
  }

  @Test
  void a_repository_that_cannot_be_read_has_no_names_and_prints_nothing() throws Exception {
    TestFiles.write(folder.resolve("bad/stage_config.yaml"), "stages: [");
    assertThat(offered("plan", "--repo", "bad", ""), is(List.of()));
    assertThat(offered("plan", "--repo", "nowhere", ""), is(List.of()));
  }

  @Test
  void the_help_says_how_to_use_it() {
    assertThat(
        Cli.plain("completion", "--help").out(), containsString("source <(mixdown completion)"));
  }
}
