package dev.mixdown.service.api;

import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.CatalogJobs.Filter;
import dev.mixdown.service.site.Site;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs a filter finds. A database counts by looking at each; until the catalog changes,
 * what was counted holds.
 */
public final class JobCounts {
  /** Filters that are remembered; they come from requests. */
  private static final int MOST = 1000;

  private final Site site;
  private volatile Counted counted = new Counted(-1, new ConcurrentHashMap<>());

  /** What was counted at some state of the catalog. */
  private record Counted(long revision, Map<Key, Long> counts) {}

  /** A filter without its page. Which jobs are stale also depends on the time, to the minute. */
  private record Key(
      @Nullable String status, @Nullable String algorithm, @Nullable String recipe, String minute) {
    static Key of(Filter filter) {
      boolean timed = Filter.STALE.equals(filter.status()) || "running".equals(filter.status());
      return new Key(
          filter.status(),
          filter.algorithm(),
          filter.recipe(),
          timed ? filter.since().substring(0, 16) : "");
    }
  }

  public JobCounts(Site site) {
    this.site = site;
  }

  /** How many there are, whatever the filter's page. */
  public long of(Filter filter) {
    long now = site.revision();
    Counted known = counted;
    if (known.revision() != now || known.counts().size() > MOST) {
      known = new Counted(now, new ConcurrentHashMap<>());
      counted = known;
    }
    return known
        .counts()
        .computeIfAbsent(Key.of(filter), k -> new CatalogJobs(site.catalog()).count(filter));
  }
}
