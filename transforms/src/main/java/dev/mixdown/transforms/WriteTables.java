package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.tables.TableFile;
import dev.mixdown.transforms.tables.TableFormat;
import java.io.IOException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes blocks of rows as files. A block is an Avro file, with its schema; each becomes one file,
 * whole or not at all. Rows never travel by themselves.
 *
 * <p>Takes the path of each block and that of the file to make of it, and gives the files' paths.
 */
public final class WriteTables
    extends PTransform<PCollection<KV<String, String>>, PCollection<String>> {
  private static final long serialVersionUID = 1;

  private final Storage storage;
  private final TableFormat format;

  public WriteTables(Storage storage, TableFormat format) {
    this.storage = storage;
    this.format = format;
  }

  @Override
  public PCollection<String> expand(PCollection<KV<String, String>> blocks) {
    return blocks
        .apply("Write", ParDo.of(new WriteFn(storage, format)))
        .setCoder(StringUtf8Coder.of());
  }

  static final class WriteFn extends DoFn<KV<String, String>, String> {
    private static final long serialVersionUID = 1;

    private final Storage storage;
    private final TableFormat format;

    WriteFn(Storage storage, TableFormat format) {
      this.storage = storage;
      this.format = format;
    }

    @ProcessElement
    public void process(@Element KV<String, String> block, OutputReceiver<String> files)
        throws IOException {
      TableFile.write(storage, format, block.getKey(), block.getValue());
      files.output(block.getValue());
    }

    @Teardown
    public void teardown() {
      storage.close();
    }
  }
}
