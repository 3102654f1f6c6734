package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.stats.MixAlong;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of a mix, beside its rows. */
class MixAlongTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  @Test
  void computed_block_by_block_it_is_what_counting_the_rows_gives() throws Exception {
    TestSite site = new TestSite(folder);
    Files.writeString(
        site.repository.resolve("stages/online_learning.json"),
        """
        {"meta": {"stage_config": {"sampling_strategy": "sequential", "shuffle_block": 64}},
         "dataset_index": [
          {"name": "late", "obs_path": "data/country_roads.jsonl", "bundle_versions": [],
            "duplicate": 1, "sampling_priority": "low"},
          {"name": "early", "obs_path": "data/parking_lots.csv", "bundle_versions": [],
            "duplicate": 1.5, "sampling_priority": "critical"}]}
        """);
    for (String stage : List.of("pretraining", "finetuning", "evaluation", "online_learning")) {
      site.prepare(stage);
      ManifestFolder manifest =
          ManifestFolder.at(STORAGE, folder.resolve("out/" + stage).toString()).orElseThrow();
      List<String> rows = datasets(manifest);
      for (int stretches : List.of(1, 3, 10, 1000)) {
        MixAlong mix = MixAlong.of(manifest.manifest(), stretches);
        int begin = 0;
        for (int i = 0; i < mix.ends().size(); i++) {
          int end = Math.toIntExact(mix.ends().get(i));
          Map<String, Long> counted = new TreeMap<>();
          mix.datasets().forEach(series -> counted.put(series.dataset(), 0L));
          rows.subList(begin, end).forEach(name -> counted.merge(name, 1L, Long::sum));
          Map<String, Long> computed = new TreeMap<>();
          for (MixAlong.Series series : mix.datasets()) {
            computed.put(series.dataset(), series.samples().get(i));
          }
          assertThat(stage + " up to " + end, computed, is(counted));
          begin = end;
        }
        assertThat(begin, is(rows.size()));
      }
    }
  }

  private static List<String> datasets(ManifestFolder manifest) throws Exception {
    List<String> rows = new ArrayList<>();
    for (Manifest.Part part : manifest.manifest().parts()) {
      PartReader.read(
          STORAGE, manifest.path() + "/" + part.path(), sample -> rows.add(sample.dataset()));
    }
    return rows;
  }
}
