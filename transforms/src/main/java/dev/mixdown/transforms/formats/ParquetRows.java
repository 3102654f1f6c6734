package dev.mixdown.transforms.formats;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ParquetInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** Some rows of a Parquet shard, each as JSON in one line. */
public final class ParquetRows {
  private ParquetRows() {}

  /** How many rows a file says that it has. */
  public static long count(Storage storage, FileInfo file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetInput(storage, file))) {
      return reader.getRecordCount();
    }
  }

  /**
   * Reads rows. Row groups without any of them are skipped.
   *
   * @param numbers of the rows, from 0
   * @return by number; one that the file does not have is missing
   */
  public static Map<Integer, byte[]> read(Storage storage, FileInfo file, Set<Integer> numbers)
      throws IOException {
    Map<Integer, byte[]> found = new HashMap<>();
    int last = Collections.max(numbers);
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetInput(storage, file))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      int first = 0;
      for (BlockMetaData block : reader.getRowGroups()) {
        int begin = first;
        int end = Math.toIntExact(begin + block.getRowCount());
        if (begin > last || numbers.stream().noneMatch(n -> n >= begin && n < end)) {
          reader.skipNextRowGroup();
        } else {
          read(reader.readNextRowGroup(), schema, begin, Math.min(last + 1, end), numbers, found);
        }
        first = end;
      }
    }
    return found;
  }

  /** Takes rows as JSON. */
  public interface Visitor {
    void visit(int row, byte[] json) throws IOException;
  }

  /**
   * Reads all rows, each as JSON in which the schema alone decides what is text: other bytes are
   * Base64.
   */
  public static void all(Storage storage, FileInfo file, Visitor visitor) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetInput(storage, file))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      int row = 0;
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        RecordReader<Group> rows =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++) {
          String json = Json.line(ParquetJson.BY_TYPE.of(rows.read()));
          visitor.visit(row++, json.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static void read(
      PageReadStore pages,
      MessageType schema,
      int begin,
      int end,
      Set<Integer> numbers,
      Map<Integer, byte[]> found) {
    RecordReader<Group> rows =
        new ColumnIOFactory()
            .getColumnIO(schema)
            .getRecordReader(pages, new GroupRecordConverter(schema));
    for (int row = begin; row < end; row++) {
      Group group = rows.read();
      if (numbers.contains(row)) {
        found.put(row, Json.line(ParquetJson.SHOWN.of(group)).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
