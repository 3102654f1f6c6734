package dev.mixdown.transforms;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartWriter;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.uses.UsesWriter;
import dev.mixdown.transforms.uses.WrittenPart;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;

/** A step that writes parts: each appears whole under its name, and is counted and digested. */
abstract class PartFn<I> extends StorageFn<I, WrittenPart> {
  private final Counter partsWritten = StepMetrics.counter("parts_written");
  private final Counter samplesWritten = StepMetrics.counter("samples_written");
  private final Counter bytesWritten = StepMetrics.counter("bytes_written");
  private final Distribution milliseconds = StepMetrics.distribution("part_milliseconds");
  private final String folder;

  /** How parts are written. */
  final ManifestFormat format;

  /**
   * @param folder the manifest's
   */
  PartFn(ManifestFormat format, Storage storage, String folder) {
    super(storage);
    this.format = format;
    this.folder = folder;
  }

  /** What a part has. */
  interface Content {
    void writeTo(PartWriter writer) throws IOException;
  }

  /**
   * Writes a part, and its identities beside it.
   *
   * @param identities by slice of the part, by stratum
   */
  final WrittenPart write(Layout layout, int part, Content content, List<long[][]> identities)
      throws IOException {
    Manifest.Part written = write(layout, part, content);
    return new WrittenPart(
        written, uses(layout, identities).write(storage, folder, written.path()));
  }

  private static UsesWriter uses(Layout layout, List<long[][]> slices) {
    UsesWriter uses = new UsesWriter();
    int[] rowStrata = layout.rowStrata();
    int next;
    for (int from = 0; from < rowStrata.length; from = next) {
      next = from + 1;
      while (next < rowStrata.length && rowStrata[next] == rowStrata[from]) {
        next++;
      }
      long[] together = together(slices, from, next);
      uses.add(rowStrata[from], together, together.length);
    }
    return uses;
  }

  /** The identities of some strata that follow one another. */
  private static long[] together(List<long[][]> slices, int from, int to) {
    int n = 0;
    for (long[][] slice : slices) {
      for (int s = from; s < to; s++) {
        n += slice[s].length;
      }
    }
    long[] together = new long[n];
    int filled = 0;
    for (long[][] slice : slices) {
      for (int s = from; s < to; s++) {
        System.arraycopy(slice[s], 0, together, filled, slice[s].length);
        filled += slice[s].length;
      }
    }
    return together;
  }

  private Manifest.Part write(Layout layout, int part, Content content) throws IOException {
    long begin = System.currentTimeMillis();
    String name = format.partName(part, layout.parts());
    try (Draft draft = storage.draft(folder)) {
      DigestOutputStream digest =
          new DigestOutputStream(new UnclosedStream(draft), Digests.sha256());
      CountedStream counted = new CountedStream(digest);
      try (PartWriter writer =
          format.open(new BufferedOutputStream(counted, 1 << 16), layout.givingStrata())) {
        content.writeTo(writer);
      }
      draft.publish(StoragePath.resolve(folder, name));
      partsWritten.inc();
      samplesWritten.inc(layout.rows(part));
      bytesWritten.inc(counted.bytes);
      milliseconds.update(System.currentTimeMillis() - begin);
      return new Manifest.Part(
          name,
          layout.firstPosition(part),
          layout.rows(part),
          counted.bytes,
          Digests.hex(digest.getMessageDigest().digest()));
    }
  }

  /** Stays open when its user closes it: a draft is published after its writer is done. */
  private static final class UnclosedStream extends FilterOutputStream {
    UnclosedStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private static final class CountedStream extends FilterOutputStream {
    private long bytes;

    CountedStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
      bytes += length;
    }
  }
}
