package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.manifests.ChangedShard;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the data of current manifests has changed: looked at now and then, or when asked. */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final Site site;
  private final @Nullable Thread looking;
  private volatile @Nullable Looked last;

  /** What was found, and when. */
  public record Looked(Instant at, List<ChangedShard> changes) {}

  /**
   * @param every how often it looks by itself; empty for never
   */
  public Watch(Site site, Optional<Duration> every) {
    this.site = site;
    this.looking = every.map(time -> new Thread(() -> look(time), "watch")).orElse(null);
    if (looking != null) {
      looking.setDaemon(true);
      looking.start();
    }
  }

  private void look(Duration every) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        now();
      } catch (HttpProblem e) {
        LOG.debug("{}", e.getMessage());
      } catch (IOException | RuntimeException e) {
        LOG.warn("the data could not be looked at", e);
      }
      try {
        Thread.sleep(every.toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks. */
  public Looked now() throws IOException {
    Looked looked =
        new Looked(
            site.clock().instant(), ChangedShard.of(site.storage(), site.holdings().manifests()));
    last = looked;
    return looked;
  }

  /** What was found last; looks where nobody has yet. */
  Looked last() throws IOException {
    Looked looked = last;
    return looked == null ? now() : looked;
  }

  /** What was found last, in a sentence; empty for nothing. */
  String notice() {
    Looked looked = last;
    return looked == null || looked.changes().isEmpty()
        ? ""
        : Counts.of(looked.changes().size(), "shard") + " of current manifests changed on disk.";
  }

  /** The versions of the data that has changed. */
  Set<String> versions() {
    Looked looked = last;
    return looked == null
        ? Set.of()
        : looked.changes().stream()
            .flatMap(
                changed ->
                    changed.manifest().manifest().datasets().stream()
                        .filter(dataset -> dataset.name().equals(changed.dataset()))
                        .map(dataset -> dataset.version()))
            .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    if (looking != null) {
      looking.interrupt();
    }
  }
}
