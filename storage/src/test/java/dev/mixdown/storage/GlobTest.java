package dev.mixdown.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files a pattern means, and what is said of those that it leaves out. */
class GlobTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "**/*.jsonl, top.jsonl, YES",
    "**/*.jsonl, a/b/c.jsonl, YES",
    "*.jsonl, a/b.jsonl, NO",
    "a/**, a/b/c, YES",
    "'{a,b{1,2}}.x', b2.x, YES",
    "'[!a-c]x', dx, YES",
    "'[!a-c]x', bx, NO",
    "'[.jsonl', '[.jsonl', YES",
    "'{a.jsonl', '{a.jsonl', YES",
    "'\\*', '*', YES",
    "'\\*', 'x', NO",
    "*, _SUCCESS, HIDDEN",
    "_*, _SUCCESS, YES",
    "**/*.json, .ipynb_checkpoints/a.json, HIDDEN",
    ".ipynb*/a.json, .ipynb_checkpoints/a.json, YES",
  })
  void a_pattern_fits_as_pythons_and_gits_do(String pattern, String path, Glob.Fit fit) {
    assertThat(new Glob(pattern).fit(path), is(fit));
  }

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
  }

  private List<String> match(Path from, String pattern) throws IOException {
    return STORAGE.match(from.toString(), pattern).files().stream()
        .map(FileInfo::path)
        .map(path -> folder.relativize(Path.of(path)).toString())
        .toList();
  }

  @Test
  void nothing_in_the_folder_that_a_pattern_is_seen_from_is_a_pattern() throws IOException {
    write("release[1]/data/a.jsonl", "release1/data/b.jsonl", "{x,y} #1%20?*/data/c.jsonl");
    assertThat(
        match(folder.resolve("release[1]"), "data/*.jsonl"), contains("release[1]/data/a.jsonl"));
    Path awkward = folder.resolve("{x,y} #1%20?*");
    assertThat(match(awkward, "data/*.jsonl"), contains("{x,y} #1%20?*/data/c.jsonl"));
    assertThat(STORAGE.match("file://" + awkward, "data/*.jsonl").files().get(0).bytes(), is(1L));
    assertThat(match(folder, "release[1]/data/*"), contains("release[1]/data/a.jsonl"));
  }

  @Test
  void hidden_names_are_left_out_of_folders_and_patterns_alike_and_counted() throws IOException {
    write("d/a.jsonl", "d/_SUCCESS", "d/.ipynb_checkpoints/a.jsonl", "d/_temporary/b.jsonl");
    Matched below = STORAGE.match(folder.toString(), "d/");
    assertThat(below.files().size(), is(1));
    assertThat(below.hidden(), is(3));
    Matched glob = STORAGE.match(folder.toString(), "d/**/*");
    assertThat(glob.files().size(), is(1));
    assertThat(glob.hidden(), is(3));
    assertThat(match(folder, "d/_*"), contains("d/_SUCCESS"));
  }

  @Test
  void links_that_lead_nowhere_or_round_in_circles_are_told() throws IOException {
    write("d/a.jsonl");
    Files.createSymbolicLink(folder.resolve("d/b.jsonl"), Path.of("nowhere.jsonl"));
    Files.createSymbolicLink(folder.resolve("d/c.jsonl"), Path.of("c.jsonl"));
    Files.createSymbolicLink(folder.resolve("d/up"), folder.resolve("d"));
    Matched matched = STORAGE.match(folder.toString(), "d/");
    assertThat(matched.files().size(), is(1));
    List<String> why = matched.unusable().stream().map(Matched.Unusable::why).toList();
    assertThat(why.size(), is(3));
    assertThat(why.get(0), containsString("is a broken link: there is no nowhere.jsonl"));
    assertThat(why.get(1), containsString("leads back to itself"));
    assertThat(why.get(2), containsString("a folder that it lies in"));
    Matched one = STORAGE.match(folder.toString(), "d/b.jsonl");
    assertThat(one.files(), is(empty()));
    assertThat(one.unusable().get(0).why(), containsString("broken link"));
  }
}
