package dev.mixdown.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps everybody else who asks from changing files of one local folder meanwhile, on this machine
 * or on another that mounts it. The operating system lets go of it when its process ends in
 * whatever way. It lies in a hidden folder that git does not see.
 */
final class FolderLock implements AutoCloseable {
  private static final String FOLDER = ".mixdown";

  /** The operating system's locks are between processes; these are between threads, by folder. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

  private final FileChannel channel;
  private final ReentrantLock threads;

  private FolderLock(FileChannel channel, ReentrantLock threads) {
    this.channel = channel;
    this.threads = threads;
  }

  /**
   * Waits until nobody else has the lock of {@code folder}, and takes it.
   *
   * @throws IOException when somebody else has it for half a minute
   */
  static FolderLock take(Path folder) throws IOException {
    long end = System.nanoTime() + LONGEST.toNanos();
    ReentrantLock threads = THREADS.computeIfAbsent(folder, f -> new ReentrantLock());
    if (!locked(threads)) {
      throw held(folder, "another thread of this process");
    }
    try {
      Path file = folder.resolve(FOLDER).resolve("lock");
      if (Files.notExists(file)) {
        make(folder, file);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        while (channel.tryLock() == null) {
          if (System.nanoTime() > end) {
            throw held(folder, "another process, on this machine or on one that mounts it too");
          }
          pause(folder);
        }
        return new FolderLock(channel, threads);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  private static boolean locked(ReentrantLock threads) throws IOException {
    try {
      return threads.tryLock(LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a lock");
    }
  }

  private static void pause(Path folder) throws IOException {
    try {
      Thread.sleep(BETWEEN_TRIES.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(folder + ": interrupted while waiting for its lock");
    }
  }

  private static IOException held(Path folder, String who) {
    return new StoreException(
        "%s: its lock (%s/lock) is held by %s for more than %d seconds; wait for it, or end it"
            .formatted(folder, FOLDER, who, LONGEST.toSeconds()));
  }

  private static void make(Path folder, Path file) throws IOException {
    Path hidden = Files.createDirectories(folder.resolve(FOLDER));
    Permissions.likeItsFolder(hidden, folder);
    Files.write(hidden.resolve(".gitignore"), "*\n".getBytes(StandardCharsets.UTF_8));
    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    Permissions.likeItsFolder(file, folder);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
