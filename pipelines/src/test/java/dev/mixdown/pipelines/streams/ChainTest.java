package dev.mixdown.pipelines.streams;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.registry.streams.Head;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Counts;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.registry.streams.Increment.Positions;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain read from a snapshot is the chain read from its first increment. */
class ChainTest {
  private static final int INCREMENTS = 2 * Chain.SNAPSHOT_EVERY + 40;
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path path;
  private StreamFolder folder;
  private StreamDocument document;

  @BeforeEach
  void grow() throws IOException {
    folder = new StreamFolder(STORAGE, path.resolve("online").toString());
    document = folder.begin(StreamDocument.of("s", 1, 7, 16, true, false, null, null, null));
    Chain chain = Chain.open(folder, document);
    Random random = new Random(1);
    for (int i = 0; i < INCREMENTS; i++) {
      Increment next = next(chain.state(), random);
      assertThat(folder.commit(next, false), is(true));
      assertThat("the name is taken", folder.commit(next, false), is(false));
      chain.refresh();
      STORAGE.write(folder.file(Head.FILE), Head.of(next).bytes());
      chain.writeSnapshot();
    }
  }

  /** Some files come, some records are given, some are struck. */
  private Increment next(StreamState state, Random random) {
    long seq = state.seq() + 1;
    List<Arrival> arrivals = new ArrayList<>();
    TreeMap<String, Long> came = new TreeMap<>();
    for (int f = random.nextInt(3); f >= 0; f--) {
      String stratum = random.nextBoolean() ? "a" : "b";
      long records = 1 + random.nextInt(30);
      came.merge(stratum, records, Long::sum);
      arrivals.add(
          new Arrival(
              stratum,
              "/data/%d-%d".formatted(random.nextInt(200), f),
              "%064x".formatted(random.nextInt(5000)),
              1,
              records,
              "jsonl",
              null,
              List.of(),
              Map.of(stratum, records),
              Map.of(),
              random.nextInt(2),
              "tag" + random.nextInt(),
              Instant.ofEpochSecond(random.nextInt(100_000)).toString()));
    }
    TreeMap<String, Counts> counts = new TreeMap<>();
    long given = 0;
    for (String stratum : List.of("a", "b")) {
      long most = state.waitingRecords(stratum) + came.getOrDefault(stratum, 0L);
      long n = random.nextInt((int) most + 1);
      counts.put(stratum, state.counts(stratum, n, 0));
      given += n;
    }
    List<NotTaken> notTaken =
        random.nextInt(4) == 0
            ? List.of(new NotTaken("a", "/data/bad" + seq, NotTaken.REJECTED, null, "t" + seq))
            : List.of();
    return new Increment(
            Increment.SCHEMA_VERSION,
            "",
            document.id(),
            seq,
            state.id(),
            1,
            new Positions(state.position(), state.position() + given),
            new Mix(new TreeMap<>(Map.of("a", "1/2", "b", "1/2")), 0, Map.of(), Map.of()),
            arrivals,
            notTaken,
            List.<Struck>of(),
            List.of(),
            List.of(),
            counts,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            0,
            false,
            new Increment.Cut("count", null, 0, "wait", 0),
            "2026-01-01T00:00:00Z")
        .identified();
  }

  private Chain fromTheFirst() throws IOException {
    Chain chain = Chain.empty(folder, document);
    for (long seq = 1; seq <= INCREMENTS; seq++) {
      chain.apply(folder.increment(seq).orElseThrow());
    }
    return chain;
  }

  private static void same(Chain chain, Chain expected) {
    assertThat(chain.state().snapshot(), is(expected.state().snapshot()));
    assertThat(new String(chain.files().bytes()), is(new String(expected.files().bytes())));
  }

  private List<Path> snapshots() throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("online/snapshots"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void with_snapshots_without_them_or_with_damaged_ones_it_is_the_same_chain() throws IOException {
    Chain expected = fromTheFirst();
    same(Chain.open(folder, document), expected);
    assertThat(Chain.counts(folder, document).state().snapshot(), is(expected.state().snapshot()));
    List<Path> snapshots = snapshots();
    assertThat(snapshots.size(), is(4));
    for (Path snapshot : snapshots) {
      byte[] bytes = Files.readAllBytes(snapshot);
      Files.write(snapshot, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      same(Chain.open(folder, document), expected);
    }
    for (Path snapshot : snapshots) {
      Files.delete(snapshot);
    }
    same(Chain.open(folder, document), expected);
  }

  @Test
  void an_increment_that_does_not_go_on_from_the_one_before_is_named() throws IOException {
    Increment last = folder.increment(INCREMENTS).orElseThrow();
    Path file = Path.of(folder.file(Increment.file(INCREMENTS)));
    Files.delete(file);
    Optional<Increment> other = folder.increment(INCREMENTS - 1);
    Files.write(file, other.orElseThrow().bytes());
    DataException wrong = assertThrows(DataException.class, () -> Chain.open(folder, document));
    assertThat(wrong.getMessage(), containsString("says that it is increment " + (last.seq() - 1)));
  }
}
