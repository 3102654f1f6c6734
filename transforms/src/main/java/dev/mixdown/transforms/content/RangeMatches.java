package dev.mixdown.transforms.content;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.RunsReader;
import dev.mixdown.transforms.identities.UnsignedSort;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the records on one side whose identities are on the other as well, in one range of
 * identities. What is held in memory is the other side's part of the range.
 */
public final class RangeMatches {
  /**
   * Both sides.
   *
   * @param files by shard, its records by identity
   * @param others likewise, of the other side
   * @param only by shard of the other side, the bits of the records that count; empty for all
   * @param rangeBits the ranges are told by so many of the highest bits
   */
  public record Sides(
      List<List<String>> files, List<List<String>> others, List<BitSet> only, int rangeBits)
      implements Serializable {}

  private final Storage storage;
  private final Sides sides;
  private final int range;
  private long[] identities = new long[1 << 10];
  private long[] places = new long[1 << 10];
  private int size;

  private RangeMatches(Storage storage, Sides sides, int range) {
    this.storage = storage;
    this.sides = sides;
    this.range = range;
  }

  /** Finds them. */
  public static Match.Found find(Storage storage, Sides sides, int range) throws IOException {
    RangeMatches matches = new RangeMatches(storage, sides, range);
    matches.readOthers();
    return new Match.Found(range, matches.match());
  }

  private void readOthers() throws IOException {
    for (int shard = 0; shard < sides.others().size(); shard++) {
      BitSet only = sides.only().get(shard);
      for (String file : sides.others().get(shard)) {
        try (RunsReader runs = new RunsReader(storage, file)) {
          runs.range(range, sides.rangeBits());
          while (runs.next()) {
            for (int i = 0; i < runs.size(); i++) {
              if (only.isEmpty() || only.get(runs.record(i))) {
                add(runs.identity(i), (long) shard << 32 | runs.record(i));
              }
            }
          }
        }
      }
    }
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    new UnsignedSort().sort(identities, order, size);
    long[] sorted = new long[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = places[order[i]];
    }
    places = sorted;
    // Equal identities by their places.
    int to;
    for (int from = 0; from < size; from = to) {
      to = endOfEqual(from);
      if (to - from > 1) {
        Arrays.sort(places, from, to);
      }
    }
  }

  private void add(long identity, long place) {
    if (size == identities.length) {
      identities = Arrays.copyOf(identities, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
    }
    identities[size] = identity;
    places[size++] = place;
  }

  private int endOfEqual(int from) {
    int to = from + 1;
    while (to < size && identities[to] == identities[from]) {
      to++;
    }
    return to;
  }

  private List<Match> match() throws IOException {
    List<Match> matches = new ArrayList<>();
    for (int shard = 0; shard < sides.files().size() && size > 0; shard++) {
      for (String file : sides.files().get(shard)) {
        try (RunsReader runs = new RunsReader(storage, file)) {
          runs.range(range, sides.rangeBits());
          while (runs.next()) {
            match(runs, shard, matches);
          }
        }
      }
    }
    return matches;
  }

  /** Both are sorted: the other side is stepped along, in steps that grow. */
  private void match(RunsReader runs, int shard, List<Match> matches) {
    int at = 0;
    for (int i = 0; i < runs.size(); i++) {
      long identity = runs.identity(i);
      int step = 1;
      while (at + step < size && Long.compareUnsigned(identities[at + step], identity) < 0) {
        at += step;
        step <<= 1;
      }
      for (; step > 0; step >>= 1) {
        if (at + step < size && Long.compareUnsigned(identities[at + step], identity) < 0) {
          at += step;
        }
      }
      int place = Long.compareUnsigned(identities[at], identity) < 0 ? at + 1 : at;
      if (place < size && identities[place] == identity) {
        matches.add(
            new Match(
                shard,
                runs.record(i),
                (int) (places[place] >>> 32),
                (int) places[place],
                endOfEqual(place) - place));
      }
    }
  }
}
