package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.increments.DrainRequest;
import dev.mixdown.pipelines.increments.LookNotes;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Head;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.LastLook;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;

/**
 * A pulse every so often, from now on: missed ones are not made up for. It ends when the stream is
 * closed, when it is drained, or when nothing has happened for a while; all of that it sees in the
 * stream's files.
 */
final class Pulses extends UnboundedSource<Pulse, Pulses.Mark> {
  private static final long serialVersionUID = 1;

  /** The longest that a reader waits before it says that there is nothing yet. */
  private static final long NAP_MILLIS = 200;

  /** While the stream is drained, how often that is tried. */
  private static final Duration DRAINING = Duration.ofMillis(200);

  private final StreamFolder folder;
  private final Duration poll;
  private final @Nullable Duration untilIdle;
  private final byte @Nullable [] drainBefore;

  /**
   * @param untilIdle how long nothing may happen before it ends; null for ever
   * @param drainBefore the request for a drain that was there when the run began, which is none of
   *     its; a later one is, however often the runner begins again
   */
  Pulses(
      StreamFolder folder,
      Duration poll,
      @Nullable Duration untilIdle,
      byte @Nullable [] drainBefore) {
    this.folder = folder;
    this.poll = poll;
    this.untilIdle = untilIdle;
    this.drainBefore = drainBefore;
  }

  /** How far a reader has come. Nothing is lost with it. */
  record Mark(long number, boolean done, long changedMillis)
      implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<Pulses> split(int desired, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public UnboundedReader<Pulse> createReader(PipelineOptions options, @Nullable Mark mark)
      throws IOException {
    return new Reader(this, mark);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<Pulse> getOutputCoder() {
    return SerializableCoder.of(Pulse.class);
  }

  private static final class Reader extends UnboundedReader<Pulse> {
    private final Pulses source;
    private final StreamFolder folder;
    private long number;
    private boolean done;
    private boolean draining;
    private long changedMillis;
    private long nextNanos = System.nanoTime();
    private @Nullable Pulse current;
    private org.joda.time.Instant time = now();
    private Optional<Head> head;
    private Optional<LastLook> look;
    private Instant drainSince = Instant.MAX;

    Reader(Pulses source, @Nullable Mark mark) throws IOException {
      this.source = source;
      this.folder = source.folder;
      head = folder.head();
      look = LookNotes.read(folder);
      if (mark == null) {
        changedMillis = System.currentTimeMillis();
      } else {
        number = mark.number();
        done = mark.done();
        changedMillis = mark.changedMillis();
      }
    }

    private static org.joda.time.Instant now() {
      return org.joda.time.Instant.ofEpochMilli(System.currentTimeMillis());
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() throws IOException {
      if (done || !isDue()) {
        return false;
      }
      if (isOver()) {
        done = true;
        return false;
      }
      Duration pause = draining && DRAINING.compareTo(source.poll) < 0 ? DRAINING : source.poll;
      nextNanos = System.nanoTime() + pause.toNanos();
      current = new Pulse(++number, draining, 0);
      time = now();
      return true;
    }

    private boolean isDue() {
      long left = (nextNanos - System.nanoTime()) / 1_000_000;
      if (left > 0) {
        try {
          // Some runners ask again at once.
          Thread.sleep(Math.min(left, NAP_MILLIS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return nextNanos - System.nanoTime() <= 0;
    }

    /** Whether the stream has ended, so far as this run is concerned. */
    private boolean isOver() throws IOException {
      Optional<Head> nowHead = folder.head();
      Optional<LastLook> nowLook = LookNotes.read(folder);
      boolean changed =
          !nowHead.equals(head)
              || nowLook.isPresent() != look.isPresent()
              || (nowLook.isPresent() && !nowLook.get().saysAs(look.get()));
      if (changed) {
        changedMillis = System.currentTimeMillis();
      }
      head = nowHead;
      look = nowLook;
      Optional<byte[]> request = DrainRequest.read(folder);
      if (!draining && DrainRequest.isNew(Optional.ofNullable(source.drainBefore), request)) {
        draining = true;
        drainSince = Instant.now();
      }
      if (draining && isDrained()) {
        return true;
      }
      return isClosed() || isIdle();
    }

    private boolean isDrained() {
      return look.filter(l -> l.drained() && Instant.parse(l.when()).isAfter(drainSince))
          .isPresent();
    }

    private boolean isClosed() throws IOException {
      return head.isPresent()
          && folder.increment(head.get().seq()).filter(Increment::closed).isPresent();
    }

    private boolean isIdle() {
      Duration idle = source.untilIdle;
      return idle != null
          && number > 0
          && System.currentTimeMillis() - changedMillis >= idle.toMillis();
    }

    @Override
    public Pulse getCurrent() {
      if (current == null) {
        throw new NoSuchElementException();
      }
      return current;
    }

    @Override
    public org.joda.time.Instant getCurrentTimestamp() {
      return time;
    }

    @Override
    public org.joda.time.Instant getWatermark() {
      return done ? BoundedWindow.TIMESTAMP_MAX_VALUE : time;
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(number, done, changedMillis);
    }

    @Override
    public Pulses getCurrentSource() {
      return source;
    }

    @Override
    public void close() {
      folder.storage().close();
    }
  }
}
