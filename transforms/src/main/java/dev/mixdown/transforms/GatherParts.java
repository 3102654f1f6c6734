package dev.mixdown.transforms;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartWriter;
import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.PartAssembly;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Brings together what was sent to each part, writes the part, and tells what was written. A part's
 * name and bytes depend on the layout and the shards alone, so writing it twice does no harm.
 */
public final class GatherParts
    extends PTransform<PCollection<KV<Integer, byte[]>>, PCollection<Manifest.Part>> {
  private final PCollectionView<Layout> layout;
  private final PCollectionView<BinEdges> edges;
  private final ManifestFormat format;
  private final Storage storage;
  private final String folder;

  /**
   * @param storage of the run
   * @param folder the manifest's
   */
  public GatherParts(
      PCollectionView<Layout> layout,
      PCollectionView<BinEdges> edges,
      ManifestFormat format,
      Storage storage,
      String folder) {
    this.storage = storage;
    this.layout = layout;
    this.edges = edges;
    this.format = format;
    this.folder = folder;
  }

  @Override
  public PCollection<Manifest.Part> expand(PCollection<KV<Integer, byte[]>> samples) {
    return samples
        .apply("By part", GroupByKey.create())
        .apply(
            "Write",
            ParDo.of(new WriteFn(format, storage, folder))
                .withSideInput(WriteFn.LAYOUT, layout)
                .withSideInput(WriteFn.EDGES, edges))
        .setCoder(SerializableCoder.of(Manifest.Part.class));
  }

  private static final class WriteFn
      extends StorageFn<KV<Integer, Iterable<byte[]>>, Manifest.Part> {
    private static final String LAYOUT = "layout";
    private static final String EDGES = "edges";

    private final Counter partsWritten = StepMetrics.counter("parts_written");
    private final Counter samplesWritten = StepMetrics.counter("samples_written");
    private final Counter bytesWritten = StepMetrics.counter("bytes_written");
    private final Distribution milliseconds = StepMetrics.distribution("part_milliseconds");
    private final ManifestFormat format;
    private final String folder;

    WriteFn(ManifestFormat format, Storage storage, String folder) {
      super(storage);
      this.format = format;
      this.folder = folder;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> sent,
        @SideInput(LAYOUT) Layout layout,
        @SideInput(EDGES) BinEdges edges,
        OutputReceiver<Manifest.Part> parts)
        throws IOException {
      long begin = System.currentTimeMillis();
      int part = sent.getKey();
      PartAssembly assembly = new PartAssembly(layout, part, sent.getValue());
      long[] firstSent =
          layout.shuffle() ? edges.firstSent(layout, part) : layout.boundaries()[part];
      Manifest.Part written = write(layout, part, assembly, firstSent);
      parts.output(written);
      partsWritten.inc();
      samplesWritten.inc(written.samples());
      bytesWritten.inc(written.bytes());
      milliseconds.update(System.currentTimeMillis() - begin);
    }

    private Manifest.Part write(Layout layout, int part, PartAssembly assembly, long[] firstSent)
        throws IOException {
      String name = format.partName(part, layout.parts());
      try (Draft draft = storage.draft(folder)) {
        DigestOutputStream digest =
            new DigestOutputStream(new UnclosedStream(draft), Digests.sha256());
        CountedStream counted = new CountedStream(digest);
        try (PartWriter writer =
            format.open(
                new BufferedOutputStream(counted, 1 << 16),
                layout.strata().stream().map(Layout.PlacedStratum::stratum).toList())) {
          assembly.write(firstSent, writer);
        }
        draft.publish(StoragePath.resolve(folder, name));
        return new Manifest.Part(
            name,
            layout.firstPosition(part),
            layout.rows(part),
            counted.bytes,
            Digests.hex(digest.getMessageDigest().digest()));
      }
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
