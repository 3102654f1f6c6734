package dev.mixdown.transforms.tables;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.transforms.manifest.StreamOutputFile;
import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** A file of rows that is being written. Closing it ends it, and leaves its stream open. */
interface RowFile extends AutoCloseable {
  /** Adds a row. */
  void write(GenericRecord row) throws IOException;

  @Override
  void close() throws IOException;

  /** Begins a file. */
  static RowFile of(TableFormat format, Schema schema, OutputStream out) throws IOException {
    return switch (format) {
      case PARQUET -> new ParquetRows(schema, out);
      case JSONL -> new JsonRows(schema, out);
      case CSV -> new CsvRows(schema, out);
    };
  }

  /** Rows as Parquet, by parquet-avro. */
  final class ParquetRows implements RowFile {
    private final ParquetWriter<GenericRecord> writer;

    ParquetRows(Schema schema, OutputStream out) throws IOException {
      writer =
          AvroParquetWriter.<GenericRecord>builder(new StreamOutputFile(new KeptOpen(out)))
              .withConf(new PlainParquetConfiguration())
              .withSchema(schema)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .build();
    }

    @Override
    public void write(GenericRecord row) throws IOException {
      writer.write(row);
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  /** Parquet closes what it writes to; the file has its name only afterwards. */
  final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }

  /** Rows as lines of JSON; times are RFC 3339, and numbers that JSON does not have are texts. */
  final class JsonRows implements RowFile {
    private final Schema schema;
    private final JsonGenerator json;

    JsonRows(Schema schema, OutputStream out) throws IOException {
      this.schema = schema;
      json = new ObjectMapper().createGenerator(out);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setRootValueSeparator(null);
    }

    @Override
    public void write(GenericRecord row) throws IOException {
      json.writeStartObject();
      for (Schema.Field field : schema.getFields()) {
        Object value = plain(field.schema(), row.get(field.pos()));
        json.writeFieldName(field.name());
        if (value instanceof Double number && !Double.isFinite(number)) {
          json.writeString(number.toString());
        } else {
          json.writePOJO(value);
        }
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }

  /** Rows as CSV with a header; what is not known is empty, and an empty text is quoted. */
  final class CsvRows implements RowFile {
    private final Schema schema;
    private final Writer out;

    CsvRows(Schema schema, OutputStream stream) throws IOException {
      this.schema = schema;
      out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
      line(schema.getFields().stream().map(Schema.Field::name).toList());
    }

    @Override
    public void write(GenericRecord row) throws IOException {
      line(
          schema.getFields().stream()
              .map(field -> cell(plain(field.schema(), row.get(field.pos()))))
              .toList());
    }

    private void line(List<String> cells) throws IOException {
      out.write(cells.stream().collect(Collectors.joining(",")));
      out.write('\n');
    }

    private static String cell(@Nullable Object value) {
      if (value == null) {
        return "";
      }
      String text = value.toString();
      return text.isEmpty() || text.matches("(?s).*[\",\r\n].*")
          ? '"' + text.replace("\"", "\"\"") + '"'
          : text;
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }

  /** A value as text formats have it. */
  private static @Nullable Object plain(Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Schema type =
        schema.isUnion()
            ? schema.getTypes().stream()
                .filter(t -> t.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(schema)
            : schema;
    if (type.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
      return Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS).toString();
    }
    return value instanceof CharSequence ? value.toString() : value;
  }
}
