package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.PackedIdentities;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.SampleEncoder;
import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.SliceAssembly;
import dev.mixdown.transforms.uses.WrittenPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Brings together what was sent to each slice, writes the parts, and says what was written. Where a
 * part is one slice, the worker that puts it together writes it; else slices are put together and
 * encoded each by itself, and joined to parts. A part's name and bytes depend on the mix and the
 * shards alone, so writing it twice does no harm.
 */
public final class GatherParts
    extends PTransform<PCollection<KV<Integer, byte[]>>, PCollection<WrittenPart>> {
  private static final String LAYOUT = "layout";
  private static final String EDGES = "edges";

  private final PCollectionView<Layout> layout;
  private final PCollectionView<BinEdges> edges;
  private final boolean sliced;
  private final ManifestFormat format;
  private final Storage storage;
  private final String folder;

  /**
   * @param sliced whether some part has several slices ({@link Layout#isSliced})
   * @param storage of the run
   * @param folder the manifest's
   */
  public GatherParts(
      PCollectionView<Layout> layout,
      PCollectionView<BinEdges> edges,
      boolean sliced,
      ManifestFormat format,
      Storage storage,
      String folder) {
    this.layout = layout;
    this.edges = edges;
    this.sliced = sliced;
    this.format = format;
    this.storage = storage;
    this.folder = folder;
  }

  @Override
  public PCollection<WrittenPart> expand(PCollection<KV<Integer, byte[]>> samples) {
    PCollection<KV<Integer, Iterable<byte[]>>> slices =
        samples.apply("By slice", GroupByKey.create());
    PCollection<WrittenPart> parts =
        sliced
            ? slices
                .apply(
                    "Put together",
                    ParDo.of(new PutTogetherFn(format))
                        .withSideInput(LAYOUT, layout)
                        .withSideInput(EDGES, edges))
                .setCoder(
                    KvCoder.of(VarIntCoder.of(), KvCoder.of(VarLongCoder.of(), BlockCoder.of())))
                .apply("By part", GroupByKey.create())
                .apply(
                    "Join",
                    ParDo.of(new JoinFn(format, storage, folder)).withSideInput(LAYOUT, layout))
            : slices.apply(
                "Write",
                ParDo.of(new WriteFn(format, storage, folder))
                    .withSideInput(LAYOUT, layout)
                    .withSideInput(EDGES, edges));
    return parts.setCoder(SerializableCoder.of(WrittenPart.class));
  }

  /**
   * Puts slices together: by part, the encoded samples, each with their first position, and the
   * identities of each slice, with a number below 0 that is the slice's own.
   */
  private static final class PutTogetherFn
      extends DoFn<KV<Integer, Iterable<byte[]>>, KV<Integer, KV<Long, byte[]>>> {
    private final ManifestFormat format;

    PutTogetherFn(ManifestFormat format) {
      this.format = format;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> sent,
        @SideInput(LAYOUT) Layout layout,
        @SideInput(EDGES) BinEdges edges,
        OutputReceiver<KV<Integer, KV<Long, byte[]>>> encoded)
        throws IOException {
      int slice = sent.getKey();
      SampleEncoder encoder = format.encoder(layout.givingStrata());
      SliceAssembly assembly = new SliceAssembly(layout, slice, sent.getValue());
      long[] firstSent = edges.firstSent(layout, slice);
      assembly.write(
          firstSent,
          samples ->
              encoded.output(
                  KV.of(
                      layout.part(slice),
                      KV.of(samples.firstPosition(), encoder.encode(samples)))));
      encoded.output(
          KV.of(
              layout.part(slice),
              KV.of(-1L - slice, PackedIdentities.pack(assembly.identities(firstSent)))));
    }
  }

  /** Joins the encoded samples of each part. */
  private static final class JoinFn extends PartFn<KV<Integer, Iterable<KV<Long, byte[]>>>> {
    JoinFn(ManifestFormat format, Storage storage, String folder) {
      super(format, storage, folder);
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<KV<Long, byte[]>>> encoded,
        @SideInput(LAYOUT) Layout layout,
        OutputReceiver<WrittenPart> parts)
        throws IOException {
      SortedMap<Long, byte[]> inOrder = new TreeMap<>();
      List<long[][]> identities = new ArrayList<>();
      for (KV<Long, byte[]> block : encoded.getValue()) {
        if (block.getKey() < 0) {
          identities.add(PackedIdentities.unpack(block.getValue()));
        } else {
          inOrder.put(block.getKey(), block.getValue());
        }
      }
      parts.output(
          write(
              layout,
              encoded.getKey(),
              writer -> {
                for (byte[] samples : inOrder.values()) {
                  writer.write(samples);
                }
              },
              identities));
    }
  }

  /** Puts parts of one slice together, and writes them. */
  private static final class WriteFn extends PartFn<KV<Integer, Iterable<byte[]>>> {
    WriteFn(ManifestFormat format, Storage storage, String folder) {
      super(format, storage, folder);
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> sent,
        @SideInput(LAYOUT) Layout layout,
        @SideInput(EDGES) BinEdges edges,
        OutputReceiver<WrittenPart> parts)
        throws IOException {
      int part = sent.getKey();
      SampleEncoder encoder = format.encoder(layout.givingStrata());
      SliceAssembly assembly = new SliceAssembly(layout, part, sent.getValue());
      long[] firstSent = edges.firstSent(layout, part);
      parts.output(
          write(
              layout,
              part,
              writer -> assembly.write(firstSent, samples -> writer.write(encoder.encode(samples))),
              Collections.singletonList(assembly.identities(firstSent))));
    }
  }
}
