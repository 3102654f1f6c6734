package dev.mixdown.service.work;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.transforms.bytes.ReadProgress;

/** Says of a work how far its pipelines are. */
public final class WorkProgress implements Progress {
  private final Work work;

  WorkProgress(Work work) {
    this.work = work;
  }

  @Override
  public Step reading(ReadProgress read, int shards, long bytes) {
    work.says(
        () -> {
          ReadProgress.Sum sum = read.sum();
          return "reads %s: %,d of %,d bytes"
              .formatted(Counts.of(shards, "shard"), sum.bytes(), bytes);
        });
    return () -> work.says(() -> "");
  }

  @Override
  public Step writing(int parts, String folder) {
    work.says(() -> "writes " + Counts.of(parts, "part"));
    return () -> work.says(() -> "");
  }
}
