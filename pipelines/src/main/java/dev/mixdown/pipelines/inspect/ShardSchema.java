package dev.mixdown.pipelines.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ParquetInput;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.shards.InspectedShard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.Type;

/**
 * The fields of a shard's records, as its head has them: the first JSON record, the CSV header, the
 * Parquet footer. It goes into events and decides nothing: what cannot be read has no fields.
 */
public final class ShardSchema {
  private ShardSchema() {}

  /** Names and types, in the order of the file. */
  public static Map<String, String> of(Storage storage, InspectedShard shard) {
    try {
      return switch (shard.spec().format().records()) {
        case JSONL -> json(storage, shard);
        case CSV -> csv(storage, shard);
        case PARQUET -> parquet(storage, shard);
      };
    } catch (IOException | RuntimeException e) {
      return Map.of();
    }
  }

  private static Map<String, String> json(Storage storage, InspectedShard shard)
      throws IOException {
    try (BufferedReader in = reader(storage, shard)) {
      String first = in.readLine();
      while (first != null && first.isBlank()) {
        first = in.readLine();
      }
      if (first == null) {
        return Map.of();
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field :
          Json.value(first.replaceFirst("^\uFEFF", "")).properties()) {
        fields.put(field.getKey(), field.getValue().getNodeType().name().toLowerCase(Locale.ROOT));
      }
      return fields;
    }
  }

  private static Map<String, String> csv(Storage storage, InspectedShard shard) throws IOException {
    InspectionSpec spec = shard.spec();
    if (!spec.csv().header()) {
      return Map.of();
    }
    CsvSchema schema =
        CsvSchema.emptySchema()
            .withColumnSeparator(spec.csv().delimiter())
            .withQuoteChar(spec.csv().quote());
    try (BufferedReader in = reader(storage, shard);
        MappingIterator<String[]> rows =
            new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .with(schema)
                .readValues(in)) {
      Map<String, String> fields = new LinkedHashMap<>();
      if (rows.hasNext()) {
        for (String name : rows.next()) {
          fields.put(name, "string");
        }
      }
      return fields;
    }
  }

  private static BufferedReader reader(Storage storage, InspectedShard shard) throws IOException {
    InputStream file = storage.open(shard.file());
    try {
      InputStream data = shard.spec().format().compression().open(file);
      return new BufferedReader(new InputStreamReader(data, StandardCharsets.UTF_8));
    } catch (IOException | UncheckedIOException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, String> parquet(Storage storage, InspectedShard shard)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new ParquetInput(storage, shard.file()))) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (Type type : reader.getFileMetaData().getSchema().getFields()) {
        fields.put(
            type.getName(),
            type.isPrimitive()
                ? type.asPrimitiveType().getPrimitiveTypeName().name().toLowerCase(Locale.ROOT)
                : "group");
      }
      return fields;
    }
  }
}
