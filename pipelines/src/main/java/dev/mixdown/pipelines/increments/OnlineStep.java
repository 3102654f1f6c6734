package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.online.OnlineRules;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.arrivals.ArrivalSelection;
import dev.mixdown.pipelines.arrivals.ArrivalSelection.Selected;
import dev.mixdown.pipelines.arrivals.Arrived;
import dev.mixdown.pipelines.arrivals.BatchChanges;
import dev.mixdown.pipelines.arrivals.Incoming;
import dev.mixdown.pipelines.arrivals.Look;
import dev.mixdown.pipelines.arrivals.PathHistory;
import dev.mixdown.pipelines.arrivals.Supplies;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.registry.streams.LastLook;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.Cut;
import dev.mixdown.transforms.stream.StreamPlanner;
import dev.mixdown.transforms.stream.StreamPlanner.Decision;
import dev.mixdown.transforms.stream.StreamPlanner.Demand;
import dev.mixdown.transforms.stream.StreamPlanner.Limits;
import dev.mixdown.transforms.stream.StreamPlanner.Supply;
import dev.mixdown.transforms.stream.StreamShares;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * One step of a stream: from its chain, and what has arrived, to the next increment or to the
 * reason why there is none yet. All that is written is in the increment's own folder; nothing of it
 * counts before its file is made ({@link Publication}). So a step may be done twice, or by two at
 * once.
 */
public final class OnlineStep {
  private final OnlineRequest request;
  private final OnlineStage stage;
  private final OnlineRules rules;
  private final Chain chain;
  private final Instant now;

  public OnlineStep(OnlineRequest request, OnlineStage stage, Chain chain, Instant now) {
    this.request = request;
    this.stage = stage;
    this.rules = stage.rules();
    this.chain = chain;
    this.now = now;
  }

  /**
   * Decides the next increment, and writes all its files but the parts.
   *
   * @param drain whether the stream is drained
   */
  public StepOutcome plan(Look look, Arrived arrived, boolean drain) throws IOException {
    Optional<String> unread = unread();
    Selected selected =
        new ArrivalSelection(request, stage, chain, look)
            .select(arrived.inspected(), arrived.rejected(), arrived.heldOut());
    Mix mix = mix();
    Supplies supplies = new Supplies(chain, look, selected);
    List<String> strata = strata(mix);
    Map<String, Long> fresh = new HashMap<>();
    for (String stratum : strata) {
      fresh.put(stratum, supplies.of(stratum));
    }
    List<String> missing = List.copyOf(supplies.missing());
    if (unread.isPresent()) {
      return waiting(unread.get(), Cut.Held.NOTHING, selected, missing, arrived);
    }
    Set<String> older = new HashSet<>();
    Set<String> replays = new HashSet<>();
    for (String stratum : strata) {
      if (Replay.isStratum(stratum)) {
        replays.add(stratum);
      } else if (rules.shortage() == Shortage.REPLAY && chain.state().given(stratum) > 0) {
        older.add(stratum);
      }
    }
    Decision decision =
        new StreamPlanner(mix, limits(), strata)
            .decide(
                chain.state(),
                new Supply(fresh, older, replays),
                new Demand(isOverdue(mix, selected), drain));
    if (decision.cut().isEmpty()) {
      return waiting(why(decision, missing), decision.held(), selected, missing, arrived);
    }
    Planned planned =
        new IncrementFiles(request, stage, chain)
            .write(
                new IncrementDraft(chain, rules, mix, selected),
                decision.cut().get(),
                selected,
                now);
    return new StepOutcome(
        Optional.of(planned), look("", decision.held(), selected, missing, arrived), stage.notes());
  }

  /** An increment without samples, which strikes a file's waiting records, or closes the stream. */
  public Planned manual(Optional<String> forget, boolean close) throws IOException {
    TreeMap<Long, BatchChanges> changes = new TreeMap<>();
    if (forget.isPresent()) {
      new PathHistory(chain).forget(forget.get(), changes);
    }
    Selected selected = ArrivalSelection.nothing(chain, changes);
    Mix mix = chain.state().mix().isPresent() ? chain.state().mix().get() : mix();
    return new IncrementFiles(request, stage, chain)
        .writeEmpty(
            new IncrementDraft(chain, rules, mix, selected),
            Cut.empty(Cut.Rule.MANUAL, strata(mix)),
            selected,
            close,
            now);
  }

  private StepOutcome waiting(
      String why, Cut.Held held, Selected selected, List<String> missing, Arrived arrived) {
    return new StepOutcome(
        Optional.empty(), look(why, held, selected, missing, arrived), stage.notes());
  }

  private LastLook look(
      String why, Cut.Held held, Selected selected, List<String> missing, Arrived arrived) {
    TreeMap<String, Long> arriving = new TreeMap<>();
    long oldest = Long.MAX_VALUE;
    // With an increment, what has arrived is about to be in the chain.
    List<Incoming> outside = why.isEmpty() ? List.of() : selected.arrivals();
    for (Incoming incoming : outside) {
      incoming.counts().forEach((stratum, n) -> arriving.merge(stratum, n, Long::sum));
      oldest = Math.min(oldest, incoming.shard().file().modifiedMillis());
    }
    for (String stratum : chain.state().strata()) {
      for (Batch batch : chain.state().waiting(stratum)) {
        oldest = Math.min(oldest, batch.oldestMillis());
      }
    }
    return new LastLook(
        now.toString(),
        why,
        held.missing() > 0 ? held.stratum() : null,
        held.missing(),
        arriving,
        outside.size(),
        arrived.young(),
        missing.stream().limit(LastLook.MOST).toList(),
        oldest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(oldest).toString(),
        arrived.problems().stream().limit(LastLook.MOST).toList(),
        false);
  }

  private Limits limits() {
    int block = chain.document().block();
    return new Limits(
        block,
        rules.incrementSamples(block),
        rules.shortage(),
        rules.shortage() == Shortage.REDISTRIBUTE ? rules.maxDebt(block) : 0);
  }

  /** The strata of a mix, and those that have something that waits. */
  private List<String> strata(Mix mix) {
    TreeSet<String> strata = new TreeSet<>(mix.shares().keySet());
    strata.addAll(chain.state().strata());
    return List.copyOf(strata);
  }

  /** What each stratum is to have: as before, or another mix from here on. */
  private Mix mix() throws IOException {
    List<Replay> active = Replays.active(chain, rules.replay(), request.sources());
    Map<String, BigFraction> asked = StreamShares.of(stage.config(), active);
    TreeMap<String, String> shares = new TreeMap<>();
    asked.forEach(
        (stratum, share) -> {
          if (share.signum() > 0) {
            shares.put(stratum, StreamShares.text(share));
          }
        });
    if (shares.isEmpty()) {
      throw new DataException(
          "the stream cannot go on",
          List.of(DataProblem.of(stage.config().file(), "gives no stratum a share above 0")));
    }
    StreamState state = chain.state();
    if (state.mix().filter(before -> before.shares().equals(shares)).isPresent()) {
      return state.mix().get();
    }
    TreeMap<String, Long> base = new TreeMap<>();
    for (String stratum : shares.keySet()) {
      if (state.given(stratum) > 0) {
        base.put(stratum, state.given(stratum));
      }
    }
    TreeMap<String, String> residuals = new TreeMap<>();
    state
        .mix()
        .ifPresent(
            before ->
                before
                    .shares()
                    .forEach(
                        (stratum, share) -> {
                          BigFraction residual = residual(before, stratum, share, state);
                          if (residual.signum() != 0) {
                            residuals.put(stratum, StreamShares.text(residual));
                          }
                        }));
    return new Mix(shares, state.position(), base, residuals);
  }

  /** How far a stratum is behind its target; below 0 where it is ahead. */
  private static BigFraction residual(Mix mix, String stratum, String share, StreamState state) {
    return BigFraction.parse(share.replace("/", " / "))
        .multiply(state.position() - mix.fromPosition())
        .add(mix.baseCounts().getOrDefault(stratum, 0L))
        .subtract(state.given(stratum));
  }

  /** Whether a record has waited longer than it should, by its file's time. */
  private boolean isOverdue(Mix mix, Selected selected) {
    long before = now.toEpochMilli() - rules.maxWait().toMillis();
    for (String stratum : mix.shares().keySet()) {
      for (Batch batch : chain.state().waiting(stratum)) {
        if (batch.oldestMillis() <= before) {
          return true;
        }
      }
    }
    return selected.arrivals().stream()
        .anyMatch(
            incoming ->
                incoming.shard().file().modifiedMillis() <= before
                    && incoming.counts().keySet().stream().anyMatch(mix.shares()::containsKey));
  }

  /** Why nothing is cut as long as consumers have so much to read; empty where they have not. */
  private Optional<String> unread() throws IOException {
    if (rules.maxUnread().isEmpty()) {
      return Optional.empty();
    }
    Optional<Consumer> slowest =
        chain.folder().consumers().stream().min(Comparator.comparingLong(Consumer::position));
    long behind = slowest.map(c -> chain.state().position() - c.position()).orElse(0L);
    return behind > rules.maxUnread().get()
        ? Optional.of(
            "consumer \"%s\" is %,d positions behind, more than max_unread (%,d)"
                .formatted(slowest.get().name(), behind, rules.maxUnread().get()))
        : Optional.empty();
  }

  private String why(Decision decision, List<String> missing) {
    List<String> reasons = new ArrayList<>();
    if (!missing.isEmpty()) {
      reasons.add(
          "%s is gone or was changed, and has records that wait; bring it back, or run mixdown online forget"
              .formatted(missing.get(0)));
    }
    if (decision.ready() > 0) {
      reasons.add(
          "%,d samples are ready, fewer than increment_samples (%,d), and none has waited for max_wait"
              .formatted(decision.ready(), limits().enough()));
    } else if (decision.held().missing() > 0) {
      reasons.add(
          "stratum \"%s\" lacks %,d records for another block"
              .formatted(decision.held().stratum(), decision.held().missing()));
    }
    return reasons.isEmpty() ? "nothing new has arrived" : String.join("; ", reasons);
  }
}
