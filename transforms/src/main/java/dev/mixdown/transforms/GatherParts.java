package dev.mixdown.transforms;

import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartFile;
import dev.mixdown.transforms.manifest.PartWriter;
import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.PartAssembly;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.Map;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * Brings together what was sent to each part, writes the part, and tells what was written. A part's
 * name and bytes depend on the layout and the shards alone, so writing it twice does no harm.
 */
public final class GatherParts
    extends PTransform<PCollection<KV<Integer, byte[]>>, PCollection<PartFile>> {
  private final Layout layout;
  private final PCollectionView<Map<Integer, long[]>> histograms;
  private final ManifestFormat format;
  private final String folder;

  /**
   * @param histograms by dataset number; without meaning for a layout in file order
   * @param folder the manifest's
   */
  public GatherParts(
      Layout layout,
      PCollectionView<Map<Integer, long[]>> histograms,
      ManifestFormat format,
      String folder) {
    this.layout = layout;
    this.histograms = histograms;
    this.format = format;
    this.folder = folder;
  }

  @Override
  public PCollection<PartFile> expand(PCollection<KV<Integer, byte[]>> samples) {
    return samples
        .apply("By part", GroupByKey.create())
        .apply("Write", ParDo.of(new WriteFn(this)).withSideInputs(histograms))
        .setCoder(SerializableCoder.of(PartFile.class));
  }

  private static final class WriteFn extends DoFn<KV<Integer, Iterable<byte[]>>, PartFile> {
    private final Layout layout;
    private final PCollectionView<Map<Integer, long[]>> histograms;
    private final ManifestFormat format;
    private final String folder;
    private transient @Nullable BinEdges edges;

    WriteFn(GatherParts gather) {
      layout = gather.layout;
      histograms = gather.histograms;
      format = gather.format;
      folder = gather.folder;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      int part = context.element().getKey();
      PartAssembly assembly = new PartAssembly(layout, part, context.element().getValue());
      long[] firstSent = layout.boundaries()[part];
      if (layout.shuffle()) {
        if (edges == null) {
          edges = new BinEdges(layout, context.sideInput(histograms));
        }
        firstSent = edges.firstSent(part);
      }
      context.output(write(part, assembly, firstSent));
    }

    private PartFile write(int part, PartAssembly assembly, long[] firstSent) throws IOException {
      String name = format.partName(part, layout.parts());
      try (Draft draft = Storage.draft(folder)) {
        DigestOutputStream digest =
            new DigestOutputStream(new UnclosedStream(draft), Digests.sha256());
        CountedStream counted = new CountedStream(digest);
        try (PartWriter writer =
            format.open(
                new BufferedOutputStream(counted, 1 << 16),
                layout.strata().stream().map(Layout.PlacedStratum::stratum).toList())) {
          assembly.write(firstSent, writer);
        }
        draft.publish(Storage.resolve(folder, name));
        return new PartFile(
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
