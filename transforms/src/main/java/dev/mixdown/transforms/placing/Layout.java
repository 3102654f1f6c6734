package dev.mixdown.transforms.placing;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.MixException;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.ordering.Target;
import dev.mixdown.transforms.ordering.Targets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The layout of a manifest: everything that a worker needs to know to place records, whatever their
 * number. Strata and datasets are numbered in their order.
 *
 * @param seed of every pseudo-random choice
 * @param epoch which of the orders
 * @param shuffle by content, or in file order
 * @param augment whether samples get an augmentation seed
 * @param block positions of a block
 * @param rowsPerPart positions of a part
 * @param total positions of the manifest
 * @param datasets their names
 * @param strata the strata that give something
 * @param boundaries what each stratum has given at the beginning of each part, and at the end
 */
public record Layout(
    long seed,
    long epoch,
    boolean shuffle,
    boolean augment,
    int block,
    int rowsPerPart,
    long total,
    List<String> datasets,
    List<PlacedStratum> strata,
    long[][] boundaries)
    implements Serializable {

  /** Strata are sorted with their numbers in twenty bits. */
  private static final int MOST_STRATA = 1 << 20;

  /** Samples of a stratum in one bin, at least. */
  private static final int LEAST_PER_BIN = 16;

  /**
   * Bins that a stratum has in each part. A bin that lies over a boundary goes to both sides, so
   * one sample in as many travels twice.
   */
  private static final int BINS_PER_PART = 32;

  /**
   * A stratum's samples, a placed of the manifest.
   *
   * @param dataset its dataset's number
   * @param records how many it has
   * @param quota how many samples it gives
   * @param bins into how many bins a pass's rank values are counted
   * @param firstBin where its bins begin among those of its dataset
   */
  public record PlacedStratum(
      Stratum stratum, int dataset, long records, long quota, Target target, int bins, int firstBin)
      implements Serializable {

    /** All passes, the last one perhaps in part. */
    public int passes() {
      return Math.toIntExact((quota + records - 1) / records);
    }

    /** The bins of all passes. */
    public int allBins() {
      return Math.multiplyExact(passes(), bins);
    }

    /** The bin of a rank value, in its pass; larger values are never in smaller bins. */
    public int bin(long rank) {
      return (int) (((rank >>> 32) * bins) >>> 32);
    }
  }

  /** Lays out a mix. */
  public static Layout of(Mix mix, MixSettings settings, long epoch) {
    List<Mix.StratumQuota> giving = mix.giving();
    if (giving.size() > MOST_STRATA) {
      throw new MixException(
          "the mix has %,d strata; at most %,d can be placed"
              .formatted(giving.size(), MOST_STRATA));
    }
    List<Target> targets = Targets.of(mix, settings);
    List<String> datasets =
        List.copyOf(new LinkedHashSet<>(giving.stream().map(p -> p.stratum().dataset()).toList()));
    List<PlacedStratum> strata = new ArrayList<>();
    int[] bins = new int[datasets.size()];
    for (int s = 0; s < giving.size(); s++) {
      Mix.StratumQuota part = giving.get(s);
      int dataset = datasets.indexOf(part.stratum().dataset());
      double perPart =
          (double) part.quota() * Math.min(settings.rowsPerPart(), mix.total()) / mix.total();
      long perBin = Math.max(LEAST_PER_BIN, (long) (perPart / BINS_PER_PART));
      PlacedStratum placed =
          new PlacedStratum(
              part.stratum(),
              dataset,
              part.records(),
              part.quota(),
              targets.get(s),
              (int) Math.max(1, Math.min(1 << 20, part.records() / perBin)),
              bins[dataset]);
      bins[dataset] = Math.addExact(bins[dataset], placed.allBins());
      strata.add(placed);
    }
    return new Layout(
        settings.seed(),
        epoch,
        settings.shuffle(),
        settings.augment(),
        settings.shuffleBlock(),
        settings.rowsPerPart(),
        mix.total(),
        datasets,
        List.copyOf(strata),
        boundaries(targets, mix.total(), settings));
  }

  private static long[][] boundaries(List<Target> targets, long total, MixSettings settings) {
    List<long[]> boundaries = new ArrayList<>();
    BlockQuotas quotas = new BlockQuotas(targets, total, settings.shuffleBlock());
    while (quotas.hasNext()) {
      if (quotas.position() % settings.rowsPerPart() == 0) {
        boundaries.add(quotas.given());
      }
      quotas.next();
    }
    boundaries.add(quotas.given());
    return boundaries.toArray(long[][]::new);
  }

  /** How many parts the manifest has. */
  public int parts() {
    return boundaries.length - 1;
  }

  /** The first position of a part. */
  public long firstPosition(int part) {
    return (long) part * rowsPerPart;
  }

  /** How many positions a part has. */
  public int rows(int part) {
    return (int) Math.min(rowsPerPart, total - firstPosition(part));
  }

  /** The part that the {@code n}-th sample of a stratum, counted from 0, goes to. */
  public int partOf(int stratum, long n) {
    int low = 0;
    int high = parts() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (boundaries[middle][stratum] <= n) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The block quotas of a part, from its first block. */
  public BlockQuotas blockQuotas(int part) {
    return new BlockQuotas(
        strata.stream().map(PlacedStratum::target).toList(),
        total,
        block,
        firstPosition(part),
        boundaries[part]);
  }

  /** How many bins a dataset's strata have together. */
  public int bins(int dataset) {
    return strata.stream()
        .filter(b -> b.dataset() == dataset)
        .mapToInt(PlacedStratum::allBins)
        .sum();
  }
}
