package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code stats}. */
class StatsTest {
  @TempDir Path folder;

  private Path prepare(String stage, Object... options) {
    Path out = folder.resolve("out");
    List<Object> arguments =
        new ArrayList<>(List.of("prepare", stage, "--repo", TestFiles.demo(), "--output", out));
    arguments.addAll(List.of(options));
    Cli.Result result = new Cli(folder.resolve("w")).run(arguments.toArray());
    assertThat(result.err(), result.code(), is(0));
    return out.resolve(stage);
  }

  private static Cli.Result stats(Path stage, String... options) {
    List<String> arguments = new ArrayList<>(List.of("stats", stage.toString()));
    arguments.addAll(List.of(options));
    Cli.Result result = Cli.plain(arguments.toArray(String[]::new));
    assertThat(result.err(), result.code(), is(0));
    return result;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void uses_and_bytes_are_those_that_counting_rows_gives(String format) throws Exception {
    for (String name : List.of("pretraining", "finetuning", "evaluation")) {
      Path stage = prepare(name, "--manifest-format", format);
      Map<String, Map<String, Integer>> uses = new TreeMap<>();
      Map<String, Long> bytes = new HashMap<>();
      Path manifest = TestFiles.current(stage);
      for (String part : TestFiles.parts(manifest).keySet()) {
        List<Sample> samples = new ArrayList<>();
        PartReader.read(Storage.of(Map.of()), manifest.resolve(part).toString(), samples::add);
        for (Sample s : samples) {
          String group = s.dataset() + "/" + s.category();
          uses.computeIfAbsent(group, key -> new HashMap<>())
              .merge(s.shard() + ":" + s.record(), 1, Integer::sum);
          bytes.merge(group, (long) s.length(), (a, b) -> a < 0 || b < 0 ? -1 : a + b);
        }
      }
      JsonNode stats = stats(stage, "--json").json();
      long samples = 0;
      for (JsonNode group : stats.get("groups")) {
        String key = group.get("dataset").asText() + "/" + group.get("category").asText();
        Map<Integer, Long> expected = new TreeMap<>();
        uses.get(key).values().forEach(times -> expected.merge(times, 1L, Long::sum));
        long never = group.get("records").asLong() - uses.get(key).size();
        if (never > 0) {
          expected.put(0, never);
        }
        Map<Integer, Long> counted = new TreeMap<>();
        group
            .get("uses")
            .forEach(use -> counted.put(use.get("times").asInt(), use.get("records").asLong()));
        assertThat(key, counted, is(expected));
        assertThat(key, group.get("bytes").isNull(), is(bytes.get(key) < 0));
        if (bytes.get(key) >= 0) {
          assertThat(key, group.get("bytes").asLong(), is(bytes.get(key)));
        }
        samples += group.get("samples").asLong();
      }
      assertThat(stats.get("groups").size(), is(uses.size()));
      assertThat(samples, is(stats.get("samples").asLong()));
    }
  }

  @Test
  void people_see_shares_with_bars_and_uses() {
    String shown = stats(prepare("pretraining")).out();
    assertThat(
        shown,
        containsString(
            """
            Manifest 998f19149945da635413 of pretraining, 16,004 samples

            dataset                   category  samples   asked  achieved
            country_roads             others      1,600  10.00%    10.00%  ██
            highway_foundation_large  highway     6,402  40.00%    40.00%  ████████
            parking_lots              parking     3,201  20.00%    20.00%  ████
            urban_scenarios_base      urban       4,801  30.00%    30.00%  ██████

            dataset                   category  records  never  once  twice   more  mean bytes
            country_roads             others        400      0     0      0    400         141
            """));
  }
}
