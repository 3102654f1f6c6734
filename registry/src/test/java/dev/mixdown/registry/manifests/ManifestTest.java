package dev.mixdown.registry.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ManifestTest {
  /** As version 1 wrote it, with a key of a version that is not there yet. */
  private static final String OLD =
      """
      {"manifest_id": "0123456789abcdef0123", "stage": "s", "variant": null, "epoch": 0,
       "total": 7, "format": "jsonl", "planner": 1, "release_name": null,
       "spec": {"data_ratio": {"a": 0.5}, "shuffle": true, "seed": 3, "datasets":
         [{"name": "d", "duplicate": 1, "stage_weight": null}]},
       "datasets": [{"name": "d", "version": "v", "records": 7, "bytes": 70, "shards": 1}],
       "shards": [{"dataset": "d", "uri": "/d.jsonl", "sha256": "aa", "bytes": 70, "records": 7,
         "format": "jsonl"}],
       "strata": [{"dataset": "d", "category": "a", "difficulty": null, "records": 7,
         "capacity": 7, "quota": 7}],
       "warnings": ["a ratio is left out"],
       "parts": [{"path": "part-00000-of-00001.jsonl", "first_position": 0, "rows": 7,
         "bytes": 90, "sha256": "bb"}],
       "of_a_later_version": {"x": [1]}}
      """;

  private static Manifest read(String json) throws IOException {
    return Manifest.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_manifest_of_version_1_is_read_with_its_old_names() throws Exception {
    Manifest manifest = read(OLD);
    assertThat(manifest.schemaVersion(), is(1));
    assertThat(manifest.samples(), is(7L));
    assertThat(manifest.parts().get(0).samples(), is(7L));
    assertThat(manifest.notes().get(0).toString(), is("a ratio is left out"));
    assertThat(manifest.spec().dataset("d").orElseThrow().duplicate().intValue(), is(1));
  }

  @Test
  void a_round_trip_keeps_everything_and_what_this_version_does_not_know() throws Exception {
    Manifest manifest = read(OLD);
    assertThat(Manifest.read(manifest.bytes()).bytes(), is(manifest.bytes()));
    assertThat(
        Json.read(manifest.bytes()).path("of_a_later_version").toString(), is("{\"x\":[1]}"));
  }

  @Test
  void what_is_missing_is_named() {
    for (String[] gone :
        new String[][] {
          {"\"uri\"", "shards[0].uri"},
          {"\"path\"", "parts[0].path"},
          {"\"category\"", "strata[0].category"},
          {"\"stage\"", "stage"},
          {"\"manifest_id\"", "manifest_id"}
        }) {
      IOException e = assertThrows(IOException.class, () -> read(OLD.replace(gone[0], "\"z\"")));
      assertThat(e.getMessage(), containsString("it has no " + gone[1]));
    }
  }
}
