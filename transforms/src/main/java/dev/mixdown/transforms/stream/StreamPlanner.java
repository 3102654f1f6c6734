package dev.mixdown.transforms.stream;

import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.registry.streams.Increment.Mix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the next increment of a stream, or why there is none. It knows counts alone: no clock, no
 * file, no record.
 *
 * <p>Blocks are dealt one after the other, as long as every stratum has what it owes. What that
 * gives is an increment when it is enough, or when something forces one. Where one is forced and a
 * stratum is short, the shortage says what becomes of its seats.
 */
public final class StreamPlanner {
  /** The version of what is decided here; it goes into ids. */
  public static final int VERSION = 1;

  private final Limits limits;
  private final List<String> strata;
  private final Dealing dealing;

  /**
   * What a config allows.
   *
   * @param block positions of a block
   * @param enough samples that an increment is cut for when nothing forces it
   * @param maxDebt the most samples that a stratum may be owed
   */
  public record Limits(int block, long enough, Shortage shortage, long maxDebt) {}

  /**
   * What can be given.
   *
   * @param fresh by stratum: records that wait, up to the first that cannot be read
   * @param older strata that have older records of their own
   * @param replays strata that replay: they give any number
   */
  public record Supply(Map<String, Long> fresh, Set<String> older, Set<String> replays) {}

  /**
   * What forces an increment.
   *
   * @param overdue whether a record has waited too long
   * @param drain whether the stream is drained
   */
  public record Demand(boolean overdue, boolean drain) {}

  /**
   * What was decided.
   *
   * @param cut the increment; empty where there is none
   * @param ready samples of whole blocks that every stratum can fill
   * @param held the stratum that holds back what would follow
   */
  public record Decision(Optional<Cut> cut, long ready, Cut.Held held) {}

  /**
   * @param strata those of the mix and of what waits, by name
   */
  public StreamPlanner(Mix mix, Limits limits, List<String> strata) {
    this.limits = limits;
    this.strata = List.copyOf(strata);
    this.dealing = new Dealing(mix, strata);
  }

  /** The blocks that were dealt so far, and what is left. */
  private final class Dealt {
    private final Supply supply;
    private final long[] given;
    private final long[] fresh;
    private final long[] again;
    private final List<int[]> blocks = new ArrayList<>();
    private long position;
    private Cut.Held held = Cut.Held.NOTHING;

    Dealt(StreamState state, Supply supply) {
      this.supply = supply;
      position = state.position();
      given = strata.stream().mapToLong(state::given).toArray();
      fresh =
          strata.stream()
              .mapToLong(s -> supply.replays().contains(s) ? Dealing.ANY : fresh(s))
              .toArray();
      again = new long[given.length];
    }

    private long fresh(String stratum) {
      return supply.fresh().getOrDefault(stratum, 0L);
    }

    private long[] anything() {
      long[] any = new long[given.length];
      Arrays.fill(any, Dealing.ANY);
      return any;
    }

    /** Deals a block in which every stratum has what it owes; false where one has not. */
    boolean next() {
      long[] owed = dealing.block(position + limits.block(), limits.block(), given, anything());
      held = shortest(owed);
      if (held.missing() > 0 || isOldOnly(owed)) {
        return false;
      }
      add(owed, new long[owed.length]);
      return true;
    }

    /** Nothing but replays: a block of them alone is none. */
    private boolean isOldOnly(long[] owed) {
      for (int s = 0; s < owed.length; s++) {
        if (owed[s] > 0 && fresh[s] != Dealing.ANY) {
          return false;
        }
      }
      return true;
    }

    private Cut.Held shortest(long[] owed) {
      Cut.Held most = Cut.Held.NOTHING;
      for (int s = 0; s < owed.length; s++) {
        if (owed[s] - fresh[s] > most.missing()) {
          most = new Cut.Held(strata.get(s), owed[s] - fresh[s]);
        }
      }
      return most;
    }

    /** Deals a block in which older records take the seats of strata that are short. */
    boolean replay() {
      long[] owed = dealing.block(position + limits.block(), limits.block(), given, anything());
      long[] older = new long[owed.length];
      boolean others = false;
      for (int s = 0; s < owed.length; s++) {
        older[s] = fresh[s] == Dealing.ANY ? 0 : Math.max(0, owed[s] - fresh[s]);
        others |= owed[s] > 0 && older[s] == 0 && fresh[s] != Dealing.ANY;
        if (older[s] > 0 && !supply.older().contains(strata.get(s))) {
          return false;
        }
      }
      // No further than what the others have: one of them has all that it owes.
      if (others) {
        add(owed, older);
      }
      return others;
    }

    /** Deals a block in which others take the seats of strata that are short. */
    boolean redistribute() {
      long end = position + limits.block();
      long[] counts = dealing.block(end, limits.block(), given, fresh);
      boolean[] takes = new boolean[counts.length];
      for (int s = 0; s < counts.length; s++) {
        takes[s] = fresh[s] != Dealing.ANY;
      }
      dealing.giveAway(limits.block(), given, fresh, takes, counts);
      if (Arrays.stream(counts).sum() < limits.block() || isOldOnly(counts)) {
        return false;
      }
      for (int s = 0; s < counts.length; s++) {
        if (dealing.gives(s) && dealing.due(s, end) - given[s] - counts[s] > limits.maxDebt()) {
          return false;
        }
      }
      add(counts, new long[counts.length]);
      return true;
    }

    private void add(long[] counts, long[] older) {
      int[] block = new int[counts.length];
      for (int s = 0; s < counts.length; s++) {
        block[s] = (int) counts[s];
        given[s] += counts[s];
        again[s] += older[s];
        fresh[s] -= fresh[s] == Dealing.ANY ? 0 : counts[s] - older[s];
      }
      blocks.add(block);
      position += limits.block();
    }

    Cut cut(Cut.Rule rule) {
      return new Cut(rule, strata, List.copyOf(blocks), again, held);
    }
  }

  /** Decides. */
  public Decision decide(StreamState state, Supply supply, Demand demand) {
    Dealt dealt = new Dealt(state, supply);
    while (dealt.next()) {
      // As far as every stratum has what it owes.
    }
    Cut.Held held = dealt.held;
    long ready = (long) dealt.blocks.size() * limits.block();
    boolean enough = ready >= limits.enough();
    if (!demand.drain() && (enough || !demand.overdue())) {
      return new Decision(
          enough ? Optional.of(dealt.cut(Cut.Rule.COUNT)) : Optional.empty(), ready, held);
    }
    switch (limits.shortage()) {
      case WAIT -> {
        // Nothing more.
      }
      case REPLAY -> {
        while (dealt.next() || dealt.replay()) {
          // Forced: older records help out.
        }
      }
      case REDISTRIBUTE -> {
        while (dealt.next() || dealt.redistribute()) {
          // Forced: others help out.
        }
      }
    }
    return new Decision(
        dealt.blocks.isEmpty()
            ? Optional.empty()
            : Optional.of(dealt.cut(demand.drain() ? Cut.Rule.DRAIN : Cut.Rule.TIME)),
        ready,
        held);
  }

  /**
   * Deals so many blocks again, of what an increment gave: for those who check it.
   *
   * @param supply what was given, as what could be given
   * @return empty where that cannot be dealt so
   */
  public Optional<Cut> again(StreamState state, Supply supply, int blocks, Cut.Rule rule) {
    Dealt dealt = new Dealt(state, supply);
    boolean more = true;
    while (more && dealt.blocks.size() < blocks) {
      more =
          dealt.next()
              || switch (limits.shortage()) {
                case WAIT -> false;
                case REPLAY -> dealt.replay();
                case REDISTRIBUTE -> dealt.redistribute();
              };
    }
    return more ? Optional.of(dealt.cut(rule)) : Optional.empty();
  }
}
