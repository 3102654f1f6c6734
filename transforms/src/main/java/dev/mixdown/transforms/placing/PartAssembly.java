package dev.mixdown.transforms.placing;

import dev.mixdown.transforms.manifest.PartWriter;
import dev.mixdown.transforms.manifest.Samples;
import dev.mixdown.transforms.mixing.BlockOrder;
import dev.mixdown.transforms.mixing.BlockQuotas;
import dev.mixdown.transforms.mixing.Ranking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts one part together from the blocks that were sent to it: sorts each stratum's samples, finds
 * their exact ranks, drops what belongs to a neighbour, and deals the rest into blocks.
 */
public final class PartAssembly {
  private final Layout layout;
  private final int part;

  // The samples that arrived, as columns.
  private int size;
  private final int[] stratum;
  private final int[] pass;
  private final int[] shard;
  private final int[] record;
  private final int[] length;
  private final long[] identity;
  private final long[] offset;
  private final long[] key;

  /** Rank values and augmentation seeds by dataset and pass. */
  private final Map<Long, Ranking> rankings = new HashMap<>();

  private final Map<Long, Ranking> augmentations = new HashMap<>();

  /** Takes in the blocks that were sent to a part, in any order. */
  public PartAssembly(Layout layout, int part, Iterable<byte[]> sent) {
    this.layout = layout;
    this.part = part;
    List<ByteBuffer> blocks = new ArrayList<>();
    int n = 0;
    for (byte[] bytes : sent) {
      ByteBuffer block = ByteBuffer.wrap(bytes);
      blocks.add(block);
      n = Math.addExact(n, Placements.count(block));
    }
    // Equal rank values keep this order: by fingerprint, which is what shards are numbered by, then
    // record.
    blocks.sort(
        Comparator.comparingInt(Placements::shard)
            .thenComparingInt(Placements::pass)
            .thenComparingInt(Placements::firstRecord));
    stratum = new int[n];
    pass = new int[n];
    shard = new int[n];
    record = new int[n];
    length = new int[n];
    identity = new long[n];
    offset = new long[n];
    key = new long[n];
    blocks.forEach(this::unpack);
  }

  private void unpack(ByteBuffer block) {
    int count = Placements.count(block);
    int blockShard = Placements.shard(block);
    int blockPass = Placements.pass(block);
    long fileOrder = Placements.fileOrder(block);
    block.position(Placements.HEADER);
    for (int i = 0; i < count; i++) {
      int n = size++;
      stratum[n] = block.getInt();
      pass[n] = blockPass;
      shard[n] = blockShard;
      record[n] = block.getInt();
      length[n] = block.getInt();
      identity[n] = block.getLong();
      offset[n] = block.getLong();
      key[n] =
          layout.shuffle()
              ? ranking(stratum[n], blockPass).value(identity[n])
              : fileOrder << 32 | Integer.toUnsignedLong(record[n]);
    }
  }

  private Ranking ranking(int s, int p) {
    int dataset = layout.bands().get(s).dataset();
    Ranking ranking = rankings.get((long) dataset << 32 | p);
    if (ranking == null) {
      ranking = Ranking.ofPass(layout.seed(), layout.epoch(), layout.datasets().get(dataset), p);
      rankings.put((long) dataset << 32 | p, ranking);
    }
    return ranking;
  }

  /**
   * Writes the part.
   *
   * @param firstSent by stratum: how many of its samples come before all those that were sent here
   */
  public void write(long[] firstSent, PartWriter writer) throws IOException {
    int[][] order = order();
    int[] next = new int[order.length];
    long[] begin = layout.boundaries()[part];
    long[] end = layout.boundaries()[part + 1];
    for (int s = 0; s < order.length; s++) {
      if (begin[s] == end[s]) {
        // It gives nothing here, and so nothing of it was sent.
        continue;
      }
      next[s] = Math.toIntExact(begin[s] - firstSent[s]);
      if (next[s] + (end[s] - begin[s]) > order[s].length) {
        throw new IllegalStateException(
            "part %d needs samples %d to %d of %s, but was sent %d from %d on"
                .formatted(
                    part,
                    begin[s],
                    end[s],
                    layout.bands().get(s).stratum(),
                    order[s].length,
                    firstSent[s]));
      }
    }
    BlockQuotas quotas = layout.blockQuotas(part);
    BlockOrder dealt = new BlockOrder(layout.seed(), layout.epoch(), layout.shuffle());
    int[] strata = new int[layout.block()];
    Samples samples = new Samples();
    long last = layout.firstPosition(part) + layout.rows(part);
    for (long position = quotas.position(); position < last; position = quotas.position()) {
      int rows = dealt.fill(position / layout.block(), quotas.next(), strata);
      for (int i = 0; i < rows; i++) {
        int s = strata[i];
        add(samples, position + i, s, order[s][next[s]++]);
        if (samples.isFull()) {
          writer.write(samples);
          samples.clear();
        }
      }
    }
    writer.write(samples);
  }

  private void add(Samples samples, long position, int s, int n) {
    samples.add(
        position,
        s,
        shard[n],
        record[n],
        offset[n],
        length[n],
        pass[n],
        identity[n],
        layout.augment() ? augmentation(s, pass[n]).value(identity[n]) >>> 1 : -1);
  }

  private Ranking augmentation(int s, int p) {
    int dataset = layout.bands().get(s).dataset();
    Ranking seeds = augmentations.get((long) dataset << 32 | p);
    if (seeds == null) {
      seeds =
          Ranking.ofAugmentation(layout.seed(), layout.epoch(), layout.datasets().get(dataset), p);
      augmentations.put((long) dataset << 32 | p, seeds);
    }
    return seeds;
  }

  /** Every stratum's samples, by pass, then by key. */
  private int[][] order() {
    int strata = layout.bands().size();
    int[] counts = new int[strata];
    for (int i = 0; i < size; i++) {
      counts[stratum[i]]++;
    }
    int[][] order = new int[strata][];
    for (int s = 0; s < strata; s++) {
      order[s] = new int[counts[s]];
    }
    int[] filled = new int[strata];
    for (int i = 0; i < size; i++) {
      order[stratum[i]][filled[stratum[i]]++] = i;
    }
    RankSort sort = new RankSort();
    for (int s = 0; s < strata; s++) {
      int[] samples = order[s];
      long[] keys = new long[samples.length];
      for (int i = 0; i < samples.length; i++) {
        keys[i] = key[samples[i]];
      }
      sort.sort(keys, samples, samples.length);
      // By pass last: the sort is stable, so inside a pass the order by key stays.
      for (int i = 0; i < samples.length; i++) {
        keys[i] = pass[samples[i]];
      }
      sort.sort(keys, samples, samples.length);
    }
    return order;
  }
}
