package dev.mixdown.transforms.tables;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.WriteTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\": \"record\", \"name\": \"Row\", \"fields\": ["
                  + "{\"name\": \"name\", \"type\": [\"null\", \"string\"]},"
                  + "{\"name\": \"value\", \"type\": [\"null\", \"double\"]},"
                  + "{\"name\": \"at\", \"type\": [\"null\","
                  + " {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}]}]}");

  @TempDir Path folder;

  private final Storage storage = Storage.of(Map.of());

  private static GenericRecord row(String name, Double value, Long at) {
    GenericRecord row = new GenericData.Record(SCHEMA);
    row.put("name", name);
    row.put("value", value);
    row.put("at", at);
    return row;
  }

  private String block(String name, GenericRecord... rows) throws Exception {
    Path file = folder.resolve(name);
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(SCHEMA))) {
      writer.create(SCHEMA, file.toFile());
      for (GenericRecord row : rows) {
        writer.append(row);
      }
    }
    return file.toString();
  }

  private Path written(TableFormat format, GenericRecord... rows) throws Exception {
    Path file = folder.resolve("table." + format.extension());
    TableFile.write(storage, format, block("block.avro", rows), file.toString());
    return file;
  }

  private static final GenericRecord[] ROWS = {
    row("plain", 1.5, 1_767_775_377_831_052L),
    row("a \"quoted\", long\nname", Double.NaN, null),
    row("", null, -1L),
    row(null, Double.NEGATIVE_INFINITY, 0L)
  };

  @Test
  void parquet_has_every_value() throws Exception {
    Path file = written(TableFormat.PARQUET, ROWS);
    List<GenericRecord> read = new ArrayList<>();
    try (ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file)).build()) {
      for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
        read.add(row);
      }
    }
    assertThat(read.toString(), equalTo(List.of(ROWS).toString()));
  }

  @Test
  void json_lines_have_times_in_utc_and_words_for_what_is_no_number() throws Exception {
    assertThat(
        Files.readAllLines(written(TableFormat.JSONL, ROWS)),
        contains(
            "{\"name\":\"plain\",\"value\":1.5,\"at\":\"2026-01-07T08:42:57.831052Z\"}",
            "{\"name\":\"a \\\"quoted\\\", long\\nname\",\"value\":\"NaN\",\"at\":null}",
            "{\"name\":\"\",\"value\":null,\"at\":\"1969-12-31T23:59:59.999999Z\"}",
            "{\"name\":null,\"value\":\"-Infinity\",\"at\":\"1970-01-01T00:00:00Z\"}"));
  }

  @Test
  void csv_tells_an_empty_text_from_nothing() throws Exception {
    assertThat(
        Files.readString(written(TableFormat.CSV, ROWS)),
        is(
            "name,value,at\nplain,1.5,2026-01-07T08:42:57.831052Z\n"
                + "\"a \"\"quoted\"\", long\nname\",NaN,\n"
                + "\"\",,1969-12-31T23:59:59.999999Z\n"
                + ",-Infinity,1970-01-01T00:00:00Z\n"));
  }

  @Test
  void a_table_without_rows_is_a_file_all_the_same() throws Exception {
    assertThat(Files.readAllLines(written(TableFormat.CSV)), contains("name,value,at"));
    assertThat(Files.readAllLines(written(TableFormat.JSONL)), empty());
    assertThat(Files.size(written(TableFormat.PARQUET)) > 0, is(true));
  }

  @Test
  void each_block_becomes_a_file() throws Exception {
    Pipeline pipeline = Pipeline.create();
    String a = folder.resolve("out/a.jsonl").toString();
    String b = folder.resolve("out/b.jsonl").toString();
    PAssert.that(
            pipeline
                .apply(
                    Create.of(
                            KV.of(block("1.avro", ROWS[0]), a),
                            KV.of(block("2.avro", ROWS[1], ROWS[2]), b))
                        .withCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())))
                .apply(new WriteTables(storage, TableFormat.JSONL)))
        .containsInAnyOrder(a, b);
    pipeline.run().waitUntilFinish();
    assertThat(Files.readAllLines(Path.of(b)).size(), is(2));
  }
}
