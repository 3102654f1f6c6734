package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.arrivals.Arrived;
import dev.mixdown.pipelines.arrivals.Look;
import dev.mixdown.pipelines.arrivals.Settling;
import dev.mixdown.pipelines.arrivals.ShardReading;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Part;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.stream.PartToWrite;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of a stream in this process, for cron: it looks, reads what is new, and publishes an
 * increment where there is one. Two that run at once do no harm.
 */
public final class OnlineTick {
  /** So often a step is begun again when others publish first. */
  private static final int MOST_TRIES = 100;

  private final OnlineRequest request;
  private final Clock clock;
  private final Storage storage;
  private final OnlineStage stage;
  private final StreamFolder folder;
  private final StreamDocument document;
  private final Chain chain;

  /**
   * What a step did.
   *
   * @param published the increment that was published; empty where there was none
   * @param step what was decided last
   */
  public record Ticked(
      StreamFolder folder, Optional<Increment> published, StepOutcome step, long position) {}

  /**
   * Opens a stream, or begins it.
   *
   * @throws ConfigException where the config cannot be used for it
   */
  public OnlineTick(OnlineRequest asked, Clock clock) throws IOException {
    this.clock = clock;
    this.storage = asked.workspace().storage();
    this.stage = OnlineStage.of(asked.repository(), asked.choice());
    this.folder = stage.folder(storage, asked.output());
    refuseUnsafe(asked);
    this.document = stage.begin(folder);
    this.request = asked.of(document.id());
    this.chain = Chain.open(folder, document);
  }

  private void refuseUnsafe(OnlineRequest asked) throws IOException {
    if (!asked.singleWriter() && !storage.keepsConditions(folder.path())) {
      Problems problems = new Problems();
      problems.add(
          folder.path(),
          "the store does not know writes under a condition, so two writers could fork the stream; make sure that there is only one, and say so with --single-writer");
      problems.throwIfAny();
    }
  }

  /** The stage as its config says it. */
  public OnlineStage stage() {
    return stage;
  }

  /** Where the stream lies. */
  public StreamFolder folder() {
    return folder;
  }

  /** What the stream is. */
  public StreamDocument document() {
    return document;
  }

  /**
   * Does a step.
   *
   * @param drain whether what whole blocks there are is published, however few
   */
  public Ticked tick(boolean drain) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      refuseClosed();
      Look look = Look.at(request, stage, chain.files());
      Arrived arrived = arrived(look);
      OnlineStep step = new OnlineStep(request, stage, chain, clock.instant());
      StepOutcome outcome;
      try {
        outcome = step.plan(look, arrived, drain);
      } catch (IOException e) {
        // Another process may have published, and removed what was being read here.
        if (chain.refresh()) {
          continue;
        }
        throw e;
      }
      LookNotes.write(folder, outcome.look(), clock.instant());
      if (outcome.planned().isEmpty()) {
        return new Ticked(folder, Optional.empty(), outcome, chain.state().position());
      }
      Optional<Increment> published = publish(outcome.planned().get());
      if (published.isPresent()) {
        return new Ticked(folder, published, outcome, chain.state().position());
      }
    }
    throw new IOException(folder.path() + ": others publish all the time; run again");
  }

  /** Reads what is complete; it looks twice where something may not be, by its times alone. */
  private Arrived arrived(Look look) throws IOException {
    Settling settling = new Settling(storage, stage.rules().settle());
    Settling.Settled settled = settling.look(look.candidates(), clock.millis(), System.nanoTime());
    List<MatchedShard> complete = new ArrayList<>(settled.complete());
    int young = settled.young().size();
    if (young > 0) {
      sleep();
      Look again = Look.at(request, stage, chain.files());
      settled = settling.look(again.candidates(), clock.millis(), System.nanoTime());
      complete = new ArrayList<>(settled.complete());
      young = settled.young().size();
    }
    ShardReading reading = new ShardReading(request, stage, folder);
    return reading.arrived(reading.read(complete), look, young);
  }

  private void sleep() throws IOException {
    try {
      Thread.sleep(stage.rules().settle().toMillis() + 20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while files settle", e);
    }
  }

  /** Refuses a stream that is closed. */
  public void refuseClosed() throws IOException {
    if (chain.state().closed()) {
      Problems problems = new Problems();
      problems.add(
          folder.path(),
          "the stream is closed, and nothing follows; begin another one with another --output");
      problems.throwIfAny();
    }
  }

  /** Writes the parts and publishes; empty where another was first. */
  private Optional<Increment> publish(Planned planned) throws IOException {
    List<Part> parts = new ArrayList<>();
    try {
      for (PartToWrite part : planned.parts()) {
        parts.add(part.write(storage));
      }
    } catch (IOException e) {
      // Another process may have published, and removed what was being written here.
      if (chain.refresh()) {
        return Optional.empty();
      }
      throw e;
    }
    Publication.Outcome outcome =
        new Publication(chain, stage.rules(), request).publish(planned, parts);
    if (outcome == Publication.Outcome.LOST) {
      return Optional.empty();
    }
    return Optional.of(chain.increment(planned.increment().seq()));
  }

  /** Leaves a request for a stream that runs: it publishes what there is, and ends. */
  public void requestDrain() throws IOException {
    DrainRequest.leave(folder, clock.instant());
  }

  /** Strikes the waiting records of a file that is gone. */
  public Increment forget(String uri) throws IOException {
    return manual(Optional.of(uri), false);
  }

  /** Ends the stream. */
  public Increment close() throws IOException {
    return manual(Optional.empty(), true);
  }

  private Increment manual(Optional<String> forget, boolean close) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      refuseClosed();
      OnlineStep step = new OnlineStep(request, stage, chain, clock.instant());
      Optional<Increment> published = publish(step.manual(forget, close));
      if (published.isPresent()) {
        return published.get();
      }
    }
    throw new IOException(folder.path() + ": others publish all the time; run again");
  }
}
