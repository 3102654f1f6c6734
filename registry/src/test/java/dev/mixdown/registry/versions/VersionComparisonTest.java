package dev.mixdown.registry.versions;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VersionComparisonTest {
  private static final String TIME = "2025-01-01T00:00:00Z";

  private static List<String> told(DatasetVersion a, DatasetVersion b) {
    return VersionComparison.of(a, b).shards().stream()
        .map(change -> change.kind() + " " + change.text())
        .toList();
  }

  @Test
  void shards_come_go_change_and_move() {
    DatasetVersion a =
        Samples.version(
            "d",
            "/d/",
            Samples.shard("/d/0", "zero", 10, TIME),
            Samples.shard("/d/1", "one", 10, TIME),
            Samples.shard("/d/2", "two", 10, TIME),
            Samples.shard("/d/3", "three", 10, TIME));
    DatasetVersion b =
        Samples.version(
            "d",
            "/d/",
            Samples.shard("/d/0", "zero", 10, TIME),
            Samples.shard("/d/1", "one and more", 15, TIME),
            Samples.shard("/d/2b", "two", 10, TIME),
            Samples.shard("/d/4", "four", 7, TIME));

    assertThat(
        told(a, b),
        contains(
            "changed /d/1  +5 records",
            "moved /d/2 -> /d/2b",
            "went /d/3  -10 records",
            "came /d/4  +7 records"));
  }

  @Test
  void a_dataset_in_one_file_that_lies_elsewhere_is_one_that_changed() {
    assertThat(
        told(
            Samples.version("d", "/old/a.jsonl", Samples.shard("/old/a.jsonl", "x", 10, TIME)),
            Samples.version("d", "/new/b.jsonl", Samples.shard("/new/b.jsonl", "y", 12, TIME))),
        contains("changed /new/b.jsonl  +2 records"));
  }

  @Test
  void shards_of_one_name_in_two_folders_are_two() {
    DatasetVersion a =
        Samples.version(
            "d",
            "/d/*/part-0",
            Samples.shard("/d/2024/part-0", "one", 10, TIME),
            Samples.shard("/d/2025/part-0", "two", 10, TIME));
    DatasetVersion b =
        Samples.version("d", "/d/*/part-0", Samples.shard("/d/2025/part-0", "three", 11, TIME));

    assertThat(
        told(a, b),
        contains("went /d/2024/part-0  -10 records", "changed /d/2025/part-0  +1 records"));
  }

  @Test
  void the_same_content_has_no_changes_but_names() {
    DatasetVersion a = Samples.version("d", "one", TIME);
    DatasetVersion b = Samples.version("renamed", "one", TIME);
    assertThat(VersionComparison.of(a, b).sameContent(), is(true));
    assertThat(VersionComparison.of(a, a).shards(), is(empty()));
  }

  @Test
  void as_the_plain_sets_of_contents_have_it_in_random_cases() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      DatasetVersion a = random(random);
      DatasetVersion b = random(random);
      Set<String> before = contents(a);
      Set<String> after = contents(b);
      Map<String, Integer> count = new HashMap<>();
      VersionComparison.of(a, b).shards().forEach(c -> count.merge(c.kind(), 1, Integer::sum));

      Set<String> gone = new HashSet<>(before);
      gone.removeAll(after);
      Set<String> fresh = new HashSet<>(after);
      fresh.removeAll(before);
      int changed = count.getOrDefault("changed", 0);
      assertThat(count.getOrDefault("went", 0) + changed, is(gone.size()));
      assertThat(count.getOrDefault("came", 0) + changed, is(fresh.size()));
      long more =
          VersionComparison.of(a, b).shards().stream()
              .mapToLong(VersionComparison.Change::records)
              .sum();
      assertThat(more, is(b.records() - a.records()));
    }
  }

  private static DatasetVersion random(Random random) {
    List<Shard> shards = new ArrayList<>();
    Set<Integer> contents = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      int content = random.nextInt(12);
      if ((shards.isEmpty() || random.nextBoolean()) && contents.add(content)) {
        shards.add(Samples.shard("/d/" + i, "c" + content, content, TIME));
      }
    }
    return Samples.version("d", "/d/", shards.toArray(Shard[]::new));
  }

  private static Set<String> contents(DatasetVersion version) {
    Set<String> contents = new HashSet<>();
    version.shards().forEach(shard -> contents.add(shard.sha256()));
    return contents;
  }
}
