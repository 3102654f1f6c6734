package dev.mixdown.configs.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.syntax.Problems;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CategoriesTest {
  @ParameterizedTest
  @CsvSource({
    "toll_station_scenarios_refined, toll_station",
    "station_scenarios, station",
    "big_toll_station, toll_station",
    "toll_stations, others",
    "highwayish, others",
    "highway, highway",
  })
  void a_category_is_the_longest_ratio_that_stands_in_the_name_as_whole_words(
      String name, String category) {
    DatasetConfig config =
        new DatasetConfigReader("c", List.of(), new Problems())
            .read(
                """
                {"meta": {"stage_config": {"data_ratio":
                  {"highway": 1, "station": 1, "toll_station": 1, "toll": 0}}},
                 "dataset_index": [{"name": "%s", "obs_path": "p"}]}
                """
                    .formatted(name.equals("toll_stations") ? "tolls_stations" : name))
            .orElseThrow();
    assertThat(Categories.of(config.datasets().get(0), config.mix()), is(category));
  }
}
