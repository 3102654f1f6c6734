package dev.mixdown.pipelines.prepare;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files that say how many they are are missed when they are not there. */
final class MissingShardsTest {
  private static List<String> clips(int first, int last, int count) {
    List<String> paths = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      paths.add("/data/clips-%05d-of-%05d.jsonl".formatted(i, count));
    }
    return paths;
  }

  @Test
  void all_of_them_are_enough_counted_from_0_or_from_1() {
    assertThat(MissingShards.of(clips(0, 11, 12)), empty());
    assertThat(MissingShards.of(clips(1, 12, 12)), empty());
    assertThat(MissingShards.of(clips(0, 0, 1)), empty());
    assertThat(MissingShards.of(List.of("/data/a.jsonl", "/data/10-of-20.csv")), empty());
  }

  @Test
  void one_that_is_missing_is_named_wherever_it_would_be() {
    for (int gone : new int[] {0, 5, 11}) {
      List<String> paths = clips(0, 11, 12);
      paths.remove(gone);
      assertThat(
          MissingShards.of(paths),
          contains("of clips-?????-of-00012.jsonl, 1 of 12 are missing: %05d".formatted(gone)));
    }
  }

  @Test
  void many_are_counted_and_every_name_is_told_by_itself() {
    List<String> paths = clips(0, 1, 10);
    paths.addAll(clips(0, 19, 20));
    paths.add("/data/x-000-of-002.parquet");
    assertThat(
        MissingShards.of(paths),
        contains(
            "of clips-?????-of-00010.jsonl, 8 of 10 are missing: 00002, 00003, 00004, 00005, 00006"
                + " and more",
            "of x-???-of-002.parquet, 1 of 2 are missing: 001"));
  }
}
