package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.arrivals.BatchFiles;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.storage.Digests;
import dev.mixdown.transforms.stream.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records that come again in one increment: of each source as many as it has seats, by rank and
 * without replacement inside a pass. What a pass draws from is frozen when it begins.
 */
final class Replays {
  /** The source of a stratum that helps itself out with its own older records. */
  static final String SHORTAGE = "shortage";

  private final Chain chain;
  private final RuleSources sources;
  private final Map<String, Replay> rules = new HashMap<>();
  private final List<Drawn> drawn = new ArrayList<>();
  private final TreeMap<String, Increment.Replay> states = new TreeMap<>();

  /** Rows of an order that are drawn: of one that is there, or of a pool that is new. */
  private record Drawn(
      String stratum,
      String from,
      long pass,
      long first,
      long rows,
      long order,
      Optional<ReplayPool> pool) {
    String file() {
      return "pool-" + Digests.sha256(stratum + "\n" + from).substring(0, 8) + "-" + pass;
    }
  }

  /** What a stratum draws older records from. */
  static String source(String stratum) {
    return Replay.isStratum(stratum) ? Replay.source(stratum) : SHORTAGE;
  }

  Replays(Chain chain, List<Replay> rules, RuleSources sources) {
    this.chain = chain;
    this.sources = sources;
    rules.forEach(rule -> this.rules.put(rule.stratum(), rule));
    chain.state().replays().forEach(r -> states.put(key(r.stratum(), r.from()), r));
  }

  private static String key(String stratum, String from) {
    return stratum + " " + from;
  }

  /** Those of some rules that have something to replay now. */
  static List<Replay> active(Chain chain, List<Replay> rules, RuleSources sources)
      throws IOException {
    List<Replay> active = new ArrayList<>();
    for (Replay rule : rules) {
      if (rule.isSelf()
          ? chain.state().position() > 0
          : manifest(sources, rule.from()).isPresent()) {
        active.add(rule);
      }
    }
    return active;
  }

  private static Optional<ManifestFolder> manifest(RuleSources sources, String from)
      throws IOException {
    return from.matches("[0-9a-f]{20}") ? sources.byId(from) : sources.ofStage(from);
  }

  /** Draws as many records as a stratum has seats for them. */
  void draw(String stratum, String from, long seats) throws IOException {
    long left = seats;
    while (left > 0) {
      Increment.Replay state = states.get(key(stratum, from));
      Optional<ReplayPool> pool = Optional.empty();
      if (state == null || state.taken() == state.of()) {
        long pass = state == null ? 1 : state.pass() + 1;
        ReplayPool next = pool(stratum, from, pass);
        pool = Optional.of(next);
        state =
            new Increment.Replay(
                stratum, from, next.digest(), chain.state().seq() + 1, pass, 0, next.size());
      } else {
        pool =
            drawn.stream()
                .filter(d -> d.stratum().equals(stratum) && d.from().equals(from))
                .reduce((a, b) -> b)
                .flatMap(Drawn::pool);
      }
      if (state.of() == 0) {
        throw new IllegalStateException(stratum + " has seats, but nothing to replay");
      }
      long rows = Math.min(left, state.of() - state.taken());
      drawn.add(new Drawn(stratum, from, state.pass(), state.taken(), rows, state.order(), pool));
      states.put(
          key(stratum, from),
          new Increment.Replay(
              stratum,
              from,
              state.pool(),
              state.order(),
              state.pass(),
              state.taken() + rows,
              state.of()));
      left -= rows;
    }
  }

  private ReplayPool pool(String stratum, String from, long pass) throws IOException {
    if (from.equals(SHORTAGE)) {
      return ReplayPool.ofStream(
          chain, stratum, pass, 0, sample -> sample.stratum().equals(stratum));
    }
    Replay rule = rules.get(stratum);
    if (rule != null && rule.isSelf()) {
      long first = rule.window().map(w -> Math.max(0, chain.state().position() - w)).orElse(0L);
      return ReplayPool.ofStream(chain, stratum, pass, first, sample -> true);
    }
    ManifestFolder manifest =
        manifest(sources, from)
            .orElseThrow(
                () -> new IOException("the manifest of \"%s\" was removed".formatted(from)));
    return ReplayPool.ofManifest(chain, stratum, pass, manifest);
  }

  /** The state of all replays after the increment. */
  List<Increment.Replay> states() {
    return List.copyOf(states.values());
  }

  /**
   * What fills a stratum's seats, when new pools lie in the increment's folder.
   *
   * @param folder the increment's, in full
   */
  List<Slice> slices(String stratum, String from, String folder) throws IOException {
    List<Slice> slices = new ArrayList<>();
    for (Drawn one : drawn) {
      if (one.stratum().equals(stratum) && one.from().equals(from)) {
        String order =
            one.order() > chain.state().seq()
                ? folder + "/" + one.file()
                : BatchFiles.folder(chain, chain.increment(one.order())) + "/" + one.file();
        slices.add(new Slice(order, stratum, one.first(), one.rows(), Math.toIntExact(one.pass())));
      }
    }
    return slices;
  }

  /** Writes the pools of passes that begin in the increment. */
  void write(String folder) throws IOException {
    for (Drawn one : drawn) {
      if (one.pool().isPresent() && one.first() == 0) {
        one.pool().get().write(folder + "/" + one.file());
      }
    }
  }

  /**
   * What a stratum replayed in an increment that the chain has, for those who check it.
   *
   * @param before the state of the replay before it
   * @param after the state after it
   */
  static List<Slice> again(
      Chain chain,
      Increment increment,
      Optional<Increment.Replay> before,
      Optional<Increment.Replay> after,
      long seats)
      throws IOException {
    List<Slice> slices = new ArrayList<>();
    if (after.isEmpty()) {
      return slices;
    }
    Increment.Replay end = after.get();
    long left = seats;
    if (before.isPresent() && before.get().taken() < before.get().of()) {
      Increment.Replay begun = before.get();
      long rows = Math.min(left, begun.of() - begun.taken());
      slices.add(slice(chain, increment, begun, begun.pass(), begun.order(), begun.taken(), rows));
      left -= rows;
    }
    long pass = before.map(b -> b.pass() + 1).orElse(1L);
    while (left > 0) {
      // Passes that begin in one increment draw from the same pool.
      long rows = Math.min(left, end.of());
      slices.add(slice(chain, increment, end, pass++, increment.seq(), 0, rows));
      left -= rows;
    }
    return slices;
  }

  private static Slice slice(
      Chain chain,
      Increment increment,
      Increment.Replay replay,
      long pass,
      long order,
      long from,
      long rows)
      throws IOException {
    String file =
        new Drawn(replay.stratum(), replay.from(), pass, from, rows, order, Optional.empty())
            .file();
    String folder =
        order == increment.seq()
            ? chain.folder().file(increment.folder())
            : BatchFiles.folder(chain, chain.increment(order));
    return new Slice(folder + "/" + file, replay.stratum(), from, rows, Math.toIntExact(pass));
  }
}
