package dev.mixdown.registry.matching;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.matching.VersionMatcher.MatchResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VersionMatcherTest {
  private static final DatasetVersion JANUARY =
      Samples.version("alpaca-cleaned", "jan", "2025-01-01T00:00:00Z");
  private static final DatasetVersion JUNE =
      Samples.version("alpaca-cleaned", "june", "2025-06-01T00:00:00Z");
  private static final DatasetVersion FOLDER =
      Samples.version(
          "code",
          "/sets/code",
          Samples.shard("/sets/code/a-00000.jsonl", "a", 1, "2025-03-01T00:00:00Z"),
          Samples.shard("/sets/code/a-00001.jsonl", "b", 1, "2025-03-02T00:00:00Z"));
  private static final VersionMatcher MATCHER = new VersionMatcher(List.of(JUNE, FOLDER, JANUARY));

  private static MatchResult find(
      @Nullable String hash, @Nullable String path, @Nullable String name, @Nullable String began) {
    return MATCHER.find(
        new ReportedData(
            Optional.ofNullable(hash),
            Optional.ofNullable(path),
            Optional.ofNullable(name),
            Optional.ofNullable(began).map(Instant::parse)));
  }

  private static void matches(
      MatchResult found, DatasetVersion version, String by, double confidence) {
    Used used = found.used().orElseThrow(() -> new AssertionError(found.reason()));
    assertThat(used.version(), is(version.version()));
    assertThat(used.match().by(), is(by));
    assertThat(used.match().confidence(), is(confidence));
  }

  @Test
  void a_hash_is_certain_and_one_that_nobody_knows_matches_nothing() {
    matches(find(JUNE.version(), "/else", "else", null), JUNE, "hash", 1.0);
    assertThat(
        find(Samples.hash("?"), JUNE.uri(), null, null).reason(),
        containsString("which no dataset has"));
  }

  @Test
  void a_path_means_the_newest_that_was_there_when_the_training_began() {
    matches(find(null, JUNE.uri(), null, "2025-07-01T00:00:00Z"), JUNE, "path", 0.95);
    matches(find(null, JUNE.uri(), null, "2025-02-01T00:00:00Z"), JANUARY, "path", 0.95);
    matches(find(null, "/sets/code/", null, "2025-07-01T00:00:00Z"), FOLDER, "path", 0.95);
    matches(
        find(null, "/sets/code/a-00001.jsonl", null, "2025-07-01T00:00:00Z"), FOLDER, "path", 0.95);
  }

  @Test
  void a_file_that_changed_after_the_training_began_is_not_what_it_used() {
    assertThat(
        find(null, JUNE.uri(), null, "2024-12-01T00:00:00Z").reason(),
        is(
            "it names /data/alpaca-cleaned.jsonl, but that changed on 2025-01-01T00:00:00Z, after it began on 2024-12-01T00:00:00Z"));
    assertThat(
        "the newest shard counts",
        find(null, "/sets/code", null, "2025-03-01T12:00:00Z").used().isEmpty(),
        is(true));
  }

  @Test
  void the_end_of_a_path_is_less_sure_and_without_a_time_less_still() {
    matches(
        find(null, "data/alpaca-cleaned.jsonl", null, "2025-07-01T00:00:00Z"), JUNE, "path", 0.85);
    matches(find(null, JUNE.uri(), null, null), JUNE, "path", 0.95 * 0.6);
  }

  @Test
  void a_name_is_found_as_people_vary_it() {
    matches(find(null, null, "Alpaca_Cleaned", "2025-07-01T00:00:00Z"), JUNE, "name", 0.6);
    matches(find(null, null, "code", "2025-07-01T00:00:00Z"), FOLDER, "name", 0.8);
    matches(find(null, "/no/such", "code", "2025-07-01T00:00:00Z"), FOLDER, "name", 0.8);
  }

  @Test
  void what_matches_nothing_says_why() {
    assertThat(
        find(null, null, "alpaca-cleand", null).reason(),
        is("no dataset is called \"alpaca-cleand\"; did you mean \"alpaca-cleaned\"?"));
    assertThat(find(null, "/no/such", null, null).reason(), is("no dataset lies at /no/such"));
    assertThat(find(null, null, null, null).reason(), is("it names neither a path nor a dataset"));
  }

  @Test
  void a_path_that_ends_several_is_refused() {
    VersionMatcher two =
        new VersionMatcher(
            List.of(
                Samples.version(
                    "a",
                    "/x/d/a.jsonl",
                    Samples.shard("/x/d/a.jsonl", "1", 1, "2025-01-01T00:00:00Z")),
                Samples.version(
                    "b",
                    "/y/d/a.jsonl",
                    Samples.shard("/y/d/a.jsonl", "2", 1, "2025-01-01T00:00:00Z"))));
    assertThat(
        two.find(
                new ReportedData(
                    Optional.empty(), Optional.of("d/a.jsonl"), Optional.empty(), Optional.empty()))
            .reason(),
        is("2 datasets lie at paths that end in d/a.jsonl"));
  }
}
