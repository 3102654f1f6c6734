package dev.mixdown.transforms.placing;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.transforms.manifest.Samples;
import dev.mixdown.transforms.mixing.Given;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.MixException;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.ordering.Target;
import dev.mixdown.transforms.ordering.Targets;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The layout of a manifest: everything that a worker needs to know to place records, whatever their
 * number. Strata and datasets are numbered in their order.
 *
 * <p>A part is cut into slices, which workers put together each by itself: as many as keep all
 * workers busy. What is in a part does not depend on them.
 *
 * @param seed of every pseudo-random choice
 * @param epoch which of the orders
 * @param shuffle by content, or in file order
 * @param augment whether samples get an augmentation seed
 * @param block positions of a block
 * @param rowsPerPart positions of a part
 * @param rowsPerSlice positions of a slice; they divide those of a part
 * @param total positions of the manifest
 * @param datasets their names
 * @param strata the strata that give something
 * @param boundaries what each stratum has given at the beginning of each slice, and at the end
 */
public record Layout(
    long seed,
    long epoch,
    boolean shuffle,
    boolean augment,
    int block,
    int rowsPerPart,
    int rowsPerSlice,
    long total,
    List<String> datasets,
    List<PlacedStratum> strata,
    long[][] boundaries)
    implements Serializable {

  /** Strata are sorted with their numbers in twenty bits. */
  private static final int MOST_STRATA = 1 << 20;

  /** Samples of a stratum in one bin, at least. */
  private static final int LEAST_PER_BIN = 16;

  /** Slices for each worker, where there are so many: the last ones even out. */
  private static final int SLICES_PER_WORKER = 2;

  /**
   * Bins that a stratum has in each slice. A bin that lies over a boundary goes to both sides, so
   * one sample in as many travels twice.
   */
  private static final int BINS_PER_SLICE = 32;

  /**
   * A stratum as it is placed in the manifest.
   *
   * @param dataset its dataset's number
   * @param records how many it has
   * @param quota how many samples it gives
   * @param bins into how many bins a pass's rank values are counted
   * @param firstBin where its bins begin among those of its dataset
   * @param given how often its records were given before
   * @param passes over its records, the first and the last one perhaps in part
   */
  public record PlacedStratum(
      Stratum stratum,
      int dataset,
      long records,
      long quota,
      Target target,
      int bins,
      int firstBin,
      Given given,
      int passes)
      implements Serializable {

    /** The first pass, from 0. */
    public int firstPass() {
      return given.firstPass();
    }

    /** Whether it has samples of a pass. */
    public boolean has(int pass) {
      return pass >= firstPass() && pass - firstPass() < passes;
    }

    /** Samples of the first pass that were given before, and so come before all of these. */
    public long skipped() {
      return given.skipped();
    }

    /** How many records a pass has. */
    public long inPass(int pass) {
      return given.inPass(pass, records);
    }

    /** The passes that {@code samples} take. */
    private static int passes(Given given, long records, long samples) {
      if (given.isNone()) {
        return Math.toIntExact((samples + records - 1) / records);
      }
      long left = samples + given.skipped();
      int passes = 0;
      for (; left > 0; passes++) {
        left -= given.inPass(given.firstPass() + passes, records);
      }
      return passes;
    }

    /** The bins of all passes. */
    public int allBins() {
      return Math.multiplyExact(passes, bins);
    }

    /** The bin of a rank value, in its pass; larger values are never in smaller bins. */
    public int bin(long rank) {
      return (int) (((rank >>> 32) * bins) >>> 32);
    }
  }

  /**
   * Lays out a mix.
   *
   * @param workers how many are going to place its records
   */
  public static Layout of(Mix mix, MixSettings settings, long epoch, int workers) {
    return cut(mix, settings, epoch, rowsPerSlice(mix.total(), settings, workers));
  }

  /** Lays out a mix, with parts cut into slices of some length: whole blocks. */
  static Layout cut(Mix mix, MixSettings settings, long epoch, int rowsPerSlice) {
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
      double perSlice = (double) part.quota() * Math.min(rowsPerSlice, mix.total()) / mix.total();
      long perBin = Math.max(LEAST_PER_BIN, (long) (perSlice / BINS_PER_SLICE));
      PlacedStratum placed =
          new PlacedStratum(
              part.stratum(),
              dataset,
              part.records(),
              part.quota(),
              targets.get(s),
              (int) Math.max(1, Math.min(1 << 20, part.records() / perBin)),
              bins[dataset],
              part.given(),
              PlacedStratum.passes(part.given(), part.records(), part.quota()));
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
        rowsPerSlice,
        mix.total(),
        datasets,
        List.copyOf(strata),
        boundaries(targets, mix.total(), settings.shuffleBlock(), rowsPerSlice));
  }

  /**
   * Slices are of whole blocks, and of whole pages ({@link Samples}). Where there are parts enough
   * for all workers, a part is one slice: a worker writes it as it puts it together.
   */
  private static int rowsPerSlice(long total, MixSettings settings, int workers) {
    int part = settings.rowsPerPart();
    long unit = lcm(settings.shuffleBlock(), Samples.CAPACITY);
    long wanted = total / ((long) SLICES_PER_WORKER * workers);
    if (workers == 1 || part <= wanted || part % unit != 0) {
      return part;
    }
    long units = Math.max(1, wanted / unit);
    while (part / unit % units != 0) {
      units--;
    }
    return (int) (units * unit);
  }

  private static long lcm(long a, long b) {
    return a / BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValueExact() * b;
  }

  private static long[][] boundaries(
      List<Target> targets, long total, int block, int rowsPerSlice) {
    List<long[]> boundaries = new ArrayList<>();
    BlockQuotas quotas = new BlockQuotas(targets, total, block);
    while (quotas.hasNext()) {
      if (quotas.position() % rowsPerSlice == 0) {
        boundaries.add(quotas.given());
      }
      quotas.next();
    }
    boundaries.add(quotas.given());
    return boundaries.toArray(long[][]::new);
  }

  /** The strata, as rows name them. */
  public List<Stratum> givingStrata() {
    return strata.stream().map(PlacedStratum::stratum).toList();
  }

  /**
   * By stratum, the number of its dataset and category among those that give something: what rows
   * tell apart. Levels of one category are one.
   */
  public int[] rowStrata() {
    List<List<String>> names = new ArrayList<>();
    int[] numbers = new int[strata.size()];
    for (int s = 0; s < numbers.length; s++) {
      Stratum stratum = strata.get(s).stratum();
      List<String> name = List.of(stratum.dataset(), stratum.category());
      // Levels of one category follow one another.
      if (names.isEmpty() || !names.get(names.size() - 1).equals(name)) {
        names.add(name);
      }
      numbers[s] = names.size() - 1;
    }
    return numbers;
  }

  /** How many parts the manifest has. */
  public int parts() {
    return Math.toIntExact((total + rowsPerPart - 1) / rowsPerPart);
  }

  /** The first position of a part. */
  public long firstPosition(int part) {
    return (long) part * rowsPerPart;
  }

  /** How many positions a part has. */
  public int rows(int part) {
    return (int) Math.min(rowsPerPart, total - firstPosition(part));
  }

  /** How many slices the manifest has. */
  public int slices() {
    return boundaries.length - 1;
  }

  /** Whether some part has several slices. */
  public boolean isSliced() {
    return slices() > parts();
  }

  /** The part that a slice is of. */
  public int part(int slice) {
    return slice / (rowsPerPart / rowsPerSlice);
  }

  /** The first position of a slice. */
  long begin(int slice) {
    return (long) slice * rowsPerSlice;
  }

  /** The position behind its last one. */
  long end(int slice) {
    return Math.min(total, begin(slice) + rowsPerSlice);
  }

  /** The slice that the {@code n}-th sample of a stratum, counted from 0, goes to. */
  int sliceOf(int stratum, long n) {
    int low = 0;
    int high = slices() - 1;
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

  /** The block quotas of a slice, from its first block. */
  BlockQuotas blockQuotas(int slice) {
    return new BlockQuotas(
        strata.stream().map(PlacedStratum::target).toList(),
        total,
        block,
        begin(slice),
        boundaries[slice]);
  }

  /** How many bins a dataset's strata have together. */
  public int bins(int dataset) {
    return strata.stream()
        .filter(b -> b.dataset() == dataset)
        .mapToInt(PlacedStratum::allBins)
        .sum();
  }
}
