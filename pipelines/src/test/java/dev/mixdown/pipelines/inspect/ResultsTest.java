package dev.mixdown.pipelines.inspect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers leave comes back once and whole. */
final class ResultsTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path workspace;

  private static void leave(String path, String json) throws IOException {
    STORAGE.write(path, json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_is_told_twice_counts_once_and_is_gone_afterwards() throws IOException {
    Results<Integer> results =
        new Results<>(new Workspace(STORAGE, workspace.toString()), Integer.class);
    leave(results.prefix() + "a.json", "1");
    leave(results.prefix() + "b.json", "2");
    leave(results.prefix() + "c.json", "1");
    assertThat(results.take(), containsInAnyOrder(1, 2));
    assertThat(STORAGE.names(workspace.resolve("runs").toString()).isEmpty(), is(true));
  }

  @Test
  void what_a_dead_worker_was_still_sending_and_what_other_runs_left_is_not_read()
      throws IOException {
    Results<Integer> others =
        new Results<>(new Workspace(STORAGE, workspace.toString()), Integer.class);
    Results<Integer> results =
        new Results<>(new Workspace(STORAGE, workspace.toString()), Integer.class);
    leave(results.prefix() + "a.json", "1");
    leave(results.prefix() + "b.json-5d1d8cb7", "");
    leave(others.prefix() + "a.json", "3");
    assertThat(results.take(), contains(1));
    assertThat(Files.exists(Path.of(others.prefix() + "a.json")), is(true));
  }
}
