package dev.mixdown.cli.output;

import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadProgress;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal: what is done, the rate, and the time left. */
public final class TerminalProgress implements Progress {
  private static final long MIB = 1L << 20;

  private TerminalProgress() {}

  /** A bar where the error output is a terminal, which the launcher finds out; else nothing. */
  public static Progress orNone() {
    return Boolean.getBoolean("mixdown.terminal") ? new TerminalProgress() : Progress.NONE;
  }

  @Override
  public Step reading(int shards, long bytes) {
    long bytesBefore = ReadProgress.bytes();
    long shardsBefore = ReadProgress.shards();
    ProgressBar bar =
        builder("Reading", Math.max(1, bytes)).setUnit(" MiB", MIB).showSpeed().build();
    return watch(
        bar,
        b -> {
          b.stepTo(ReadProgress.bytes() - bytesBefore);
          b.setExtraMessage(
              " " + (ReadProgress.shards() - shardsBefore) + "/" + shards + " shards");
        });
  }

  @Override
  public Step writing(int parts, String folder) {
    ProgressBar bar = builder("Writing", parts).setUnit(" parts", 1).build();
    return watch(
        bar,
        b -> {
          try {
            b.stepTo(
                Storage.names(folder).stream().filter(name -> name.startsWith("part-")).count());
          } catch (IOException e) {
            // Only the bar misses something.
            b.setExtraMessage(" ?");
          }
        });
  }

  private static ProgressBarBuilder builder(String task, long max) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(max)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err));
  }

  private static Step watch(ProgressBar bar, Consumer<ProgressBar> look) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    var unused = timer.scheduleAtFixedRate(() -> look.accept(bar), 100, 200, TimeUnit.MILLISECONDS);
    return () -> {
      timer.shutdownNow();
      look.accept(bar);
      bar.close();
    };
  }
}
