package dev.mixdown.configs.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be read as a config, and what is told of a file that is none. */
class ConfigFilesTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private List<String> problems(Path config) throws IOException {
    Problems problems = new Problems();
    ReleaseRepository repository = new ReleaseRepository(STORAGE, folder.toString(), Map.of());
    assertThat(repository.config(config.toString(), problems).isPresent(), is(false));
    return problems.list().stream().map(Problem::message).toList();
  }

  @Test
  void a_config_that_is_a_pipe_or_a_folder_is_refused_at_once() throws Exception {
    Path pipe = folder.resolve("pipe.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(), is(0));
    for (Path config : List.of(pipe, folder)) {
      List<String> found =
          assertTimeoutPreemptively(Duration.ofSeconds(10), () -> problems(config));
      assertThat(found, contains("this is not a regular file"));
    }
  }

  @Test
  void words_of_a_file_that_is_no_config_are_not_told() throws IOException {
    Path file = Files.writeString(folder.resolve("other"), "hunter2:x:0");
    assertThat(
        problems(file),
        contains(
            "no valid JSON: the word is unknown; true, false, null, numbers and text in double quotes are values"));
    Files.writeString(file, "{\"a\": True}");
    assertThat(problems(file), contains(startsWith("no valid JSON: the word True is unknown;")));
  }
}
