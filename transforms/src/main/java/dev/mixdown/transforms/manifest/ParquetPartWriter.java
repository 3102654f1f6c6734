package dev.mixdown.transforms.manifest;

import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** Writes a part as Parquet, straight from columns to pages: no object per row. */
final class ParquetPartWriter implements PartWriter {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named("position")
          .required(BINARY)
          .as(stringType())
          .named("dataset")
          .required(BINARY)
          .as(stringType())
          .named("category")
          .required(INT32)
          .named("shard")
          .required(INT32)
          .named("record")
          .optional(INT64)
          .named("offset")
          .optional(INT32)
          .named("length")
          .required(INT32)
          .named("pass")
          .required(INT64)
          .as(intType(64, false))
          .named("identity")
          .optional(INT64)
          .named("augment_seed")
          .named("sample");

  private final ParquetWriter<Row> writer;
  private final Row row = new Row();
  private final Binary[] datasets;
  private final Binary[] categories;

  /** The one row that is filled again and again. */
  private static final class Row {
    long position;
    Binary dataset = Binary.EMPTY;
    Binary category = Binary.EMPTY;
    int shard;
    int record;
    long offset;
    int length;
    int pass;
    long identity;
    long augmentSeed;
  }

  ParquetPartWriter(OutputStream out, List<Stratum> strata) throws IOException {
    datasets = strata.stream().map(s -> Binary.fromString(s.dataset())).toArray(Binary[]::new);
    categories = strata.stream().map(s -> Binary.fromString(s.category())).toArray(Binary[]::new);
    writer =
        new Builder(new StreamOutputFile(out))
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withDictionaryEncoding(false)
            .withDictionaryEncoding("dataset", true)
            .withDictionaryEncoding("category", true)
            .withDictionaryEncoding("pass", true)
            .withRowGroupSize(64L << 20)
            .withPageSize(1 << 20)
            .build();
  }

  @Override
  public void row(
      long position,
      int stratum,
      int shard,
      int record,
      long offset,
      int length,
      int pass,
      long identity,
      long augmentSeed)
      throws IOException {
    row.position = position;
    row.dataset = datasets[stratum];
    row.category = categories[stratum];
    row.shard = shard;
    row.record = record;
    row.offset = offset;
    row.length = length;
    row.pass = pass;
    row.identity = identity;
    row.augmentSeed = augmentSeed;
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @Deprecated
    protected WriteSupport<Row> getWriteSupport(Configuration conf) {
      return new RowSupport();
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration conf) {
      return new RowSupport();
    }
  }

  private static final class RowSupport extends WriteSupport<Row> {
    @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first write.
    private RecordConsumer consumer;

    @Override
    @Deprecated
    public WriteContext init(Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Row row) {
      consumer.startMessage();
      addLong(0, "position", row.position);
      addBinary(1, "dataset", row.dataset);
      addBinary(2, "category", row.category);
      addInt(3, "shard", row.shard);
      addInt(4, "record", row.record);
      if (row.offset >= 0) {
        addLong(5, "offset", row.offset);
        addInt(6, "length", row.length);
      }
      addInt(7, "pass", row.pass);
      addLong(8, "identity", row.identity);
      if (row.augmentSeed >= 0) {
        addLong(9, "augment_seed", row.augmentSeed);
      }
      consumer.endMessage();
    }

    private void addLong(int column, String name, long value) {
      consumer.startField(name, column);
      consumer.addLong(value);
      consumer.endField(name, column);
    }

    private void addInt(int column, String name, int value) {
      consumer.startField(name, column);
      consumer.addInteger(value);
      consumer.endField(name, column);
    }

    private void addBinary(int column, String name, Binary value) {
      consumer.startField(name, column);
      consumer.addBinary(value);
      consumer.endField(name, column);
    }
  }

  /** A stream that is written once, from its beginning, as Parquet's kind of file. */
  private record StreamOutputFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new SettledFooter(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
