package dev.mixdown.transforms.identities;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Balances the records of one range: brings together all entries of one identity, and looks at
 * those of each dataset and stratum.
 */
final class RangeBalance {
  private static final int VERSION = 0;
  private static final int CONSUMED = 1;
  private static final int GIVEN = 2;
  private static final int KINDS = 3;

  private final Balance.Input input;
  private final UnsignedSort sort = new UnsignedSort();

  // The entries of the range. A label is a number of KINDS times a stratum or dataset, and a kind.
  private long[] identities = new long[1 << 12];
  private int[] labels = new int[1 << 12];
  private int[] counts = new int[1 << 12];
  private int size;

  // What is there of the identity that is looked at, by stratum and by dataset; and which strata
  // and datasets have anything of it.
  private final long[] there;
  private final long[] given;
  private final long[] before;
  private final long[] consumed;
  private final int[] strata;
  private final int[] datasets;
  private int strataSize;
  private int datasetsSize;

  // The sums, by stratum or dataset.
  private final Sum[] version;
  private final Sum[] ofConsumed;
  private final Sum[] ofGiven;
  private final Sum[] leftOver;
  private final Sum[] foreign;
  private final Sum[] gone;
  private final long[] passes;

  /** A tally while identities are added. */
  private static final class Sum {
    private final SetDigest.Sum digest = new SetDigest.Sum();
    private long count;

    void add(long identity, long times) {
      digest.add(identity, times);
      count += times;
    }

    Tally tally() {
      return new Tally(count, digest.digest());
    }
  }

  RangeBalance(Balance.Input input) {
    this.input = input;
    int ofStrata = input.dataset().length;
    int ofDatasets = input.datasets();
    there = new long[ofStrata];
    given = new long[ofStrata];
    before = new long[ofStrata];
    consumed = new long[ofDatasets];
    strata = new int[ofStrata];
    datasets = new int[ofDatasets];
    version = sums(ofStrata);
    ofConsumed = sums(ofStrata);
    ofGiven = sums(ofStrata);
    leftOver = sums(ofStrata);
    foreign = sums(ofStrata);
    gone = sums(ofDatasets);
    passes = new long[ofStrata];
  }

  private static Sum[] sums(int n) {
    Sum[] sums = new Sum[n];
    Arrays.setAll(sums, i -> new Sum());
    return sums;
  }

  Balance.OfRange balance(Storage storage, int range, int rangeBits) throws IOException {
    read(storage, input.version(), VERSION, range, rangeBits);
    read(storage, input.consumed(), CONSUMED, range, rangeBits);
    read(storage, input.given(), GIVEN, range, rangeBits);
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    sort.sort(identities, order, size);
    // What is left over is counted up to the most passes of any record: these come first.
    forEachIdentity(order, this::countPasses);
    forEachIdentity(order, this::settle);
    List<Balance> balances = new ArrayList<>();
    for (int s = 0; s < passes.length; s++) {
      balances.add(
          new Balance(
              version[s].tally(),
              passes[s],
              ofConsumed[s].tally(),
              ofGiven[s].tally(),
              leftOver[s].tally(),
              foreign[s].tally()));
    }
    return new Balance.OfRange(List.copyOf(balances), Arrays.stream(gone).map(Sum::tally).toList());
  }

  private void read(Storage storage, List<RunsOf> files, int kind, int range, int rangeBits)
      throws IOException {
    for (RunsOf file : files) {
      try (RunsReader runs = new RunsReader(storage, file.path())) {
        runs.range(range, rangeBits);
        while (runs.next()) {
          int number = file.numbers()[runs.group()];
          for (int i = 0; i < runs.size() && number >= 0; i++) {
            add(runs.identity(i), number * KINDS + kind, runs.count(i));
          }
        }
      }
    }
  }

  private void add(long identity, int label, int count) {
    if (size == identities.length) {
      identities = Arrays.copyOf(identities, 2 * size);
      labels = Arrays.copyOf(labels, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    identities[size] = identity;
    labels[size] = label;
    counts[size++] = count;
  }

  /** Looks at one identity, of which everything that is there has been brought together. */
  private interface Look {
    void at(long identity);
  }

  private void forEachIdentity(int[] order, Look look) {
    int i = 0;
    while (i < size) {
      long identity = identities[i];
      for (; i < size && identities[i] == identity; i++) {
        take(labels[order[i]], counts[order[i]]);
      }
      for (int d = 0; d < datasetsSize; d++) {
        allot(datasets[d]);
      }
      look.at(identity);
      forget();
    }
  }

  private void take(int label, int count) {
    int number = label / KINDS;
    if (label % KINDS == CONSUMED) {
      if (consumed[number] == 0) {
        datasets[datasetsSize++] = number;
      }
      consumed[number] += count;
      return;
    }
    if (there[number] == 0 && given[number] == 0) {
      strata[strataSize++] = number;
    }
    if (label % KINDS == VERSION) {
      there[number] += count;
    } else {
      given[number] += count;
    }
  }

  /**
   * Says which stratum a dataset's consumed samples were of: where several have records of the
   * identity, which of them it was cannot be told, and the least used come first.
   */
  private void allot(int dataset) {
    int candidates = 0;
    int only = -1;
    for (int i = 0; i < strataSize; i++) {
      if (isOf(strata[i], dataset)) {
        only = strata[i];
        candidates++;
      }
    }
    if (candidates == 1) {
      before[only] = consumed[dataset];
      consumed[dataset] = 0;
    }
    for (; candidates > 1 && consumed[dataset] > 0; consumed[dataset]--) {
      int least = -1;
      for (int i = 0; i < strataSize; i++) {
        int s = strata[i];
        if (isOf(s, dataset) && (least < 0 || used(s) * there[least] < used(least) * there[s])) {
          least = s;
        }
      }
      before[least]++;
    }
  }

  private boolean isOf(int stratum, int dataset) {
    return there[stratum] > 0 && input.dataset()[stratum] == dataset;
  }

  private long used(int stratum) {
    return before[stratum] + given[stratum];
  }

  private void countPasses(long identity) {
    for (int i = 0; i < strataSize; i++) {
      int s = strata[i];
      if (there[s] > 0) {
        passes[s] = Math.max(passes[s], (used(s) + there[s] - 1) / there[s]);
      }
    }
  }

  private void settle(long identity) {
    for (int i = 0; i < strataSize; i++) {
      int s = strata[i];
      if (there[s] == 0) {
        foreign[s].add(identity, given[s]);
        continue;
      }
      version[s].add(identity, there[s]);
      ofConsumed[s].add(identity, before[s]);
      ofGiven[s].add(identity, given[s]);
      leftOver[s].add(identity, passes[s] * there[s] - used(s));
    }
    // What was not allotted is of records that the dataset does not have any more.
    for (int d = 0; d < datasetsSize; d++) {
      gone[datasets[d]].add(identity, consumed[datasets[d]]);
    }
  }

  private void forget() {
    for (int i = 0; i < strataSize; i++) {
      there[strata[i]] = 0;
      given[strata[i]] = 0;
      before[strata[i]] = 0;
    }
    for (int d = 0; d < datasetsSize; d++) {
      consumed[datasets[d]] = 0;
    }
    strataSize = 0;
    datasetsSize = 0;
  }
}
