package dev.mixdown.transforms;

import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Hands shards to whichever worker is idle, so that one that is larger than all others together is
 * begun at once, and small ones fill the time of the other workers.
 *
 * <p>It is a source because runners hand out a source's pieces one by one as workers ask for them,
 * while they deal elements out beforehand, whatever the work behind each. What reads the shards
 * follows it without a shuffle in between, or the order would be lost.
 */
public final class ShardQueue extends BoundedSource<MatchedShard> {
  /** Small shards are handed out together: so many pieces for each worker, or a few more. */
  private static final int PIECES = 16;

  private final List<List<MatchedShard>> pieces;

  /**
   * @param pieces in the order in which the runner shall see them
   */
  public ShardQueue(List<List<MatchedShard>> pieces) {
    this.pieces = pieces.stream().<List<MatchedShard>>map(ArrayList::new).toList();
  }

  /** Deals shards into pieces, the largest first. */
  public static List<List<MatchedShard>> pieces(List<MatchedShard> shards, int workers) {
    List<MatchedShard> largestFirst = new ArrayList<>(shards);
    largestFirst.sort(
        Comparator.comparingLong((MatchedShard shard) -> shard.file().bytes())
            .reversed()
            .thenComparing(shard -> shard.file().path()));
    long enough = shards.stream().mapToLong(ShardQueue::cost).sum() / workers / PIECES;
    List<List<MatchedShard>> pieces = new ArrayList<>();
    List<MatchedShard> piece = new ArrayList<>();
    long cost = 0;
    for (MatchedShard shard : largestFirst) {
      piece.add(shard);
      cost += cost(shard);
      if (cost >= enough) {
        pieces.add(piece);
        piece = new ArrayList<>();
        cost = 0;
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(piece);
    }
    return pieces;
  }

  /** Opening a file, and writing its index, costs as much as reading some of it. */
  private static long cost(MatchedShard shard) {
    return shard.file().bytes() + (1 << 20);
  }

  @Override
  public List<? extends BoundedSource<MatchedShard>> split(
      long bytesForEachWorker, PipelineOptions options) {
    return pieces.stream().map(piece -> new ShardQueue(List.of(piece))).toList();
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return pieces.stream().flatMap(List::stream).mapToLong(ShardQueue::cost).sum();
  }

  @Override
  public Coder<MatchedShard> getOutputCoder() {
    return SerializableCoder.of(MatchedShard.class);
  }

  @Override
  public BoundedReader<MatchedShard> createReader(PipelineOptions options) {
    return new Reader(this);
  }

  private static final class Reader extends BoundedReader<MatchedShard> {
    private final ShardQueue queue;
    private final List<MatchedShard> shards;
    private int next;
    private @Nullable MatchedShard current;

    Reader(ShardQueue queue) {
      this.queue = queue;
      this.shards = queue.pieces.stream().flatMap(List::stream).toList();
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() {
      current = next < shards.size() ? shards.get(next++) : null;
      return current != null;
    }

    @Override
    public MatchedShard getCurrent() {
      if (current == null) {
        throw new NoSuchElementException();
      }
      return current;
    }

    @Override
    public void close() {
      // There is nothing to close.
    }

    @Override
    public BoundedSource<MatchedShard> getCurrentSource() {
      return queue;
    }
  }
}
