package dev.mixdown.registry.versions;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionCatalogTest {
  private static final String TIME = "2025-01-01T00:00:00Z";

  @Test
  void eight_digits_of_a_hash_are_enough_and_seven_are_not() {
    DatasetVersion version = Samples.version("roads", "a", TIME);
    VersionCatalog catalog = new VersionCatalog(List.of(version), "store");
    String hash = version.version();

    assertThat(catalog.find(hash.substring(0, 8)).get(0), is(version));
    assertThat(catalog.find(hash.toUpperCase(java.util.Locale.ROOT)).get(0), is(version));
    IdException e = assertThrows(IdException.class, () -> catalog.find(hash.substring(0, 7)));
    assertThat(e.getMessage(), containsString("is too short; say at least 8 digits"));
  }

  @Test
  void what_two_hashes_begin_with_lists_both() {
    // Two contents whose hashes begin with the same eight digits, by searching for them.
    Map<String, String> seen = new HashMap<>();
    List<DatasetVersion> alike = new ArrayList<>();
    for (int i = 0; alike.isEmpty(); i++) {
      String begin = Samples.hash("c" + i).substring(0, 8);
      String other = seen.putIfAbsent(begin, "c" + i);
      if (other != null) {
        alike.add(Samples.version("one", other, TIME));
        alike.add(Samples.version("two", "c" + i, TIME));
      }
    }
    VersionCatalog catalog = new VersionCatalog(alike, "store");

    IdException e =
        assertThrows(IdException.class, () -> catalog.find(alike.get(0).version().substring(0, 8)));
    assertThat(e.candidates().size(), is(2));
    assertThat(catalog.find(alike.get(1).version()).get(0).dataset(), is("two"));
  }

  @Test
  void one_content_under_two_names_is_listed_for_each_and_shown_as_one() {
    DatasetVersion roads = Samples.version("roads", "a", TIME);
    DatasetVersion streets = Samples.version("streets", "a", TIME);
    VersionCatalog catalog = new VersionCatalog(List.of(roads, streets), "store");

    assertThat(catalog.list().size(), is(2));
    assertThat(catalog.find(roads.version()).size(), is(2));
  }

  @Test
  void tags_of_all_tellings_are_in_the_list() {
    DatasetVersion plain = Samples.version("roads", "a", TIME);
    DatasetVersion tagged =
        DatasetVersion.of(
            new DatasetVersion.VersionDetails(
                "roads", plain.uri(), null, List.of("gold"), "2026-02-01T00:00:00Z", false),
            plain.shards());
    VersionCatalog catalog = new VersionCatalog(List.of(tagged, plain), "store");

    assertThat(catalog.list().size(), is(1));
    assertThat(catalog.list().get(0).tags(), is(List.of("gold")));
    assertThat(catalog.list().get(0).createdAt(), is(plain.createdAt()));
  }
}
