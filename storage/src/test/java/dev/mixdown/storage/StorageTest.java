package dev.mixdown.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private void touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private List<String> match(String pattern) throws IOException {
    return STORAGE.match(folder + "/" + pattern).files().stream()
        .map(info -> folder.relativize(Path.of(info.path())).toString())
        .toList();
  }

  @Test
  void globs_folders_and_names_with_a_globs_characters_are_found() throws IOException {
    for (String name :
        new String[] {
          "a.jsonl", "b.csv", "sub/c.jsonl", "[x].jsonl", "x.jsonl", ".h", "_s", "ü ß"
        }) {
      touch(name);
    }
    assertThat(match("*.jsonl"), contains("[x].jsonl", "a.jsonl", "x.jsonl"));
    assertThat(match("[x].jsonl"), contains("[x].jsonl"));
    assertThat(match("{a,b}.*"), contains("a.jsonl", "b.csv"));
    assertThat(match("**.jsonl"), contains("[x].jsonl", "a.jsonl", "sub/c.jsonl", "x.jsonl"));
    assertThat(
        match(""), contains("[x].jsonl", "a.jsonl", "b.csv", "sub/c.jsonl", "x.jsonl", "ü ß"));
    assertThat(match("sub/"), contains("sub/c.jsonl"));
    assertThat(match("none*"), empty());
    assertThat(match("none"), empty());
  }

  @Test
  void a_draft_has_no_name_until_it_is_published_and_leaves_nothing_when_it_is_not()
      throws IOException {
    String path = folder + "/out";
    try (Draft draft = STORAGE.draft(folder.toString())) {
      draft.write(new byte[] {1});
    }
    assertThat(STORAGE.names(folder.toString()), empty());
    try (Draft draft = STORAGE.draft(folder.toString())) {
      draft.write(new byte[] {1, 2});
      assertThat(STORAGE.stat(path).isPresent(), is(false));
      draft.publish(path);
    }
    assertThat(STORAGE.names(folder.toString()), contains("out"));
    assertThat(STORAGE.read(path).orElseThrow(), is(new byte[] {1, 2}));
  }

  @Test
  void drafts_of_killed_processes_go_and_those_of_living_ones_stay() throws Exception {
    String path = folder + "/out";
    try (Draft mine = STORAGE.draft(folder.toString())) {
      String name = STORAGE.names(folder.toString()).get(0);
      Process gone = new ProcessBuilder("true").start();
      gone.waitFor();
      String pid = String.valueOf(ProcessHandle.current().pid());
      touch(name.replace("~" + pid + "~", "~" + gone.pid() + "~"));
      touch(name.replaceFirst("^\\.[^~]*", ".elsewhere"));
      assertThat(STORAGE.names(folder.toString()).size(), is(3));
      STORAGE.removeAbandonedDrafts(folder.toString());
      assertThat(STORAGE.names(folder.toString()).size(), is(2));
      mine.publish(path);
    }
    assertThat(STORAGE.stat(path).isPresent(), is(true));
  }

  @Test
  void a_change_that_keeps_size_and_modification_time_changes_the_tag() throws IOException {
    Path file = folder.resolve("f");
    Files.writeString(file, "one");
    FileTime time = Files.getLastModifiedTime(file);
    FileInfo before = STORAGE.stat(file.toString()).orElseThrow();
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    FileInfo after = STORAGE.stat(file.toString()).orElseThrow();
    assertThat(after.bytes(), is(before.bytes()));
    assertThat(after.modifiedMillis(), is(before.modifiedMillis()));
    assertThat(after.tag(), not(before.tag()));
  }

  @Test
  void what_this_user_may_not_read_is_not_called_missing() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.writeString(closed.resolve("training_dataset.json"), "{}");
    Files.setPosixFilePermissions(closed, Set.of());
    assumeFalse(Files.isReadable(closed), "the superuser may read everything");
    assertThrows(
        AccessDeniedException.class, () -> STORAGE.stat(closed + "/training_dataset.json"));
  }
}
