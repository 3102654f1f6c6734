package dev.mixdown.configs.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps everybody else who asks from changing files of one local folder meanwhile, on this machine
 * or on another that mounts it. The operating system lets go of it when its process ends in
 * whatever way. It lies in a hidden folder that git does not see.
 */
final class FolderLock implements AutoCloseable {
  private static final String FOLDER = ".mixdown";

  /** The operating system's locks are between processes; this one is between threads. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until nobody else has the lock of {@code folder}, and takes it. */
  @SuppressWarnings("LockNotBeforeTry") // It is held until this object is closed.
  static FolderLock take(Path folder) throws IOException {
    THREADS.lock();
    try {
      Path file = folder.resolve(FOLDER).resolve("lock");
      if (Files.notExists(file)) {
        make(folder, file);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        channel.lock();
        return new FolderLock(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      THREADS.unlock();
      throw e;
    }
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
      THREADS.unlock();
    }
  }
}
