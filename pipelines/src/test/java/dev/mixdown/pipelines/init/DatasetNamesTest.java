package dev.mixdown.pipelines.init;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetNamesTest {
  private static List<String> names(String... paths) {
    return List.copyOf(DatasetNames.of(List.of(paths)).values());
  }

  @Test
  void a_file_or_folder_gives_its_name_without_endings() {
    assertThat(
        names("/d/chat-v2.jsonl.gz", "/d/code/", "s3://b/Übung 1.csv", "/d/.hidden/"),
        is(List.of("chat_v2", "code", "Übung_1", "hidden")));
  }

  @Test
  void a_pattern_gives_what_stands_before_it_or_its_folder() {
    assertThat(names("/d/clips-*.jsonl", "/d/web/*.jsonl"), is(List.of("clips", "web")));
  }

  @Test
  void two_of_one_name_get_that_of_their_folder_too_and_else_a_number() {
    assertThat(
        names("/a/train.jsonl", "/b/train.jsonl", "/c/a/train.csv", "/x.jsonl"),
        is(List.of("a_train", "b_train", "a_train_2", "x")));
  }
}
