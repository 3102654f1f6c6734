package dev.mixdown.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;
  private Registry registry;
  private String workspace;
  private final List<Registry.Damage> damaged = new ArrayList<>();

  @BeforeEach
  void makeStore() {
    registry = new Registry(STORAGE, folder.resolve("records").toString(), damaged::add);
    workspace = folder.resolve("workspace").toString();
  }

  @Test
  void a_record_is_written_once_and_never_again() throws Exception {
    DatasetVersion version = Samples.version("roads", "a", "2025-01-01T00:00:00Z");

    assertThat(registry.add(version), is(true));
    byte[] first = Files.readAllBytes(Path.of(registry.path(EntryKind.VERSION, version.id())));
    assertThat(registry.add(version), is(false));

    assertThat(
        Files.readAllBytes(Path.of(registry.path(EntryKind.VERSION, version.id()))), is(first));
    assertThat(registry.find(EntryKind.VERSION, version.id()), is(Optional.of(version)));
  }

  @Test
  void of_many_who_tell_the_same_at_once_one_is_the_first() throws Exception {
    DatasetVersion version = Samples.version("roads", "a", "2025-01-01T00:00:00Z");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> tellers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      tellers.add(() -> registry.add(version));
    }
    int first = 0;
    for (Future<Boolean> told : threads.invokeAll(tellers)) {
      first += told.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(first, is(1));
  }

  @Test
  void many_records_are_added_and_those_that_are_known_are_not_counted() throws Exception {
    List<DatasetVersion> versions = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      versions.add(Samples.version("d" + i, "content " + i, "2025-01-01T00:00:00Z"));
    }
    registry.add(versions.get(7));

    assertThat(registry.addAll(versions).get(EntryKind.VERSION), is(49));
    assertThat(registry.addAll(versions).isEmpty(), is(true));
    assertThat(registry.ids(EntryKind.VERSION).size(), is(50));
  }

  @Test
  void the_same_content_told_otherwise_is_another_record_of_the_same_hash() {
    DatasetVersion one = Samples.version("roads", "a", "2025-01-01T00:00:00Z");
    DatasetVersion renamed = Samples.version("streets", "a", "2025-01-01T00:00:00Z");

    assertThat(one.version(), is(renamed.version()));
    assertThat(one.id().equals(renamed.id()), is(false));
  }

  @Test
  void the_index_has_what_the_store_has_with_a_cache_without_and_with_a_damaged_one()
      throws Exception {
    registry.add(Samples.version("roads", "a", "2025-01-01T00:00:00Z"));
    registry.add(Samples.run("run-1", "2026-01-01T00:00:00Z", "m1", null));
    assertThat(names(), containsInAnyOrder("roads"));

    registry.add(Samples.version("towns", "b", "2025-01-01T00:00:00Z"));
    assertThat("it is stale", names(), containsInAnyOrder("roads", "towns"));

    for (Path cache : cacheFiles()) {
      Files.writeString(cache, "{\"kind\": \"dataset_ver\n" + Files.readString(cache).substring(5));
    }
    assertThat("it is damaged", names(), containsInAnyOrder("roads", "towns"));

    for (Path cache : cacheFiles()) {
      Files.delete(cache);
    }
    assertThat("it is missing", names(), containsInAnyOrder("roads", "towns"));
    assertThat(RegistryIndex.of(registry, workspace).runs().get(0).id(), is("run-1"));
  }

  @Test
  void the_index_forgets_what_was_removed_and_keeps_no_shards() throws Exception {
    DatasetVersion version = Samples.version("roads", "a", "2025-01-01T00:00:00Z");
    registry.add(version);
    assertThat(RegistryIndex.versions(registry, workspace).get(0).shards(), is(empty()));

    Files.delete(Path.of(registry.path(EntryKind.VERSION, version.id())));
    assertThat(names(), is(empty()));
  }

  @Test
  void a_record_that_was_damaged_is_left_out_and_named_and_whoever_made_it_writes_it_again()
      throws Exception {
    DatasetVersion roads = Samples.version("roads", "a", "2025-01-01T00:00:00Z");
    DatasetVersion towns = Samples.version("towns", "b", "2025-01-01T00:00:00Z");
    registry.add(roads);
    registry.add(towns);
    Path file = Path.of(registry.path(EntryKind.VERSION, roads.id()));
    String good = Files.readString(file);
    for (String bad :
        List.of(
            "",
            "{\"id\": ",
            "[]",
            good.replace("roads", "toads"),
            good.replace(roads.id(), towns.id()),
            good.substring(0, good.length() / 2))) {
      damaged.clear();
      Files.writeString(file, bad);

      assertThat(bad, names(), contains("towns"));
      assertThat(bad, damaged.size(), is(1));
      assertThat(damaged.get(0).toString(), containsString(file + " is damaged and left out ("));
      assertThat(bad, registry.find(EntryKind.VERSION, roads.id()), is(Optional.empty()));
      assertThat(bad, registry.has(roads), is(false));

      assertThat(bad, registry.add(roads), is(true));
      assertThat(Files.readString(file), is(good));
      Files.delete(cacheFiles().get(0));
    }
  }

  @Test
  void a_record_may_be_indented_otherwise_and_one_of_an_earlier_version_has_no_digest()
      throws Exception {
    DatasetVersion roads = Samples.version("roads", "a", "2025-01-01T00:00:00Z");
    registry.add(roads);
    Path file = Path.of(registry.path(EntryKind.VERSION, roads.id()));
    String good = Files.readString(file);
    for (String other :
        List.of(
            good.replaceAll("\n *", " "),
            good.replaceFirst(",\\s*\"content_sha256\": \"[0-9a-f]{64}\"", ""))) {
      assertThat(other.equals(good), is(false));
      Files.writeString(file, other);
      assertThat(registry.find(EntryKind.VERSION, roads.id()), is(Optional.of(roads)));
    }
    assertThat(damaged, is(empty()));
  }

  private List<String> names() throws IOException {
    return RegistryIndex.versions(registry, workspace).stream()
        .map(DatasetVersion::dataset)
        .toList();
  }

  private List<Path> cacheFiles() throws IOException {
    try (var files = Files.walk(folder.resolve("workspace"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
