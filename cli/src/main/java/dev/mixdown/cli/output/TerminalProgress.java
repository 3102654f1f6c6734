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

  private final Storage storage;

  private TerminalProgress(Storage storage) {
    this.storage = storage;
  }

  /**
   * A bar where the error output is a terminal, which the launcher finds out; else nothing.
   *
   * @param storage where parts are written
   */
  public static Progress orNone(Storage storage) {
    return Boolean.getBoolean("mixdown.terminal") ? new TerminalProgress(storage) : Progress.NONE;
  }

  @Override
  public Step reading(ReadProgress read, int shards, long bytes) {
    ProgressBar bar =
        builder("Reading", Math.max(1, bytes)).setUnit(" MiB", MIB).showSpeed().build();
    return watch(
        bar,
        b -> {
          ReadProgress.Sum sum = read.sum();
          b.stepTo(sum.bytes());
          b.setExtraMessage(" " + sum.shards() + "/" + shards + " shards");
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
                storage.names(folder).stream().filter(name -> name.startsWith("part-")).count());
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
