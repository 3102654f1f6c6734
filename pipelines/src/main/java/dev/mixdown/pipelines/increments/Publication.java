package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.online.OnlineRules;
import dev.mixdown.configs.online.OnlineRules.Keep;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.pipelines.arrivals.SeenIdentities;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Head;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Part;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Ledger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes an increment part of the chain: its file is created, if there is none of its number. That
 * is the only commit. What others wrote for the same number is garbage from then on, and is
 * removed.
 */
public final class Publication {
  private final StreamFolder folder;
  private final Storage storage;
  private final Chain chain;
  private final OnlineRules rules;
  private final OnlineRequest request;

  /** What came of it. */
  public enum Outcome {
    /** The increment is part of the chain, by this process. */
    PUBLISHED,
    /** It is part of the chain, by another process that decided the same. */
    THERE,
    /** Another increment has its number. */
    LOST
  }

  public Publication(Chain chain, OnlineRules rules, OnlineRequest request) {
    this.folder = chain.folder();
    this.storage = folder.storage();
    this.chain = chain;
    this.rules = rules;
    this.request = request;
  }

  /** Publishes an increment whose files are all written. */
  public Outcome publish(Planned planned, List<Part> parts) throws IOException {
    Increment increment = planned.increment().with(planned.increment().shards(), parts);
    boolean made = folder.commit(increment, request.singleWriter());
    Outcome outcome = Outcome.PUBLISHED;
    if (!made) {
      Optional<Increment> winner = folder.increment(increment.seq());
      outcome =
          winner.filter(w -> w.id().equals(increment.id())).isPresent()
              ? Outcome.THERE
              : Outcome.LOST;
    }
    chain.refresh();
    if (outcome == Outcome.LOST) {
      removeOthers(increment.seq(), chain.increment(increment.seq()).folder());
      return outcome;
    }
    advanceHead();
    forgetFiles(increment);
    removeOthers(increment.seq(), increment.folder());
    if (made && chain.state().seq() == increment.seq()) {
      if (increment.seq() % Chain.SNAPSHOT_EVERY == 0) {
        if (chain.document().removesDuplicates()) {
          new SeenIdentities(chain).merge();
        }
        chain.writeSnapshot();
      }
      removeUnneeded();
    }
    return outcome;
  }

  /** What is in the chain need not be kept in the workspace. */
  private void forgetFiles(Increment increment) throws IOException {
    Set<String> paths = new HashSet<>();
    increment.arrivals().forEach(arrival -> paths.add(arrival.uri()));
    increment.notTaken().forEach(file -> paths.add(file.uri()));
    if (!paths.isEmpty()) {
      Ledger.forget(request.workspace(), paths);
    }
  }

  /** The head is a hint that never goes back, as far as this process can see. */
  private void advanceHead() throws IOException {
    List<Increment> recent = chain.recent();
    Increment last = recent.get(recent.size() - 1);
    if (folder.head().map(Head::seq).orElse(0L) < last.seq()) {
      storage.write(folder.file(Head.FILE), Head.of(last).bytes());
    }
  }

  /** Removes what was written for a number that another increment has. */
  private void removeOthers(long seq, String kept) throws IOException {
    TreeSet<String> folders = new TreeSet<>();
    List<String> files = new ArrayList<>();
    for (FileInfo file : storage.match(folder.path(), "parts/%010d-*/*".formatted(seq)).files()) {
      String its = StoragePath.folder(file.path());
      if (!its.endsWith(StoragePath.name(kept))) {
        files.add(file.path());
        folders.add(its);
      }
    }
    storage.delete(files);
    for (String one : folders) {
      storage.removeEmptyFolder(one);
    }
  }

  /** Removes the parts that no consumer and no replay needs, where that is asked for. */
  private void removeUnneeded() throws IOException {
    if (rules.keep() == Keep.ALL || rules.shortage() == Shortage.REPLAY) {
      return;
    }
    List<Consumer> consumers = folder.consumers();
    if (consumers.isEmpty()) {
      return;
    }
    long needed = consumers.stream().mapToLong(Consumer::position).min().orElse(0);
    for (Replay replay : rules.replay()) {
      if (replay.isSelf()) {
        long window = replay.window().orElse(Long.MAX_VALUE);
        needed = Math.min(needed, Math.max(0, chain.state().position() - window));
      }
    }
    List<String> parts = new ArrayList<>();
    for (Increment increment : chain.recent()) {
      if (increment.positions().to() <= needed) {
        increment.parts().forEach(part -> parts.add(folder.file(part.path())));
      }
    }
    storage.delete(parts);
  }
}
