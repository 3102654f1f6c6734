package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.increments.DrainRequest;
import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.pipelines.streams.OnlineRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Runs a stream until it is closed, drained, idle for long enough, or stopped. */
public final class OnlineRun {
  private final OnlineTick opened;
  private final OnlineRequest asked;

  /**
   * Opens the stream, or begins it.
   *
   * @throws dev.mixdown.configs.problems.ConfigException where the config cannot be used for it
   */
  public OnlineRun(OnlineRequest asked, Clock clock) throws IOException {
    this.asked = asked;
    this.opened = new OnlineTick(asked, clock);
    opened.refuseClosed();
  }

  /** Where the stream lies. */
  public String path() {
    return opened.folder().path();
  }

  /**
   * Runs it.
   *
   * @param untilIdle how long nothing may happen before it ends; empty for ever
   * @return what its steps counted
   */
  public Map<String, Long> run(Optional<Duration> untilIdle) throws IOException {
    Optional<byte[]> drain = DrainRequest.read(opened.folder());
    OnlineRequest request = asked.of(opened.document().id());
    return request
        .runner()
        .runStream(
            new OnlinePipeline(
                new Pulses(
                    opened.folder(),
                    opened.stage().rules().poll(),
                    untilIdle.isPresent() ? untilIdle.get() : null,
                    drain.isPresent() ? drain.get() : null),
                new StreamWorker(request, opened.folder(), opened.document())),
            "online",
            opened.stage().resolution().folder());
  }
}
