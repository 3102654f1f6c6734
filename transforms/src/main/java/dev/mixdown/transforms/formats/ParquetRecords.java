package dev.mixdown.transforms.formats;

import dev.mixdown.storage.Causes;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.records.FieldValues;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordCollector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the records of Parquet: every row of every row group. */
public final class ParquetRecords {
  private final RecordCollector collector;
  private final BooleanSupplier ioFailed;
  private final FieldValues fields;

  /**
   * @param ioFailed whether an error came from reading the file or writing the index, and not from
   *     what is in the file
   */
  public ParquetRecords(InspectionSpec spec, RecordCollector collector, BooleanSupplier ioFailed) {
    this.collector = collector;
    this.ioFailed = ioFailed;
    fields = new FieldValues(spec);
  }

  public void read(ParquetFile file) throws IOException, BadShardException {
    if (file.rowsWithoutColumns() >= 0) {
      withoutColumns(file.rowsWithoutColumns());
      return;
    }
    int group = 0;
    long row = 0;
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification(true)
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(file, options)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      MessageType byName = new MessageType(schema.getName(), byName(schema));
      checkFields(schema);
      String createdBy = reader.getFileMetaData().getCreatedBy();
      MessageColumnIO columns =
          new ColumnIOFactory(createdBy, false).getColumnIO(byName, schema, true);
      CanonicalRow canonical = new CanonicalRow(byName, fields);
      RequiredColumns required = new RequiredColumns(byName, fields, canonical);
      if (canonical.isTyped()) {
        collector.noteTyped();
      }
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        row = 0;
        if (block.getRowCount() == 0) {
          reader.skipNextRowGroup();
          group++;
          continue;
        }
        file.sweepTo(end(block));
        PageReadStore pages = reader.readNextRowGroup();
        if (pages == null || pages.getRowCount() != block.getRowCount()) {
          throw collector.bad(
              "row group "
                  + group
                  + " has another number of rows than it says; copy the file again");
        }
        RecordReader<CanonicalRow> rows =
            columns.getRecordReader(pages, required, FilterCompat.NOOP);
        for (; row < block.getRowCount(); row++) {
          rows.read();
          required.setValues();
          collector.row(canonical.bytes(), canonical.length(), fields);
        }
        group++;
      }
    } catch (IOException | RuntimeException e) {
      if (ioFailed.getAsBoolean()) {
        throw e;
      }
      throw collector.bad(
          "cannot be read from row %d of row group %d on: a page is damaged, or it is not a Parquet file%s"
              .formatted(row, group, Causes.inBrackets(e)));
    }
  }

  /** The library that reads the rest cannot open a file without columns. */
  private void withoutColumns(long rows) throws IOException, BadShardException {
    checkFields(new MessageType("none"));
    fields.clear();
    for (long row = 0; row < rows; row++) {
      collector.row(new byte[0], 0, fields);
    }
  }

  private void checkFields(MessageType schema) throws BadShardException {
    for (int slot : fields.wanted()) {
      if (slot >= FieldValues.SLOTS) {
        break;
      }
      if (!schema.containsField(fields.name(slot))
          || !schema.getType(fields.name(slot)).isPrimitive()) {
        throw collector.bad("has no column " + fields.shown(slot));
      }
    }
  }

  private static long end(BlockMetaData block) {
    long end = 0;
    for (ColumnChunkMetaData column : block.getColumns()) {
      end = Math.max(end, column.getStartingPos() + column.getTotalSize());
    }
    return end;
  }

  private static List<Type> byName(GroupType group) {
    List<Type> types = new ArrayList<>();
    for (Type type : group.getFields()) {
      types.add(
          type.isPrimitive() ? type : type.asGroupType().withNewFields(byName(type.asGroupType())));
    }
    types.sort(Comparator.comparing(Type::getName));
    return types;
  }
}
