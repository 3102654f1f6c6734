package dev.mixdown.storage.local;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A draft of a local file: a hidden file of the same folder, which gets its name by renaming. A
 * killed process leaves the hidden file, whose name ends in {@value #SUFFIX}.
 */
final class LocalDraft extends Draft {
  /** How the names of unpublished drafts end. */
  static final String SUFFIX = ".draft";

  /**
   * How long a draft of another machine is left alone, whose processes cannot be seen from here.
   */
  private static final Duration FOREIGN = Duration.ofDays(1);

  /** This process among all that may share a store: machine, process number, and start. */
  private static final String OWNER = host() + "~" + process(ProcessHandle.current()) + "~";

  private final Path draft;
  private final FileChannel channel;
  private boolean published;

  LocalDraft(Path folder) throws IOException {
    this.draft = folder.resolve("." + OWNER + UUID.randomUUID() + SUFFIX);
    this.channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "_");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String process(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "~" + start;
  }

  /** Whether a file is a draft whose process is no more. */
  static boolean isAbandoned(FileInfo file) {
    String name = StoragePath.name(file.path());
    if (!name.endsWith(SUFFIX)) {
      return false;
    }
    List<String> owner = List.of(name.substring(1).split("~", -1));
    if (owner.size() == 4 && owner.get(0).equals(host()) && owner.get(1).matches("\\d{1,18}")) {
      return ProcessHandle.of(Long.parseLong(owner.get(1)))
          .map(process -> !name.contains("~" + process(process) + "~"))
          .orElse(true);
    }
    return file.changedMillis() < System.currentTimeMillis() - FOREIGN.toMillis();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** What the system says, as of a full disk, names no file. An interrupt is reported as such. */
  private IOException notWritten(IOException e) {
    if (e instanceof ClosedChannelException) {
      return e;
    }
    FileSystemException named =
        new FileSystemException(
            String.valueOf(draft.getParent()),
            null,
            "a file of this folder cannot be written (%s); make room there, or name another folder"
                .formatted(e.getMessage()));
    named.addSuppressed(e);
    return named;
  }

  /** Gives the draft the permissions of a file that it is to replace, where there is one. */
  void likeThe(Path file) throws IOException {
    Permissions.like(draft, file);
  }

  @Override
  public void publish(String path) throws IOException {
    Path file = StoragePath.local(path);
    sync();
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
    published = true;
    syncFolder(file.toAbsolutePath().getParent());
  }

  /**
   * Gives the draft its name, if no file has it.
   *
   * @return whether it has it now
   * @throws IOException also where the file system knows no hard links
   */
  boolean publishNew(String path) throws IOException {
    Path file = StoragePath.local(path);
    sync();
    try {
      // A hard link fails where the name is taken, unlike renaming.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    syncFolder(file.toAbsolutePath().getParent());
    return true;
  }

  private void sync() throws IOException {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** Makes the name lasting too: it is the folder's, and not the file's. */
  private static void syncFolder(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (FileSystemException e) {
      // Some systems do not open folders; the rename is as lasting there as they make it.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!published) {
      Files.deleteIfExists(draft);
    }
  }
}
