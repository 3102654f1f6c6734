package dev.mixdown.transforms.shards;

import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.FileChangedException;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.FingerprintStream;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.formats.CsvRecords;
import dev.mixdown.transforms.formats.JsonlRecords;
import dev.mixdown.transforms.formats.ParquetFile;
import dev.mixdown.transforms.formats.ParquetRecords;
import dev.mixdown.transforms.index.IndexWriter;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordCollector;
import dev.mixdown.transforms.records.RejectedRecords;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.function.BooleanSupplier;

/**
 * Reads a shard once, from its first byte to its last: fingerprint, counts, and the shard index,
 * which is kept in a workspace under the fingerprint.
 */
public final class ShardInspector {
  private static final String POINTER = "version https://git-lfs.github.com/spec/";
  private static final int LARGEST_POINTER = 1024;

  private final Workspace workspace;
  private final Storage storage;
  private final ReadCounter counter;

  /**
   * @param workspace where indexes are kept
   * @param counter counts what is read
   */
  public ShardInspector(Workspace workspace, ReadCounter counter) {
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.counter = counter;
  }

  /**
   * Inspects a shard.
   *
   * @param file as it was listed
   * @throws BadShardException when it cannot be used
   * @throws IOException when it cannot be read, which another try may mend
   */
  public Inspection inspect(FileInfo file, InspectionSpec spec)
      throws BadShardException, IOException {
    long begin = System.nanoTime();
    String folder = workspace.drafts();
    try (Draft draft = storage.draft(folder);
        RejectedRecords rejected = new RejectedRecords(storage, folder)) {
      OutputStream out = new BufferedOutputStream(draft, 1 << 16);
      IndexWriter index = new IndexWriter(out);
      RecordCollector collector = new RecordCollector(file.path(), spec, index, rejected);
      if (file.bytes() == 0) {
        throw collector.bad("is empty: it has no bytes at all; copy it again, or remove it");
      }
      refusePointer(file, collector);
      FingerprintStream in = open(file, collector);
      try (in) {
        read(file, spec, in, collector, () -> in.failed() || index.failed() || rejected.failed());
      } catch (FileChangedException e) {
        throw changed(collector);
      }
      checkUnchanged(file, in.bytes(), collector);
      collector.finish();
      index.close();
      out.flush();
      double seconds = (System.nanoTime() - begin) / 1e9;
      Inspection inspection = collector.inspection(in.fingerprint(), in.bytes(), seconds);
      String path = workspace.index(inspection.sha256(), spec);
      storage.makeFolder(StoragePath.folder(path));
      rejected.publish(workspace.rejected(inspection.sha256(), spec));
      // Before the index: where that is there, they are.
      if (collector.facts().isPresent()) {
        FactsFile.write(
            storage, workspace.facts(inspection.sha256(), spec), collector.facts().get());
      }
      draft.publish(path);
      counter.addShard();
      return inspection;
    }
  }

  /** A file of Git LFS that was never fetched has a few lines of text instead of its data. */
  private void refusePointer(FileInfo file, RecordCollector collector)
      throws IOException, BadShardException {
    if (file.bytes() > LARGEST_POINTER) {
      return;
    }
    try (InputStream in = open(file, collector)) {
      String text = new String(in.readNBytes(POINTER.length()), StandardCharsets.ISO_8859_1);
      if (text.equals(POINTER)) {
        throw collector.bad("is a Git LFS pointer, not the data itself; run git lfs pull");
      }
    }
  }

  private FingerprintStream open(FileInfo file, RecordCollector collector)
      throws IOException, BadShardException {
    try {
      return new FingerprintStream(storage.open(file), counter);
    } catch (FileNotFoundException e) {
      throw collector.bad("was listed, but is not there any more");
    } catch (FileChangedException e) {
      throw changed(collector);
    } catch (AccessDeniedException e) {
      String reason = e.getReason();
      throw collector.bad("may not be read by this user" + (reason == null ? "" : ": " + reason));
    }
  }

  private void checkUnchanged(FileInfo file, long bytes, RecordCollector collector)
      throws IOException, BadShardException {
    if (bytes != file.bytes() || !storage.isUnchanged(file)) {
      throw changed(collector);
    }
  }

  private static BadShardException changed(RecordCollector collector) {
    return collector.bad("changed while it was read; run again when it is complete");
  }

  private void read(
      FileInfo file,
      InspectionSpec spec,
      FingerprintStream in,
      RecordCollector collector,
      BooleanSupplier ioFailed)
      throws IOException, BadShardException {
    if (spec.format().records() == ShardFormat.Records.PARQUET) {
      ParquetFile parquet;
      // For its footer only: an object's connection is not kept while the rest is read.
      try (SeekableByteChannel channel = storage.openChannel(file)) {
        parquet = new ParquetFile(channel, in, collector);
      }
      new ParquetRecords(spec, collector, ioFailed).read(parquet);
      in.drain();
      return;
    }
    try (InputStream data = spec.format().compression().open(in)) {
      if (spec.format().records() == ShardFormat.Records.CSV) {
        new CsvRecords(spec, collector).read(data);
      } else {
        new JsonlRecords(spec, collector).read(data);
      }
      in.drain();
    } catch (IOException e) {
      if (ioFailed.getAsBoolean() || spec.format().compression() == ShardFormat.Compression.NONE) {
        throw e;
      }
      throw collector.bad(compressionProblem(spec, in, file, e));
    }
  }

  private static String compressionProblem(
      InspectionSpec spec, FingerprintStream in, FileInfo file, IOException e) {
    String name = spec.format().compression().title();
    String detail = String.valueOf(e.getMessage());
    boolean atEnd = in.bytes() >= file.bytes();
    boolean none =
        detail.contains("not in the .gz format")
            || detail.contains("Unknown frame descriptor")
            || detail.contains("not in the BZip2 format");
    if (detail.contains("requires too much memory")) {
      return "has %s data with a window beyond 2 GiB; compress it again with --long=31 or less"
          .formatted(name);
    }
    if (none) {
      return "is not a %s file, though its name says so; rename it, or compress it".formatted(name);
    }
    boolean cut =
        e instanceof java.io.EOFException
            || (atEnd && (detail.contains("end of") || detail.contains("runcated")));
    return cut
        ? "is cut short: its %s data does not end; copy it again".formatted(name)
        : "has damaged %s data%s; copy it again".formatted(name, Causes.inBrackets(e));
  }
}
