package dev.mixdown.transforms.placing;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.manifest.SampleEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The placing pipeline's steps by plain calls, with everything in a random order. */
final class PlainPlacing {
  private static final Storage STORAGE = Storage.of(Map.of());

  private final Path folder;
  private int files;

  /**
   * @param folder for files in between
   */
  PlainPlacing(Path folder) {
    this.folder = folder;
  }

  List<Sample> place(Layout layout, List<ShardToPlace> shards, Random random) throws IOException {
    List<ShardToPlace> tasks = new ArrayList<>(shards);
    Collections.shuffle(tasks, random);
    Map<Integer, long[]> histograms = new HashMap<>();
    for (ShardToPlace task : tasks) {
      long[] counts = RankHistogram.of(STORAGE, layout, task);
      histograms.merge(
          task.dataset(),
          counts,
          (a, b) -> IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray());
    }
    BinEdges edges = layout.shuffle() ? BinEdges.of(layout, histograms) : BinEdges.NONE;
    Map<Integer, List<byte[]>> sent = new TreeMap<>();
    for (ShardToPlace task : tasks) {
      Scatter scatter =
          new Scatter(
              STORAGE,
              layout,
              task,
              (slice, block) -> sent.computeIfAbsent(slice, p -> new ArrayList<>()).add(block));
      if (layout.shuffle()) {
        scatter.byRank(edges);
      } else {
        scatter.byFileOrder();
      }
    }
    List<Sample> samples = new ArrayList<>();
    SampleEncoder encoder = ManifestFormat.JSONL.encoder(layout.givingStrata());
    for (int slice = 0; slice < layout.slices(); slice++) {
      List<byte[]> blocks = sent.getOrDefault(slice, List.of());
      Collections.shuffle(blocks, random);
      Path file = folder.resolve("slice-" + files++ + ".jsonl");
      try (var out = Files.newOutputStream(file);
          var writer = ManifestFormat.JSONL.open(out, layout.givingStrata())) {
        new SliceAssembly(layout, slice, blocks)
            .write(edges.firstSent(layout, slice), some -> writer.write(encoder.encode(some)));
      }
      PartReader.read(STORAGE, file.toString(), samples::add);
      Files.delete(file);
    }
    return samples;
  }
}
