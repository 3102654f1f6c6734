package dev.mixdown.transforms.formats;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * A Parquet footer, looked at before the library that reads the rest: whether it says something
 * that cannot be read, or contradicts itself.
 *
 * @param problem what is wrong; empty where nothing is
 * @param rowsWithoutColumns how many rows a file has that has no columns; -1 for any other file
 */
record ParquetFooter(Optional<String> problem, long rowsWithoutColumns) {
  private static final Set<CompressionCodec> READABLE =
      EnumSet.of(
          CompressionCodec.UNCOMPRESSED,
          CompressionCodec.SNAPPY,
          CompressionCodec.GZIP,
          CompressionCodec.ZSTD,
          CompressionCodec.LZ4_RAW);

  /**
   * Looks at a footer.
   *
   * @param footer as it lies in the file, without its length and magic
   */
  static ParquetFooter of(byte[] footer) {
    FileMetaData data;
    try {
      data = Util.readFileMetaData(new ByteArrayInputStream(footer));
    } catch (IOException | RuntimeException e) {
      return new ParquetFooter(Optional.of("has a damaged footer; copy it again"), -1);
    }
    Optional<String> problem =
        schema(data.getSchema()).or(() -> rowGroups(data.getRow_groups())).or(() -> rows(data));
    boolean columnless = data.getSchema().size() == 1;
    return new ParquetFooter(problem, columnless ? data.getNum_rows() : -1);
  }

  private static Optional<String> schema(List<SchemaElement> schema) {
    for (SchemaElement element : schema) {
      if (element.isSetLogicalType() && element.getLogicalType().getSetField() == null) {
        return Optional.of(
            "has a logical type that this version does not know, in column \"%s\"; write the column with a type of Parquet format 2.9 or before"
                .formatted(element.getName()));
      }
      if (!element.isSetNum_children() && !element.isSetType()) {
        return Optional.of(
            "has a physical type that this version does not know, in column \"%s\""
                .formatted(element.getName()));
      }
    }
    return names(schema.iterator());
  }

  /** The first name that a group has twice; the schema lists groups before their fields. */
  private static Optional<String> names(Iterator<SchemaElement> schema) {
    if (!schema.hasNext()) {
      return Optional.of("has a damaged footer: it has no schema; copy it again");
    }
    SchemaElement group = schema.next();
    Set<String> names = new HashSet<>();
    Optional<String> problem = Optional.empty();
    for (int i = 0; i < group.getNum_children(); i++) {
      if (!schema.hasNext()) {
        return Optional.of("has a damaged footer: its schema is cut short; copy it again");
      }
      SchemaElement child = schema.next();
      if (!names.add(child.getName()) && problem.isEmpty()) {
        problem =
            Optional.of("has two columns \"%s\"; rename one of them".formatted(child.getName()));
      }
      if (child.getNum_children() > 0) {
        Optional<String> inside = names(new Prepended(child, schema));
        problem = problem.or(() -> inside);
      }
    }
    return problem;
  }

  /** A group's own element, and then what follows it. */
  private static final class Prepended implements Iterator<SchemaElement> {
    private final SchemaElement first;
    private final Iterator<SchemaElement> rest;
    private boolean begun;

    Prepended(SchemaElement first, Iterator<SchemaElement> rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public boolean hasNext() {
      return !begun || rest.hasNext();
    }

    @Override
    public SchemaElement next() {
      if (!begun) {
        begun = true;
        return first;
      }
      return rest.next();
    }
  }

  private static Optional<String> rowGroups(List<RowGroup> groups) {
    for (RowGroup group : groups) {
      for (ColumnChunk column : group.getColumns()) {
        if (column.isSetCrypto_metadata() || column.isSetEncrypted_column_metadata()) {
          return Optional.of("has encrypted columns, which cannot be read; decrypt them");
        }
        if (!column.isSetMeta_data()) {
          return Optional.of("has a damaged footer: a column has no metadata; copy it again");
        }
        CompressionCodec codec = column.getMeta_data().getCodec();
        if (codec == null || !READABLE.contains(codec)) {
          return Optional.of(
              "has column \"%s\" compressed with %s, which cannot be read; write it with Zstandard or Snappy"
                  .formatted(
                      String.join(".", column.getMeta_data().getPath_in_schema()),
                      codec == null ? "an unknown codec" : title(codec)));
        }
      }
    }
    return Optional.empty();
  }

  private static String title(CompressionCodec codec) {
    return switch (codec) {
      case BROTLI -> "Brotli";
      case LZ4 -> "the old LZ4";
      default -> codec.name();
    };
  }

  private static Optional<String> rows(FileMetaData data) {
    long sum = data.getRow_groups().stream().mapToLong(RowGroup::getNum_rows).sum();
    return sum == data.getNum_rows()
        ? Optional.empty()
        : Optional.of(
            "has a damaged footer: it says %,d rows, but its row groups have %,d; write it again"
                .formatted(data.getNum_rows(), sum));
  }
}
