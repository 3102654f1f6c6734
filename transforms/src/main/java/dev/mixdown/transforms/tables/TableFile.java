package dev.mixdown.transforms.tables;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** A file of a table. */
public final class TableFile {
  private TableFile() {}

  /** Makes a file of one block, which is an Avro file: whole, or not at all. */
  public static void write(Storage storage, TableFormat format, String block, String file)
      throws IOException {
    try (InputStream in = new BufferedInputStream(storage.open(block));
        DataFileStream<GenericRecord> rows = new DataFileStream<>(in, new GenericDatumReader<>());
        Draft draft = storage.draft(StoragePath.folder(file))) {
      try (RowFile out = RowFile.of(format, rows.getSchema(), draft)) {
        while (rows.hasNext()) {
          out.write(rows.next());
        }
      }
      draft.publish(file);
    }
  }
}
