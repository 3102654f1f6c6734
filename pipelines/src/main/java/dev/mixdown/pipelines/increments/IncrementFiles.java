package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.pipelines.arrivals.ArrivalSelection.Selected;
import dev.mixdown.pipelines.arrivals.BatchChanges;
import dev.mixdown.pipelines.arrivals.BatchFiles;
import dev.mixdown.pipelines.arrivals.Contents;
import dev.mixdown.pipelines.arrivals.Incoming;
import dev.mixdown.pipelines.arrivals.SeenIdentities;
import dev.mixdown.pipelines.arrivals.SortedIds;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.Cut;
import dev.mixdown.transforms.stream.PartToWrite;
import dev.mixdown.transforms.stream.RowTable;
import dev.mixdown.transforms.stream.Slice;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the files of an increment beside its parts, and says what the parts will have. All of them
 * lie in its own folder, whose name has its id: two who decide the same write the same.
 */
final class IncrementFiles {
  private final OnlineRequest request;
  private final OnlineStage stage;
  private final Chain chain;
  private final Storage storage;

  IncrementFiles(OnlineRequest request, OnlineStage stage, Chain chain) {
    this.request = request;
    this.stage = stage;
    this.chain = chain;
    this.storage = chain.folder().storage();
  }

  /** Writes the files of an increment with samples. */
  Planned write(IncrementDraft draft, Cut cut, Selected selected, Instant now) throws IOException {
    Replays replays = new Replays(chain, stage.rules().replay(), request.sources());
    long[] counts = cut.counts();
    for (int s = 0; s < counts.length; s++) {
      replays.draw(
          cut.strata().get(s),
          Replays.source(cut.strata().get(s)),
          isReplay(cut, s) ? counts[s] : cut.again()[s]);
    }
    Increment increment = draft.increment(cut, replays.states(), false, now);
    String folder = folder(increment);
    writeBatch(increment, selected, folder);
    replays.write(folder);
    List<List<Slice>> slices = new ArrayList<>();
    for (int s = 0; s < counts.length; s++) {
      String stratum = cut.strata().get(s);
      List<Slice> its = new ArrayList<>();
      if (!isReplay(cut, s)) {
        its.addAll(fresh(stratum, cut.fresh(s), increment, selected, folder));
      }
      its.addAll(replays.slices(stratum, Replays.source(stratum), folder));
      slices.add(its);
    }
    RowTable table = located(RowTable.of(storage, cut.strata(), slices), selected.contents());
    return new Planned(
        increment.with(table.shards(), List.of()), parts(cut, increment, slices, table));
  }

  /** Writes the files of an increment without samples. */
  Planned writeEmpty(IncrementDraft draft, Cut cut, Selected selected, boolean close, Instant now)
      throws IOException {
    Increment increment = draft.increment(cut, chain.state().replays(), close, now);
    writeBatch(increment, selected, folder(increment));
    return new Planned(increment, List.of());
  }

  private String folder(Increment increment) throws IOException {
    String folder = BatchFiles.folder(chain, increment);
    storage.makeFolder(folder);
    return folder;
  }

  private static boolean isReplay(Cut cut, int stratum) {
    return Replay.isStratum(cut.strata().get(stratum));
  }

  private void writeBatch(Increment increment, Selected selected, String folder)
      throws IOException {
    BatchFiles files = new BatchFiles(storage, chain.document(), folder);
    for (int a = 0; a < selected.arrivals().size(); a++) {
      Incoming incoming = selected.arrivals().get(a);
      files.keepIndex(
          a, incoming, request.workspace().index(incoming.sha256(), incoming.shard().spec()));
    }
    if (!increment.arrivals().isEmpty()) {
      files.writeOrder(increment.seq(), increment.arrivals(), folder);
    }
    SortedIds struck = new SortedIds();
    for (BatchChanges changes : selected.changes().values()) {
      changes.write(folder, struck);
    }
    if (stage.config().mix().filtering().removeDuplicates()) {
      if (!increment.arrivals().isEmpty()) {
        files.keepIdentities(increment.arrivals());
      }
      if (struck.size() > 0) {
        SeenIdentities.write(storage, StoragePath.resolve(folder, SeenIdentities.STRUCK), struck);
      }
    }
  }

  /** The next waiting records of a stratum: first in, first out. */
  private List<Slice> fresh(
      String stratum, long records, Increment increment, Selected selected, String folder)
      throws IOException {
    List<Slice> slices = new ArrayList<>();
    long left = records;
    for (Batch batch : chain.state().waiting(stratum)) {
      BatchChanges changes = selected.changes().get(batch.seq());
      long there = batch.waiting() - (changes == null ? 0 : changes.struck(stratum));
      long rows = Math.min(left, there);
      if (rows > 0) {
        slices.add(
            changes == null
                ? new Slice(chain.order(batch.file(), batch.seq()), stratum, batch.skip(), rows, 0)
                : new Slice(
                    StoragePath.resolve(folder, BatchChanges.order(batch.seq())),
                    stratum,
                    0,
                    rows,
                    0));
        left -= rows;
      }
    }
    if (left > 0) {
      slices.add(
          new Slice(
              StoragePath.resolve(folder, BatchChanges.order(increment.seq())),
              stratum,
              0,
              left,
              0));
    }
    return slices;
  }

  /** The table with every shard where its content lies now. */
  private RowTable located(RowTable table, Contents contents) {
    List<Shard> located = new ArrayList<>();
    for (Shard shard : table.shards()) {
      String place =
          contents.place(shard.uri(), shard.dataset(), shard.sha256()).orElse(shard.uri());
      located.add(
          new Shard(
              shard.dataset(),
              place,
              shard.sha256(),
              shard.bytes(),
              shard.records(),
              shard.format(),
              shard.csv()));
    }
    return new RowTable(located, table.kinds(), Map.copyOf(table.shardsOf()));
  }

  private List<PartToWrite> parts(
      Cut cut, Increment increment, List<List<Slice>> slices, RowTable table) {
    int block = chain.document().block();
    int blocksPerPart = Math.max(1, stage.config().mix().rowsPerPart() / block);
    int blocks = cut.blocks().size();
    int parts = (blocks + blocksPerPart - 1) / blocksPerPart;
    List<PartToWrite> all = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      int from = p * blocksPerPart;
      int to = Math.min(blocks, from + blocksPerPart);
      all.add(
          new PartToWrite(
              chain.folder().path(),
              increment.folder() + "/" + request.format().partName(p, parts),
              increment.positions().from() + (long) from * block,
              request.format(),
              chain.document().seed(),
              block,
              chain.document().shuffle(),
              chain.document().augment(),
              cut.strata(),
              new ArrayList<>(cut.blocks().subList(from, to)),
              Slice.between(slices, cut.before(from), cut.before(to)),
              table));
    }
    return all;
  }
}
