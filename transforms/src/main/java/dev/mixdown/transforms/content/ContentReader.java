package dev.mixdown.transforms.content;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads the content of a shard's records: of each, the identity of what it says. */
public final class ContentReader {
  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private final ContentSpec spec;
  private final CanonicalText text;

  public ContentReader(ContentSpec spec) {
    this.spec = spec;
    this.text = new CanonicalText(spec.fields(), spec.normalise());
  }

  /**
   * Takes the records, in their order; a bad one does not come, nor one that has none of the fields
   * that count, where only some do.
   */
  public interface Visitor {
    void visit(int record, long contentIdentity) throws IOException;
  }

  /**
   * Reads all records of a shard.
   *
   * @throws BadShardException when it cannot be read
   */
  public void read(Storage storage, FileInfo file, Visitor visitor)
      throws IOException, BadShardException {
    if (spec.format().records() == ShardFormat.Records.PARQUET) {
      ParquetRows.all(storage, file, (row, json) -> visit(visitor, row, identity(json)));
      return;
    }
    try (InputStream in = spec.format().compression().open(storage.open(file))) {
      if (spec.format().records() == ShardFormat.Records.CSV) {
        // The header comes as a row like the others: it has the names.
        CsvOptions raw = new CsvOptions(spec.csv().delimiter(), spec.csv().quote(), false);
        new CsvRecords(
                InspectionSpec.of(spec.format(), raw, false, true), new Rows(file.path(), visitor))
            .read(in);
      } else {
        new JsonlRecords(
                InspectionSpec.of(spec.format(), spec.csv(), false, true),
                new Lines(file.path(), visitor))
            .read(in);
      }
    }
  }

  private void visit(Visitor visitor, int record, long identity) throws IOException {
    // Records that have none of the fields that count say nothing, and not the same.
    if (spec.fields().isEmpty() || text.size() > CanonicalText.EMPTY_OBJECT) {
      visitor.visit(record, identity);
    }
  }

  /** The canonical form of the record that a visitor is told of. */
  public byte[] canonical() {
    return Arrays.copyOf(text.bytes(), text.size());
  }

  /** The content identity of a record that is JSON. */
  public long identity(byte[] json) {
    text.json(json, 0, json.length);
    return identity();
  }

  private long identity() {
    return HASHER.hashBytesToLong(text.bytes(), 0, text.size());
  }

  private static List<byte[]> numbers(int columns) {
    byte[][] names = new byte[columns][];
    Arrays.setAll(names, c -> String.valueOf(c + 1).getBytes(StandardCharsets.US_ASCII));
    return List.of(names);
  }

  private void row(List<byte[]> names, List<byte[]> values) {
    text.begin();
    int first = text.beginObject();
    for (int c = 0; c < Math.min(names.size(), values.size()); c++) {
      text.key(names.get(c), 0, names.get(c).length);
      text.text(values.get(c), 0, values.get(c).length);
      text.endField(true);
    }
    text.endObject(first);
  }

  /** Lines of JSON. */
  private final class Lines implements RecordSink {
    private final String path;
    private final Visitor visitor;
    private int next;

    Lines(String path, Visitor visitor) {
      this.path = path;
      this.visitor = visitor;
    }

    @Override
    public long next() {
      return next;
    }

    @Override
    public void text(long offset, byte[] b, int from, int to, FieldValues fields)
        throws IOException {
      text.json(b, from, to);
      ContentReader.this.visit(visitor, next++, identity());
    }

    @Override
    public void reject(long offset, byte[] b, int from, int to, String reason, String where) {
      next++;
    }

    @Override
    public BadShardException bad(String message) {
      return new BadShardException(List.of(DataProblem.of(path, message)));
    }
  }

  /** Rows of CSV, the header among them. */
  private final class Rows implements RecordSink {
    private final String path;
    private final Visitor visitor;
    private final CsvRow split = new CsvRow(spec.csv());
    private List<byte[]> names = List.of();
    private int next = spec.csv().header() ? -1 : 0;

    Rows(String path, Visitor visitor) {
      this.path = path;
      this.visitor = visitor;
    }

    @Override
    public long next() {
      return next;
    }

    @Override
    public void text(long offset, byte[] b, int from, int to, FieldValues fields)
        throws IOException {
      split.split(b, from, to);
      if (next < 0) {
        names = List.copyOf(split.values());
      } else {
        row(names.isEmpty() ? numbers(split.values().size()) : names, split.values());
        ContentReader.this.visit(visitor, next, identity());
      }
      next++;
    }

    @Override
    public void reject(long offset, byte[] b, int from, int to, String reason, String where) {
      next++;
    }

    @Override
    public BadShardException bad(String message) {
      return new BadShardException(List.of(DataProblem.of(path, message)));
    }
  }
}
