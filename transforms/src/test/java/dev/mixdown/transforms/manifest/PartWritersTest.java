package dev.mixdown.transforms.manifest;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartWritersTest {
  private static final List<Stratum> STRATA =
      List.of(Stratum.of("a", "x"), Stratum.of("ü \"q\"", "y"));

  @TempDir Path folder;

  @Test
  void both_formats_give_back_the_same_rows() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<Sample> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      boolean sought = random.nextBoolean();
      Stratum stratum = STRATA.get(random.nextInt(2));
      rows.add(
          new Sample(
              i,
              stratum.dataset(),
              stratum.category(),
              random.nextInt(9),
              random.nextInt(),
              sought ? random.nextLong(1L << 40) : -1,
              sought ? random.nextInt(1 << 26) : -1,
              random.nextInt(40),
              random.nextLong(),
              random.nextBoolean() ? random.nextLong() >>> 1 : -1));
    }
    for (ManifestFormat format : ManifestFormat.values()) {
      Path file = folder.resolve("part." + format.extension());
      try (PartWriter writer = format.open(Files.newOutputStream(file), STRATA)) {
        for (Sample row : rows) {
          writer.row(
              row.position(),
              row.dataset().equals("a") ? 0 : 1,
              row.shard(),
              row.record(),
              row.offset(),
              row.length(),
              row.pass(),
              row.identity(),
              row.augmentSeed());
        }
      }
      List<Sample> read = new ArrayList<>();
      PartReader.read(file.toString(), read::add);
      assertThat(read, is(rows));
    }
  }
}
