package dev.mixdown.storage.local;

import dev.mixdown.storage.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps everybody else who asks from changing files of one local folder meanwhile, on this machine
 * or on another that mounts it. The operating system frees it when its process ends in whatever
 * way. It lies in a hidden folder that git does not see.
 */
final class FolderLock implements AutoCloseable {
  private static final String FOLDER = ".mixdown";

  /**
   * The folders whose lock this process holds. The operating system's locks are between processes,
   * and a process has one on a file once for all of its threads: this is of the process, too.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

  private final FileChannel channel;
  private final Path folder;

  private FolderLock(FileChannel channel, Path folder) {
    this.channel = channel;
    this.folder = folder;
  }

  /**
   * Waits until nobody else has the lock of {@code named}, and takes it.
   *
   * @param named made where it is not there
   * @throws IOException when somebody else has it for half a minute
   */
  static FolderLock take(Path named) throws IOException {
    Path folder = Files.createDirectories(named).toRealPath();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!HELD.add(folder)) {
      if (System.nanoTime() > end) {
        throw held(folder, "another thread of this process");
      }
      pause(folder);
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
        return new FolderLock(channel, folder);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      HELD.remove(folder);
      throw e;
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

  /** Removes what a lock leaves in its folder, which is not needed any more. */
  static void forget(Path folder) throws IOException {
    Path hidden = folder.resolve(FOLDER);
    if (Files.isDirectory(hidden)) {
      Files.deleteIfExists(hidden.resolve("lock"));
      Files.deleteIfExists(hidden.resolve(".gitignore"));
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
      HELD.remove(folder);
    }
  }
}
