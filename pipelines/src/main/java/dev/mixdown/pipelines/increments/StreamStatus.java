package dev.mixdown.pipelines.increments;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.registry.streams.LastLook;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a stream stands: from its chain, its consumers, and what the last step saw. No folder of data
 * is looked at.
 *
 * @param look what the last step saw; empty where nothing has looked yet
 */
public record StreamStatus(
    StreamFolder folder,
    StreamDocument document,
    StreamState state,
    List<Increment> recent,
    List<Consumer> consumers,
    Optional<LastLook> look) {

  /** Reads it. */
  public static StreamStatus of(StreamFolder folder, StreamDocument document) throws IOException {
    Chain chain = Chain.counts(folder, document);
    return new StreamStatus(
        folder,
        document,
        chain.state(),
        chain.recent(),
        folder.consumers(),
        LookNotes.read(folder));
  }

  /** All strata that have a share, have given something, or have something that waits. */
  public List<String> strata() {
    TreeSet<String> strata = new TreeSet<>(state.strata());
    state.mix().map(Mix::shares).ifPresent(shares -> strata.addAll(shares.keySet()));
    look.ifPresent(l -> strata.addAll(l.arriving().keySet()));
    return List.copyOf(strata);
  }

  /** The share of a stratum as {@code n/d}. */
  public String share(String stratum) {
    return state.mix().map(Mix::shares).map(shares -> shares.get(stratum)).orElse("0/1");
  }

  /** How many records of a stratum the last step saw that are not in the chain. */
  public long arriving(String stratum) {
    return look.map(l -> l.arriving().getOrDefault(stratum, 0L)).orElse(0L);
  }

  /** The last increment; empty before the first. */
  public Optional<Increment> last() {
    return recent.isEmpty() ? Optional.empty() : Optional.of(recent.get(recent.size() - 1));
  }

  /** Samples per second over the increments that were read; 0 where these are fewer than two. */
  public double samplesPerSecond() {
    if (recent.size() < 2) {
      return 0;
    }
    Instant from = Instant.parse(recent.get(0).when());
    Instant to = Instant.parse(recent.get(recent.size() - 1).when());
    double seconds = Duration.between(from, to).toMillis() / 1000.0;
    long samples = state.position() - recent.get(0).positions().to();
    return seconds > 0 ? samples / seconds : 0;
  }

  /**
   * Whether somebody has to do something: a file with waiting records is gone, or a record waits
   * longer than it should since a stratum holds back.
   *
   * @param maxWait the longest that a record should wait
   */
  public boolean needsHelp(Duration maxWait, Instant now) {
    if (state.closed() || look.isEmpty()) {
      return false;
    }
    String oldest = look.get().oldest();
    boolean late = oldest != null && Instant.parse(oldest).plus(maxWait).isBefore(now);
    return !look.get().gone().isEmpty()
        || (late && look.get().heldBack() != null && !look.get().why().isEmpty());
  }

  /** The document that {@code online status --json} prints. */
  public ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("stream_id", document.id())
            .put("stage", document.stage())
            .put("path", folder.path())
            .put("position", state.position())
            .put("increments", state.seq())
            .put("increment_id", state.seq() == 0 ? null : state.id())
            .put("closed", state.closed())
            .put("block", document.block())
            .put("samples_per_second", samplesPerSecond());
    last()
        .ifPresent(
            last -> {
              ObjectNode one = json.putObject("last").put("when", last.when());
              one.put("samples", last.samples()).put("rule", last.cut().rule());
              one.put("held_back", last.cut().heldBack());
            });
    ArrayNode strata = json.putArray("strata");
    Map<String, Long> debt = state.debt();
    for (String stratum : strata()) {
      strata
          .addObject()
          .put("stratum", stratum)
          .put("share", share(stratum))
          .put("given", state.given(stratum))
          .put("waiting", state.waitingRecords(stratum))
          .put("arriving", arriving(stratum))
          .put("debt", debt.getOrDefault(stratum, 0L));
    }
    ArrayNode readers = json.putArray("consumers");
    for (Consumer consumer : consumers) {
      readers
          .addObject()
          .put("name", consumer.name())
          .put("position", consumer.position())
          .put("behind", state.position() - consumer.position())
          .put("when", consumer.when());
    }
    ObjectNode totals = json.putObject("totals");
    for (String key :
        List.of(
            StreamState.ARRIVALS,
            StreamState.RECORDS,
            StreamState.STRUCK,
            StreamState.REJECTED_SHARDS,
            StreamState.REJECTED_RECORDS,
            StreamState.RETRACTED)) {
      totals.put(key, state.totals().getOrDefault(key, 0L));
    }
    look.ifPresent(l -> json.set("last_look", Json.read(l.bytes())));
    return json;
  }
}
