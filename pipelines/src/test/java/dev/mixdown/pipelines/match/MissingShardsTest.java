package dev.mixdown.pipelines.match;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files that say how many they are are missed when they are not there. */
final class MissingShardsTest {
  private static List<String> named(String name, int count, int... numbers) {
    return IntStream.of(numbers).mapToObj(n -> name.formatted(n, count)).toList();
  }

  private static List<String> clips(int count, int... numbers) {
    return MissingShards.of(named("/data/clips-%05d-of-%05d.jsonl", count, numbers));
  }

  @Test
  void all_of_them_are_enough_counted_from_0_or_from_1() {
    assertThat(clips(4, 0, 1, 2, 3), empty());
    assertThat(clips(4, 1, 2, 3, 4), empty());
    assertThat(clips(4, 0, 1, 2, 3, 4), empty());
    assertThat(clips(1, 0), empty());
    assertThat(clips(1, 1), empty());
  }

  @Test
  void names_that_say_no_such_thing_are_left_alone() {
    assertThat(
        MissingShards.of(
            List.of("/data/a.jsonl", "/data/10-of-20.csv", "/data/x-1-of-0000000012.csv")),
        empty());
    assertThat(
        "a folder's number is not the file's",
        MissingShards.of(named("/data/crawl-001-of-003/c-%05d-of-%05d.jsonl", 2, 0, 1)),
        empty());
  }

  @Test
  void one_that_is_missing_is_named() {
    String begin = "1 of 4 files /data/clips-*-of-00004.jsonl are missing: ";
    assertThat(clips(4, 0, 2, 3), contains(begin + "00001"));
    assertThat(clips(4, 0, 1, 2), contains(begin + "00003"));
    assertThat(clips(4, 1, 3, 4), contains(begin + "00002"));
    assertThat("0 or 4: nobody knows", clips(4, 1, 2, 3), contains(begin + "00000 or 00004"));
  }

  @Test
  void many_are_counted_and_every_folder_is_told_by_itself() {
    List<String> paths =
        List.of("/data/en/t-000-of-002.parquet", "/data/de/t-000-of-002.parquet", "/c-000-of-100");
    assertThat(
        MissingShards.of(paths),
        contains(
            "99 of 100 files /c-*-of-100 are missing: 001, 002, 003, 004, 005 and more",
            "1 of 2 files /data/de/t-*-of-002.parquet are missing: 001",
            "1 of 2 files /data/en/t-*-of-002.parquet are missing: 001"));
  }

  @Test
  void sets_that_differ_behind_the_count_are_told_by_themselves() {
    assertThat(
        MissingShards.of(List.of("/x-000-of-002-train.csv", "/x-001-of-002-test.csv")),
        contains(
            "1 of 2 files /x-*-of-002-test.csv are missing: 000 or 002",
            "1 of 2 files /x-*-of-002-train.csv are missing: 001"));
  }

  @Test
  void a_pattern_of_any_number_should_be_complete_and_one_with_digits_is_a_choice() {
    for (String all :
        List.of(
            "data/",
            "data[1]/",
            "clips-*",
            "clips-*-of-00012*",
            "clips-?????-of-00012.jsonl",
            "train_v2*.jsonl",
            "*.{jsonl,csv}")) {
      assertThat(all, ShardFiles.isChoice(all), is(false));
    }
    for (String some :
        List.of(
            "clips-00003-of-00012.jsonl",
            "clips-0000?-of-00012.jsonl",
            "clips-000*",
            "clips-0000[0-3]-of-*",
            "clips-{00001,00002}-of-*")) {
      assertThat(some, ShardFiles.isChoice(some), is(true));
    }
  }

  @Test
  void numbers_without_zeros_and_hashes_behind_them_are_understood() {
    int[] all = IntStream.range(0, 128).toArray();
    assertThat(MissingShards.of(named("/data/s-%d-of-%d.csv", 128, all)), empty());
    assertThat(
        MissingShards.of(named("/data/s-%d-of-%d.csv", 128, IntStream.range(1, 129).toArray())),
        empty());
    assertThat(
        MissingShards.of(
            List.of(
                "/data/train-00000-of-00003-a09b74b3ef9c3b56.parquet",
                "/data/train-00002-of-00003-1fe2b8c4d5a69788.parquet")),
        contains("1 of 3 files /data/train-*-of-00003-*.parquet are missing: 00001"));
  }
}
