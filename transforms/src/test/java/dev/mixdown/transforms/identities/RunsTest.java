package dev.mixdown.transforms.identities;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.DamagedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  /** What a file says, by group: each identity with how often it is there. */
  private static Map<Integer, TreeMap<Long, Integer>> read(Path file, int rangeBits)
      throws IOException {
    Map<Integer, TreeMap<Long, Integer>> found = new TreeMap<>();
    try (RunsReader reader = new RunsReader(STORAGE, file.toString())) {
      for (int range = 0; range < 1 << rangeBits; range++) {
        reader.range(range, rangeBits);
        while (reader.next()) {
          for (int i = 0; i < reader.size(); i++) {
            assertThat(RunsWriter.highest(reader.identity(i), rangeBits), is(range));
            found
                .computeIfAbsent(reader.group(), g -> new TreeMap<>(Long::compareUnsigned))
                .merge(reader.identity(i), reader.count(i), Integer::sum);
          }
        }
      }
    }
    return found;
  }

  @Test
  void random_collections_come_back_whatever_the_ranges_they_are_read_by() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 150; round++) {
      RunsWriter writer = RunsWriter.counted();
      Map<Integer, TreeMap<Long, Integer>> expected = new TreeMap<>();
      int groups = random.nextInt(6);
      for (int g = 0; g < groups; g++) {
        int n = random.nextInt(new int[] {3, 400, 9_000}[round % 3]);
        int few = 1 + random.nextInt(1 + n);
        long[] identities = new long[n];
        for (int i = 0; i < n; i++) {
          // Every third round has each identity several times; some lie close together.
          long one = new SplittableRandom(round % 3 == 0 ? random.nextInt(few) : i).nextLong();
          identities[i] = round % 5 == 4 ? one >>> 40 : one;
          expected
              .computeIfAbsent(3 * g, k -> new TreeMap<>(Long::compareUnsigned))
              .merge(identities[i], 1, Integer::sum);
        }
        writer.add(3 * g, identities, n);
      }
      Path file = folder.resolve("r" + round);
      Files.write(file, writer.bytes());
      for (int rangeBits : new int[] {0, 3, 9}) {
        assertThat("round " + round, read(file, rangeBits), is(expected));
      }
    }
  }

  @Test
  void the_extreme_identities_come_back() throws Exception {
    long[] identities = {-1, 0, Long.MIN_VALUE, Long.MAX_VALUE, -1, 1};
    RunsWriter writer = RunsWriter.counted();
    writer.add(0, identities, identities.length);
    Path file = Files.write(folder.resolve("x"), writer.bytes());
    assertThat(read(file, 2).get(0).get(-1L), is(2));
    assertThat(read(file, 2).get(0).size(), is(5));
  }

  @Test
  void records_keep_their_numbers_in_the_order_of_their_identities() throws Exception {
    SplittableRandom random = new SplittableRandom(6);
    int n = 20_000;
    long[] identities = new long[n];
    int[] records = new int[n];
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      identities[i] = i % 7 == 0 ? 42 : random.nextLong();
      records[i] = i;
      expected.add(Long.toHexString(identities[i]) + ":" + i);
    }
    RunsWriter writer = RunsWriter.numbered(n);
    writer.add(0, identities, records, n);
    Path file = Files.write(folder.resolve("n"), writer.bytes());
    List<String> found = new ArrayList<>();
    try (RunsReader reader = new RunsReader(STORAGE, file.toString())) {
      reader.range(0, 0);
      while (reader.next()) {
        for (int i = 0; i < reader.size(); i++) {
          found.add(Long.toHexString(reader.identity(i)) + ":" + reader.record(i));
        }
      }
    }
    assertThat(found.size(), is(n));
    found.sort(null);
    expected.sort(null);
    assertThat(found, is(expected));
  }

  @Test
  void a_million_identities_take_less_than_six_bytes_each_and_a_hundred_less_than_eight() {
    for (int n : new int[] {1_000_000, 100}) {
      SplittableRandom random = new SplittableRandom(n);
      RunsWriter writer = RunsWriter.counted();
      writer.add(0, random.longs(n).toArray(), n);
      assertThat((double) writer.bytes().length / n, lessThan(n == 100 ? 8.0 : 5.75));
    }
  }

  @Test
  void a_flipped_bit_anywhere_is_noticed() throws Exception {
    RunsWriter writer = RunsWriter.counted();
    writer.add(0, new SplittableRandom(7).longs(500).toArray(), 500);
    byte[] bytes = writer.bytes();
    for (int at = 0; at < bytes.length; at += 13) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      Path file = Files.write(folder.resolve("d"), damaged);
      Exception e = assertThrows(DamagedFileException.class, () -> read(file, 0));
      assertThat(String.valueOf(e.getMessage()), containsString("is damaged"));
    }
    Path cut = Files.write(folder.resolve("c"), Arrays.copyOf(bytes, bytes.length - 3));
    assertThrows(DamagedFileException.class, () -> read(cut, 0));
  }

  @Test
  void digests_add_up() {
    SplittableRandom random = new SplittableRandom(8);
    long[] a = random.longs(300).toArray();
    long[] b = random.longs(200).toArray();
    SetDigest both = digest(a).plus(digest(b));
    SetDigest.Sum sum = new SetDigest.Sum();
    Arrays.stream(b).forEach(i -> sum.add(i, 1));
    Arrays.stream(a).forEach(i -> sum.add(i, 1));
    assertThat(sum.digest(), is(both));
    assertThat(both.minus(digest(b)), is(digest(a)));
    assertThat(digest(a).plus(digest(a)).plus(digest(a)), is(digest(a).times(3)));
    assertThat(SetDigest.of(both.toString()), is(both));
  }

  private static SetDigest digest(long[] identities) {
    SetDigest.Sum sum = new SetDigest.Sum();
    for (long identity : identities) {
      sum.add(identity, 1);
    }
    return sum.digest();
  }
}
