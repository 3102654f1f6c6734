package dev.mixdown.pipelines.export;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a table into blocks: Avro files of so many rows, which workers make the table's files of.
 */
final class BlockWriter implements AutoCloseable {
  private static final long ROWS = 200_000;

  private final Storage storage;
  private final String folder;
  private final Schema schema;
  private final List<String> blocks = new ArrayList<>();
  private @Nullable Draft draft;
  private @Nullable DataFileWriter<GenericRecord> writer;
  private long rows;
  private long inBlock;

  BlockWriter(Storage storage, String folder, Schema schema) {
    this.storage = storage;
    this.folder = folder;
    this.schema = schema;
  }

  void write(GenericRecord row) throws IOException {
    if (writer == null || inBlock == ROWS) {
      endBlock();
      writer = begin();
    }
    writer.append(row);
    inBlock++;
    rows++;
  }

  private DataFileWriter<GenericRecord> begin() throws IOException {
    Draft begun = storage.draft(folder);
    draft = begun;
    DataFileWriter<GenericRecord> file = new DataFileWriter<>(new GenericDatumWriter<>(schema));
    // Read once, soon, on the same machine mostly.
    file.setCodec(CodecFactory.nullCodec());
    inBlock = 0;
    return file.create(schema, begun);
  }

  private void endBlock() throws IOException {
    if (writer != null && draft != null) {
      writer.flush();
      String path = StoragePath.resolve(folder, "block-%05d.avro".formatted(blocks.size()));
      draft.publish(path);
      writer.close();
      blocks.add(path);
      writer = null;
      draft = null;
    }
  }

  /** Ends the last block; a table without rows has one, too. */
  List<String> end() throws IOException {
    if (blocks.isEmpty() && writer == null) {
      writer = begin();
    }
    endBlock();
    return blocks;
  }

  long rows() {
    return rows;
  }

  @Override
  public void close() throws IOException {
    if (draft != null) {
      draft.close();
    }
  }
}
