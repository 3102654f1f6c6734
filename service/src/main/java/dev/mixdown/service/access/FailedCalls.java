package dev.mixdown.service.access;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts calls with a wrong token, by the address that they come from. */
final class FailedCalls {
  /** So many in {@link #TIME} are typing errors; more are guesses. */
  static final int MOST = 20;

  static final Duration TIME = Duration.ofMinutes(1);

  /** Addresses that are remembered: whoever has many of them must not fill the memory. */
  private static final int ADDRESSES = 10_000;

  private final Clock clock;
  private final Map<String, Deque<Long>> byAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
          return size() > ADDRESSES;
        }
      };

  FailedCalls(Clock clock) {
    this.clock = clock;
  }

  /** One more. */
  synchronized void add(String address) {
    byAddress.computeIfAbsent(address, a -> new ArrayDeque<>()).add(clock.millis());
  }

  /** Whether there were too many lately. */
  synchronized boolean tooMany(String address) {
    Deque<Long> times = byAddress.get(address);
    if (times == null) {
      return false;
    }
    while (!times.isEmpty() && times.peek() < clock.millis() - TIME.toMillis()) {
      times.remove();
    }
    return times.size() >= MOST;
  }
}
