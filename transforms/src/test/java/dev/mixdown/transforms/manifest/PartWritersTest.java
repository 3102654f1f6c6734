package dev.mixdown.transforms.manifest;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartWritersTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final List<Stratum> STRATA =
      List.of(Stratum.of("a", "x"), Stratum.of("ü \"q\"", "y"));

  @TempDir Path folder;

  @Test
  void both_formats_give_back_the_same_rows() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<Sample> rows = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      // Pages with all, with some and with no offsets.
      boolean sought = i < 65_536 || (i < 140_000 && random.nextBoolean());
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
              random.nextInt(i < 100_000 ? 40 : 100_000),
              random.nextLong(),
              random.nextBoolean() ? random.nextLong() >>> 1 : -1,
              "",
              false));
    }
    for (ManifestFormat format : ManifestFormat.values()) {
      Path file = folder.resolve("part." + format.extension());
      SampleEncoder encoder = format.encoder(STRATA);
      try (PartWriter writer = format.open(Files.newOutputStream(file), STRATA)) {
        Samples samples = new Samples();
        for (Sample row : rows) {
          samples.add(
              row.position(),
              row.dataset().equals("a") ? 0 : 1,
              row.shard(),
              row.record(),
              row.offset(),
              row.length(),
              row.pass(),
              row.identity(),
              row.augmentSeed());
          if (samples.isFull()) {
            writer.write(encoder.encode(samples));
            samples.clear();
          }
        }
        writer.write(encoder.encode(samples));
      }
      List<Sample> read = new ArrayList<>();
      PartReader.read(STORAGE, file.toString(), read::add);
      assertThat(read, is(rows));
    }
  }

  @Test
  void json_lines_have_hashes_as_text_and_those_of_earlier_versions_are_read() throws IOException {
    Path file = folder.resolve("part.jsonl");
    SampleEncoder encoder = ManifestFormat.JSONL.encoder(STRATA);
    try (PartWriter writer = ManifestFormat.JSONL.open(Files.newOutputStream(file), STRATA)) {
      Samples samples = new Samples();
      samples.add(0, 0, 3, 4, 50, 6, 1, -2, 255);
      samples.add(1, 0, 3, 5, -1, -1, 1, 1, -1);
      writer.write(encoder.encode(samples));
    }
    String text = Files.readString(file);
    assertThat(
        text,
        containsString("\"identity\":\"fffffffffffffffe\",\"augment_seed\":\"00000000000000ff\"}"));
    assertThat(text, containsString("\"identity\":\"0000000000000001\",\"augment_seed\":null}"));
    List<Sample> now = new ArrayList<>();
    PartReader.read(STORAGE, file.toString(), now::add);

    Files.writeString(
        file,
        text.replace("\"fffffffffffffffe\"", "18446744073709551614")
            .replace("\"00000000000000ff\"", "255")
            .replace("\"0000000000000001\"", "1"));
    List<Sample> before = new ArrayList<>();
    PartReader.read(STORAGE, file.toString(), before::add);
    assertThat(before, is(now));
    assertThat(now.get(0).identity(), is(-2L));
    assertThat(now.get(1).augmentSeed(), is(-1L));
  }

  @Test
  void a_row_of_a_stream_says_whose_seat_it_has_and_whether_it_comes_again() throws IOException {
    RowKinds kinds =
        new RowKinds(
            List.of(STRATA.get(0), STRATA.get(1), STRATA.get(0)),
            List.of(
                new RowKinds.OfStream("one", false),
                new RowKinds.OfStream("two", false),
                new RowKinds.OfStream("replay:self", true)));
    for (ManifestFormat format : ManifestFormat.values()) {
      Path file = folder.resolve("stream." + format.extension());
      SampleEncoder encoder = format.encoder(kinds);
      int rows = Samples.CAPACITY + 1003;
      try (PartWriter writer = format.open(Files.newOutputStream(file), kinds)) {
        Samples samples = new Samples();
        for (int i = 0; i < rows; i++) {
          samples.add(i, i % 3, 0, i, -1, 0, 0, i, -1);
          if (samples.isFull()) {
            writer.write(encoder.encode(samples));
            samples.clear();
          }
        }
        writer.write(encoder.encode(samples));
      }
      int[] next = {0};
      PartReader.read(
          STORAGE,
          file.toString(),
          row -> {
            int kind = next[0]++ % 3;
            assertThat(row.stratum(), is(kinds.ofStream().get(kind).stratum()));
            assertThat(row.replay(), is(kind == 2));
            assertThat(row.dataset(), is(kinds.strata().get(kind).dataset()));
          });
      assertThat(next[0], is(rows));
    }
  }

  @Test
  void a_part_of_several_row_groups_is_read_from_its_first_row_to_its_last() throws IOException {
    int rows = (1 << 20) + 100_000;
    Path file = folder.resolve("part.parquet");
    SampleEncoder encoder = ManifestFormat.PARQUET.encoder(STRATA);
    try (PartWriter writer = ManifestFormat.PARQUET.open(Files.newOutputStream(file), STRATA)) {
      Samples samples = new Samples();
      for (int i = 0; i < rows; i++) {
        samples.add(7L + i, i & 1, 3, i, i * 10L, 10, i / 1000, -i, -1);
        if (samples.isFull()) {
          writer.write(encoder.encode(samples));
          samples.clear();
        }
      }
      writer.write(encoder.encode(samples));
    }
    int[] next = {0};
    PartReader.read(
        STORAGE,
        file.toString(),
        row -> {
          int i = next[0]++;
          Stratum stratum = STRATA.get(i & 1);
          assertThat(
              row,
              is(
                  new Sample(
                      7L + i,
                      stratum.dataset(),
                      stratum.category(),
                      3,
                      i,
                      i * 10L,
                      10,
                      i / 1000,
                      -i,
                      -1,
                      "",
                      false)));
        });
    assertThat(next[0], is(rows));
  }

  @Test
  void no_reader_is_told_that_a_page_has_nothing_but_nulls_where_it_has_values()
      throws IOException {
    Path file = folder.resolve("part.parquet");
    SampleEncoder encoder = ManifestFormat.PARQUET.encoder(STRATA);
    try (PartWriter writer = ManifestFormat.PARQUET.open(Files.newOutputStream(file), STRATA)) {
      Samples samples = new Samples();
      for (int i = 0; i < 1_000; i++) {
        samples.add(i, i & 1, 3, i, -1, 0, 0, i * 7L - 3_000, 5);
      }
      writer.write(encoder.encode(samples));
    }
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      for (ColumnChunkMetaData column : reader.getRowGroups().get(0).getColumns()) {
        boolean nulls = Set.of("offset", "length").contains(column.getPath().toDotString());
        ColumnIndex index = reader.readColumnIndex(column);
        if (index != null) {
          assertThat(column.toString(), index.getNullPages(), is(List.of(nulls)));
        }
      }
      FilterCompat.Filter filter =
          FilterCompat.get(FilterApi.eq(FilterApi.longColumn("identity"), 4_000L));
      ParquetReadOptions options =
          ParquetReadOptions.builder(new PlainParquetConfiguration())
              .withRecordFilter(filter)
              .useColumnIndexFilter()
              .build();
      try (ParquetFileReader filtered = ParquetFileReader.open(new LocalInputFile(file), options)) {
        assertThat(filtered.readNextFilteredRowGroup().getRowCount(), is(1_000L));
      }
    }
  }
}
