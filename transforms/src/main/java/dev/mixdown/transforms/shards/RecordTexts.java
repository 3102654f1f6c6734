package dev.mixdown.transforms.shards;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.formats.CsvRecords;
import dev.mixdown.transforms.formats.JsonlRecords;
import dev.mixdown.transforms.formats.ParquetRows;
import dev.mixdown.transforms.records.FieldValues;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordSink;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The bytes of some records of a shard: as they stand in it, or for Parquet as a JSON object.
 * Records that can be sought are; of other shards, everything before the last one is read.
 */
public final class RecordTexts {
  private final Storage storage;

  public RecordTexts(Storage storage) {
    this.storage = storage;
  }

  /**
   * Where a record is.
   *
   * @param record its number in the shard, from 0
   * @param offset its first byte; -1 where records cannot be sought
   * @param length its bytes; without meaning where the offset is -1
   */
  public record Wanted(int record, long offset, int length) {}

  /**
   * Reads records.
   *
   * @return by number; one that the shard does not have is missing
   * @throws BadShardException when the shard cannot be read
   */
  public Map<Integer, byte[]> read(
      FileInfo file, ShardFormat format, CsvOptions csv, Collection<Wanted> wanted)
      throws IOException, BadShardException {
    if (wanted.stream().allMatch(w -> w.offset() >= 0)) {
      return sought(file, wanted);
    }
    Set<Integer> numbers = wanted.stream().map(Wanted::record).collect(Collectors.toSet());
    if (format.records() == ShardFormat.Records.PARQUET) {
      return ParquetRows.read(storage, file, numbers);
    }
    Picker picker = new Picker(file.path(), numbers);
    InspectionSpec spec = InspectionSpec.of(format, csv, false, true);
    try (InputStream in = format.compression().open(storage.open(file))) {
      if (format.records() == ShardFormat.Records.CSV) {
        new CsvRecords(spec, picker).read(in);
      } else {
        new JsonlRecords(spec, picker).read(in);
      }
    } catch (EnoughException e) {
      return picker.found;
    }
    return picker.found;
  }

  private Map<Integer, byte[]> sought(FileInfo file, Collection<Wanted> wanted) throws IOException {
    Map<Integer, byte[]> found = new HashMap<>();
    try (SeekableByteChannel channel = storage.openChannel(file)) {
      for (Wanted one : wanted) {
        ByteBuffer bytes = ByteBuffer.allocate(one.length());
        channel.position(one.offset());
        while (bytes.hasRemaining()) {
          if (channel.read(bytes) < 0) {
            throw new EOFException(
                "%s ends before record %d does; it has changed"
                    .formatted(file.path(), one.record()));
          }
        }
        found.put(one.record(), bytes.array());
      }
    }
    return found;
  }

  /** All records are found: the rest of the shard is not needed. */
  private static final class EnoughException extends RuntimeException {
    EnoughException() {
      super(null, null, false, false);
    }
  }

  /** Keeps the records of some numbers. */
  private static final class Picker implements RecordSink {
    private final String path;
    private final Set<Integer> numbers;
    private final Map<Integer, byte[]> found = new HashMap<>();
    private int next;

    Picker(String path, Set<Integer> numbers) {
      this.path = path;
      this.numbers = numbers;
    }

    @Override
    public long next() {
      return next;
    }

    @Override
    public void text(long offset, byte[] b, int from, int to, FieldValues fields) {
      take(b, from, to);
    }

    @Override
    public void reject(long offset, byte[] b, int from, int to, String reason, String where) {
      take(b, from, to);
    }

    private void take(byte[] b, int from, int to) {
      if (numbers.contains(next)) {
        found.put(next, Arrays.copyOfRange(b, from, to));
      }
      next++;
      if (found.size() == numbers.size()) {
        throw new EnoughException();
      }
    }

    @Override
    public BadShardException bad(String message) {
      return new BadShardException(List.of(DataProblem.of(path, message)));
    }
  }
}
