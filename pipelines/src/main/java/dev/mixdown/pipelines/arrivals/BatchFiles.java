package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.index.IndexWriter;
import dev.mixdown.transforms.mixing.Ranking;
import dev.mixdown.transforms.stream.OrderHeader.Group;
import dev.mixdown.transforms.stream.RecordOrder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What an increment keeps of its arrivals beside its parts: the index of each shard, in which the
 * records that do not arrive are left out, and the order of all of them.
 */
public final class BatchFiles {
  private final Storage storage;
  private final StreamDocument document;
  private final String folder;

  /**
   * @param folder the increment's, in full
   */
  public BatchFiles(Storage storage, StreamDocument document, String folder) {
    this.storage = storage;
    this.document = document;
    this.folder = folder;
  }

  /** The name of an arrival's index in its increment's folder. */
  public static String index(int arrival) {
    return "index-" + arrival;
  }

  private String file(String name) {
    return StoragePath.resolve(folder, name);
  }

  /**
   * Keeps the index of an arrival.
   *
   * @param from where the index of the whole shard lies
   */
  public void keepIndex(int arrival, Incoming incoming, String from) throws IOException {
    try (IndexReader in = new IndexReader(storage, from);
        Draft draft = storage.draft(folder)) {
      OutputStream out = new BufferedOutputStream(draft, 1 << 17);
      try (IndexWriter writer = new IndexWriter(out)) {
        while (in.next()) {
          for (int i = 0; i < in.size(); i++) {
            writer.add(
                in.offset(i),
                in.length(i),
                in.identity(i),
                incoming.leftOut().get(in.record(i)) ? IndexReader.LEFT_OUT : in.group(i));
          }
        }
      }
      out.flush();
      draft.publish(file(index(arrival)));
    }
  }

  /**
   * Writes the order of a batch from the indexes that are kept.
   *
   * @param seq the increment that it came in with
   * @param indexes the increment's folder, in full
   */
  public void writeOrder(long seq, List<Arrival> arrivals, String indexes) throws IOException {
    TreeSet<String> strata = new TreeSet<>();
    arrivals.forEach(arrival -> strata.addAll(arrival.strata().keySet()));
    List<String> names = List.copyOf(strata);
    RecordOrder order = new RecordOrder(names);
    List<Shard> shards = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    Map<Group, Integer> numbers = new HashMap<>();
    long placed = 0;
    for (int a = 0; a < arrivals.size(); a++) {
      Arrival arrival = arrivals.get(a);
      shards.add(arrival.shard());
      int[] stratumOf = new int[arrival.groups().size()];
      int[] groupOf = new int[stratumOf.length];
      for (int g = 0; g < stratumOf.length; g++) {
        stratumOf[g] = names.indexOf(arrival.groups().get(g).stratum());
        Group group = new Group(arrival.dataset(), arrival.groups().get(g).category());
        Integer known = numbers.putIfAbsent(group, numbers.size());
        if (known == null) {
          groups.add(group);
        }
        groupOf[g] = known == null ? groups.size() - 1 : known;
      }
      Ranking ranking = Ranking.ofPass(document.seed(), seq, arrival.dataset(), 0);
      try (IndexReader index = new IndexReader(storage, StoragePath.resolve(indexes, index(a)))) {
        while (index.next()) {
          for (int i = 0; i < index.size(); i++) {
            int group = index.group(i);
            if (group != IndexReader.LEFT_OUT) {
              long identity = index.identity(i);
              order.add(
                  stratumOf[group],
                  document.shuffle() ? ranking.value(identity) : placed++,
                  a,
                  groupOf[group],
                  index.record(i),
                  index.offset(i),
                  index.length(i),
                  identity);
            }
          }
        }
      }
    }
    order.write(storage, file(BatchChanges.order(seq)), shards, groups);
  }

  /** Keeps the identities of arrivals, for a stream without duplicates. */
  public void keepIdentities(List<Arrival> arrivals) throws IOException {
    SortedIds ids = new SortedIds();
    for (int a = 0; a < arrivals.size(); a++) {
      ids.addIndex(storage, file(index(a)));
    }
    SeenIdentities.write(storage, file(SeenIdentities.BROUGHT), ids);
  }

  /** Where an increment keeps its files. */
  public static String folder(Chain chain, Increment increment) {
    return chain.folder().file(increment.folder());
  }
}
