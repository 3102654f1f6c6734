package dev.mixdown.transforms;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Hands shards to whichever worker is idle, the largest first, so that one that is larger than all
 * others together is begun at once, and small ones fill the time of the other workers.
 *
 * <p>It is a source because runners hand out a source's pieces one by one as workers ask for them,
 * while they deal elements out beforehand, whatever the work behind each. What reads the shards
 * follows it without a shuffle in between, or the order would be lost.
 */
final class ShardQueue extends BoundedSource<ShardToInspect> {
  /** Small shards are handed out together: so many pieces for each worker, or a few more. */
  private static final int PIECES = 16;

  private final List<ShardToInspect> shards;
  private final boolean lastFirst;

  /**
   * @param lastFirst whether the runner begins with a source's last piece
   */
  ShardQueue(List<ShardToInspect> shards, boolean lastFirst) {
    this.shards = new ArrayList<>(shards);
    this.lastFirst = lastFirst;
  }

  @Override
  public List<? extends BoundedSource<ShardToInspect>> split(
      long bytesForEachWorker, PipelineOptions options) {
    List<ShardToInspect> largestFirst = new ArrayList<>(shards);
    largestFirst.sort(
        Comparator.comparingLong((ShardToInspect shard) -> shard.file().bytes())
            .reversed()
            .thenComparing(shard -> shard.file().path()));
    long enough = bytesForEachWorker / PIECES;
    List<ShardQueue> pieces = new ArrayList<>();
    List<ShardToInspect> piece = new ArrayList<>();
    long bytes = 0;
    for (ShardToInspect shard : largestFirst) {
      piece.add(shard);
      bytes += cost(shard);
      if (bytes >= enough) {
        pieces.add(new ShardQueue(piece, lastFirst));
        piece = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(new ShardQueue(piece, lastFirst));
    }
    if (lastFirst) {
      Collections.reverse(pieces);
    }
    return pieces;
  }

  /** Opening a file, and writing its index, costs as much as reading some of it. */
  private static long cost(ShardToInspect shard) {
    return shard.file().bytes() + (1 << 20);
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return shards.stream().mapToLong(ShardQueue::cost).sum();
  }

  @Override
  public Coder<ShardToInspect> getOutputCoder() {
    return SerializableCoder.of(ShardToInspect.class);
  }

  @Override
  public BoundedReader<ShardToInspect> createReader(PipelineOptions options) {
    return new Reader(this);
  }

  private static final class Reader extends BoundedReader<ShardToInspect> {
    private final ShardQueue queue;
    private int next;
    private @Nullable ShardToInspect current;

    Reader(ShardQueue queue) {
      this.queue = queue;
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() {
      current = next < queue.shards.size() ? queue.shards.get(next++) : null;
      return current != null;
    }

    @Override
    public ShardToInspect getCurrent() {
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
    public BoundedSource<ShardToInspect> getCurrentSource() {
      return queue;
    }
  }
}
