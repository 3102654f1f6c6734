package dev.mixdown.transforms.placing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is packed comes out as it went in. */
final class PlacementsTest {
  private record Row(int stratum, int record, int length, long identity, long offset) {}

  private static byte[] pack(Placements.Packer packer, List<Row> rows) {
    for (Row row : rows) {
      packer.add(row.stratum(), row.record(), row.length(), row.identity(), row.offset());
    }
    assertThat(packer.count(), is(rows.size()));
    return packer.take(7, 8, 9);
  }

  private static List<Row> unpack(byte[] bytes) {
    Placements.Block block = new Placements.Block(bytes);
    assertThat(block.shard(), is(7));
    assertThat(block.fileOrder(), is(8));
    assertThat(block.pass(), is(9));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < block.count(); i++) {
      block.next();
      rows.add(
          new Row(
              block.stratum(), block.record(), block.length(), block.identity(), block.offset()));
    }
    assertThat(block.firstRecord(), is(rows.get(0).record()));
    return rows;
  }

  @Test
  void random_records_of_every_size_come_out_as_they_went_in() {
    Random random = new Random(5);
    Placements.Packer packer = new Placements.Packer();
    for (int round = 0; round < 500; round++) {
      List<Row> rows = new ArrayList<>();
      boolean seekable = random.nextBoolean();
      int record = random.nextInt(1 << random.nextInt(31));
      int count = 1 + random.nextInt(300);
      for (int i = 0; i < count; i++) {
        rows.add(
            new Row(
                random.nextInt(1 << random.nextInt(20)),
                record,
                random.nextInt(1 << random.nextInt(27)),
                random.nextLong(),
                seekable ? random.nextLong() >>> 1 + random.nextInt(60) : -1));
        record = Math.min(Integer.MAX_VALUE - 1, record + random.nextInt(1 << random.nextInt(25)));
        record = Math.max(record, rows.get(i).record());
      }
      assertThat(unpack(pack(packer, rows)), is(rows));
    }
  }

  @Test
  void numbers_at_their_limits_come_out_as_they_went_in() {
    List<Row> rows =
        List.of(
            new Row(0, 0, 0, 0, Long.MAX_VALUE),
            new Row(Integer.MAX_VALUE, 0, Integer.MAX_VALUE, -1, 0),
            new Row(0, Integer.MAX_VALUE, 0, Long.MIN_VALUE, -1),
            new Row(0, Integer.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE),
            new Row(0, 3, 0, 1, 5));
    assertThat(unpack(pack(new Placements.Packer(), rows)), is(rows));
  }

  @Test
  void a_record_after_another_takes_less_than_half_of_its_columns() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.add(new Row(3, i, 1100, i * 0x9E3779B97F4A7C15L, i * 1101L));
    }
    assertThat(pack(new Placements.Packer(), rows).length, lessThan(1000 * 14));
  }
}
