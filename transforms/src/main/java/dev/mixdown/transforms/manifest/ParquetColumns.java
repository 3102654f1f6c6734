package dev.mixdown.transforms.manifest;

import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveComparator;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.xerial.snappy.Snappy;

/** The columns of a part: what they are called, their types, and the names that are in them. */
final class ParquetColumns {
  /** Beyond so many passes their dictionary would be larger than what it saves. */
  static final int MOST_PASSES = 1 << 12;

  static final String IDENTITY = "identity";

  /** The columns of a manifest's parts. */
  static final MessageType SCHEMA =
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
          .named(IDENTITY)
          .optional(INT64)
          .named("augment_seed")
          .named("sample");

  /** The columns of a stream's parts. */
  private static final MessageType STREAM_SCHEMA =
      SCHEMA.union(
          Types.buildMessage()
              .required(BINARY)
              .as(stringType())
              .named("stratum")
              .required(BOOLEAN)
              .named("replay")
              .named("sample"));

  /** The columns of parts with rows of some kinds. */
  static MessageType schema(RowKinds kinds) {
    return kinds.stream() ? STREAM_SCHEMA : SCHEMA;
  }

  /** The columns in their order, each with its type. */
  static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Type type : SCHEMA.getFields()) {
      LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
      PrimitiveType.PrimitiveTypeName primitive = type.asPrimitiveType().getPrimitiveTypeName();
      columns.put(
          type.getName(),
          (logical == null ? primitive.name() : logical.toString()).toLowerCase(Locale.ROOT));
    }
    return columns;
  }

  static final PrimitiveComparator<Binary> ORDER =
      SCHEMA.getType("dataset").asPrimitiveType().comparator();

  private ParquetColumns() {}

  /** Identities are random, which compression cannot make smaller. */
  static CompressionCodecName codec(ColumnDescriptor column) {
    return column.getPath()[0].equals(IDENTITY)
        ? CompressionCodecName.UNCOMPRESSED
        : CompressionCodecName.SNAPPY;
  }

  /**
   * The names that a column has, as a dictionary.
   *
   * @param names each once
   * @param ofStratum the number of each stratum's
   */
  record Names(List<Binary> names, int[] ofStratum) {
    static <K> Names of(List<K> kinds, Function<K, String> name) {
      Map<String, Integer> known = new LinkedHashMap<>();
      int[] ofStratum = new int[kinds.size()];
      for (int s = 0; s < ofStratum.length; s++) {
        String text = name.apply(kinds.get(s));
        known.putIfAbsent(text, known.size());
        ofStratum[s] = known.get(text);
      }
      return new Names(known.keySet().stream().map(Binary::fromString).toList(), ofStratum);
    }

    /** As a compressed page. */
    DictionaryPage dictionary() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Binary name : names) {
        bytes.write(littleEndian(name.length()));
        name.writeTo(bytes);
      }
      return ParquetColumns.dictionary(bytes.toByteArray(), names.size());
    }
  }

  /** A dictionary, compressed: columns that have one are. */
  static DictionaryPage dictionary(byte[] values, int size) throws IOException {
    return new DictionaryPage(
        BytesInput.from(Snappy.compress(values)), values.length, size, Encoding.PLAIN);
  }

  private static byte[] littleEndian(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}
