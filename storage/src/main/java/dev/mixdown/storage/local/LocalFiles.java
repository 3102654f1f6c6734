package dev.mixdown.storage.local;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.storage.Store;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of this machine, and of what it mounts. A file is published by renaming it, and
 * replaced under a lock that the operating system frees with its process.
 */
final class LocalFiles implements Store {
  @Override
  public Optional<FileInfo> stat(String path) throws IOException {
    Path file = StoragePath.local(path);
    try {
      FileInfo info = stat(file, path);
      return Files.isRegularFile(file) ? Optional.of(info) : Optional.empty();
    } catch (AccessDeniedException e) {
      // It may be there: nobody may take it for missing.
      throw e;
    } catch (FileSystemException e) {
      // It is not there, or a file is where its folder would be, or it was removed just now.
      return Optional.empty();
    }
  }

  static FileInfo stat(Path file, String path) throws IOException {
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    FileTime modified = basic.lastModifiedTime();
    // The change time is the kernel's own: unlike the modification time nobody can set it back.
    FileTime changed =
        file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(file, "unix:ctime") instanceof FileTime time
            ? time
            : modified;
    return new FileInfo(
        path,
        basic.size(),
        modified.toMillis(),
        Math.max(modified.toMillis(), changed.toMillis()),
        basic.fileKey() + "@" + modified.toInstant() + "@" + changed.toInstant());
  }

  @Override
  public Matched match(String folder, String pattern) throws IOException {
    return StoragePath.scheme(pattern).isPresent()
        ? LocalSearch.match(Path.of("/"), StoragePath.local(pattern).toString())
        : LocalSearch.match(StoragePath.local(folder), pattern);
  }

  /** Asks once: a file that goes away in between is not there, and nothing else. */
  private static boolean isNoRegularFile(Path file) {
    try {
      return !Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
    } catch (IOException e) {
      // Opening it says why.
      return false;
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    Path file = StoragePath.local(path);
    if (isNoRegularFile(file)) {
      // A pipe would wait for its writer, a folder has no bytes.
      throw new FileSystemException(path, null, "this is not a regular file");
    }
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(path);
    } catch (FileSystemException e) {
      if (!Files.exists(file)) {
        // A file is where its folder would be.
        throw new FileNotFoundException(path);
      }
      throw e;
    }
  }

  @Override
  public InputStream open(FileInfo file) throws IOException {
    return open(file.path());
  }

  @Override
  public boolean isUnchanged(FileInfo file) throws IOException {
    return stat(file.path()).map(now -> now.tag().equals(file.tag())).orElse(false);
  }

  @Override
  public FileChannel openChannel(FileInfo file) throws IOException {
    return FileChannel.open(StoragePath.local(file.path()), StandardOpenOption.READ);
  }

  @Override
  public boolean replace(String path, Optional<byte[]> old, byte[] bytes) throws IOException {
    Path file = StoragePath.local(path);
    // A link stays one.
    file = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    try (FolderLock lock = FolderLock.take(Objects.requireNonNull(file.getParent()))) {
      Optional<byte[]> now = read(file.toString());
      if (now.isPresent() != old.isPresent()
          || (now.isPresent() && !Arrays.equals(now.get(), old.get()))) {
        return false;
      }
      try (LocalDraft draft = draft(StoragePath.folder(file.toString()))) {
        draft.write(bytes);
        draft.likeThe(file);
        draft.publish(file.toString());
      }
      return true;
    }
  }

  @Override
  public boolean create(String path, byte[] bytes) throws IOException {
    try (LocalDraft draft = draft(StoragePath.folder(path))) {
      draft.write(bytes);
      return draft.publishNew(path);
    }
  }

  @Override
  public boolean keepsConditions(String folder) throws IOException {
    makeFolder(folder);
    String probe = StoragePath.resolve(folder, ".mixdown-probe-" + UUID.randomUUID());
    try {
      return create(probe, new byte[0]) && !create(probe, new byte[0]);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // It knows no hard links.
      return false;
    } finally {
      Files.deleteIfExists(StoragePath.local(probe));
    }
  }

  @Override
  public void addLine(String path, String line) throws IOException {
    Path file = StoragePath.local(path).toAbsolutePath();
    touch(path);
    try (FolderLock lock = FolderLock.take(Objects.requireNonNull(file.getParent()))) {
      String text = read(path).map(b -> new String(b, StandardCharsets.UTF_8)).orElse("");
      if (text.lines().anyMatch(line::equals)) {
        return;
      }
      // Somebody's last line may lack its end.
      String begin = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
      ByteBuffer bytes = ByteBuffer.wrap((begin + line + "\n").getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
    }
  }

  @Override
  public void touch(String path) throws IOException {
    Path file = StoragePath.local(path).toAbsolutePath();
    Path folder = Objects.requireNonNull(file.getParent());
    if (Files.notExists(folder)) {
      Path above = folder.getParent();
      Files.createDirectories(folder);
      Permissions.likeItsFolder(folder, Objects.requireNonNullElse(above, folder));
    }
    boolean made = Files.notExists(file);
    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    if (made) {
      Permissions.likeItsFolder(file, folder);
    }
  }

  @Override
  public boolean isLink(String path) {
    return Files.isSymbolicLink(StoragePath.local(path));
  }

  @Override
  public boolean isWritable(String folder) {
    Path path = StoragePath.local(folder).toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path != null && Files.isDirectory(path) && Files.isWritable(path);
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    Files.createDirectories(StoragePath.local(folder));
  }

  @Override
  public void removeEmptyFolder(String folder) throws IOException {
    Path path = StoragePath.local(folder);
    if (!Files.isDirectory(path)) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> all = Files.walk(path)) {
      folders = all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : folders) {
      FolderLock.forget(one);
    }
    for (Path one : folders) {
      try {
        Files.deleteIfExists(one);
      } catch (DirectoryNotEmptyException e) {
        // Somebody's files are in it.
      }
    }
  }

  @Override
  public LocalDraft draft(String folder) throws IOException {
    Path path = StoragePath.local(folder);
    Files.createDirectories(path);
    return new LocalDraft(path);
  }

  @Override
  public void removeAbandonedDrafts(String folder) throws IOException {
    for (String name : names(folder)) {
      String path = StoragePath.resolve(folder, name);
      if (stat(path).map(LocalDraft::isAbandoned).orElse(false)) {
        delete(List.of(path));
      }
    }
  }

  @Override
  public void removeOlderThan(String folder, Duration age) throws IOException {
    long before = System.currentTimeMillis() - age.toMillis();
    for (String name : names(folder)) {
      String path = StoragePath.resolve(folder, name);
      if (stat(path).map(file -> file.changedMillis() < before).orElse(false)) {
        delete(List.of(path));
      }
    }
  }

  @Override
  public List<String> names(String folder) throws IOException {
    Path path = StoragePath.local(folder);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .toList();
    }
  }

  @Override
  public void delete(Collection<String> paths) throws IOException {
    for (String path : paths) {
      Files.deleteIfExists(StoragePath.local(path));
    }
  }

  @Override
  public void close() {
    // Nothing is kept open.
  }
}
