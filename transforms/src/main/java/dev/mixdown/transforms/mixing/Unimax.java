package dev.mixdown.transforms.mixing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Equal for every dataset, but none beyond its capacity: the level to which water would rise. What
 * is due to each stratum is a fraction; it is rounded by largest remainder, over categories first.
 */
final class Unimax {
  private final List<Mix.StratumQuota> parts;
  private final long[] capacities;

  /**
   * @param capacities of the strata that have a share; 0 for the others
   */
  Unimax(List<Mix.StratumQuota> parts, long[] capacities) {
    this.parts = parts;
    this.capacities = capacities;
  }

  /** The quotas at a total that all capacities together hold. */
  long[] quotas(long total) {
    BigFraction[] due = due(total);
    Map<String, List<Integer>> categories = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      if (due[i].signum() > 0) {
        categories
            .computeIfAbsent(parts.get(i).stratum().category(), c -> new ArrayList<>())
            .add(i);
      }
    }
    long[] quotas = new long[parts.size()];
    if (categories.isEmpty()) {
      return quotas;
    }
    List<BigFraction> sums =
        categories.values().stream()
            .map(
                members ->
                    members.stream().map(i -> due[i]).reduce(BigFraction.ZERO, BigFraction::add))
            .toList();
    long[] perCategory = new Apportionment(sums).divide(total);
    int c = 0;
    for (List<Integer> members : categories.values()) {
      divide(perCategory[c++], members, due, quotas);
    }
    return quotas;
  }

  /** Divides a category's seats by what is due, nobody beyond capacity. */
  private void divide(long seats, List<Integer> members, BigFraction[] due, long[] quotas) {
    List<Integer> open = new ArrayList<>(members);
    long left = seats;
    while (!open.isEmpty()) {
      long[] inside = new Apportionment(open.stream().map(i -> due[i]).toList()).divide(left);
      List<Integer> over = new ArrayList<>();
      for (int k = 0; k < open.size(); k++) {
        if (inside[k] > capacities[open.get(k)]) {
          over.add(open.get(k));
        }
      }
      if (over.isEmpty()) {
        for (int k = 0; k < open.size(); k++) {
          quotas[open.get(k)] = inside[k];
        }
        return;
      }
      for (int i : over) {
        quotas[i] = capacities[i];
        left -= capacities[i];
      }
      open.removeAll(over);
    }
  }

  /** What is due to each stratum: its part of what is due to its dataset, by capacity. */
  private BigFraction[] due(long total) {
    List<Supply> datasets =
        IntStream.range(0, parts.size())
            .filter(i -> capacities[i] > 0)
            .mapToObj(i -> parts.get(i).supply())
            .distinct()
            .toList();
    long[] capacity = new long[datasets.size()];
    for (int i = 0; i < parts.size(); i++) {
      if (capacities[i] > 0) {
        capacity[datasets.indexOf(parts.get(i).supply())] += capacities[i];
      }
    }
    BigFraction level = level(total, capacity);
    BigFraction[] due = new BigFraction[parts.size()];
    for (int i = 0; i < due.length; i++) {
      if (capacities[i] == 0) {
        due[i] = BigFraction.ZERO;
        continue;
      }
      long whole = capacity[datasets.indexOf(parts.get(i).supply())];
      BigFraction given =
          level.compareTo(BigFraction.of(whole)) < 0 ? level : BigFraction.of(whole);
      due[i] = given.multiply(BigFraction.of(capacities[i])).divide(BigFraction.of(whole));
    }
    return due;
  }

  private static BigFraction level(long total, long[] capacity) {
    long[] ascending = capacity.clone();
    Arrays.sort(ascending);
    long left = total;
    for (int full = 0; full < ascending.length; full++) {
      int open = ascending.length - full;
      if (ascending[full] > left / open) {
        return BigFraction.of(left).divide(BigFraction.of(open));
      }
      left -= ascending[full];
    }
    return BigFraction.of(ascending.length == 0 ? 0 : ascending[ascending.length - 1]);
  }
}
