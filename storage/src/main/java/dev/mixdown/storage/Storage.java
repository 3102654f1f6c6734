package dev.mixdown.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where every file of a run is read and written: the release repository, shards, workspace and
 * output. Paths are text ({@link StoragePath}); each is answered by the {@link Store} of its
 * scheme.
 *
 * <p>A storage belongs to one run, or to one worker of it: it is handed down, and closed at the
 * end. What is serialised is where the stores are, without credentials; a worker connects for
 * itself. A storage that was closed connects again when it is used again.
 */
public final class Storage implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1;

  private final HashMap<String, String> settings;
  private transient @Nullable Map<String, Store> stores;

  private Storage(Map<String, String> settings) {
    this.settings = new HashMap<>(settings);
  }

  /**
   * The storage that a process's environment describes.
   *
   * @throws IllegalArgumentException when a variable has a value that it may not have
   */
  public static Storage of(Map<String, String> environment) {
    Map<String, String> settings = new HashMap<>();
    for (StoreProvider provider : StoragePath.providers()) {
      settings.putAll(provider.settings(environment));
    }
    return new Storage(settings);
  }

  /** Where its stores are, by the names of environment variables. Nothing in it is secret. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  private synchronized Store store(String path) {
    if (stores == null) {
      stores = new HashMap<>();
    }
    Map<String, Store> opened = stores;
    return opened.computeIfAbsent(
        StoragePath.scheme(path).orElse("file"), scheme -> openStore(scheme, path));
  }

  /** Opens a store when it is first needed: a run without object stores loads nothing of them. */
  private Store openStore(String scheme, String path) {
    for (StoreProvider provider : StoragePath.providers()) {
      if (provider.schemes().contains(scheme)) {
        return provider.open(settings);
      }
    }
    throw new UnsupportedOperationException(path + ": " + StoragePath.cannotOpen(path));
  }

  /** Closes all connections. */
  @Override
  public synchronized void close() {
    if (stores != null) {
      stores.values().forEach(Store::close);
      stores = null;
    }
  }

  /** What is known of the file at {@code path}; empty when there is none. */
  public Optional<FileInfo> stat(String path) throws IOException {
    return store(path).stat(path);
  }

  /**
   * The files that {@code pattern} means, by path: one file, all files below a folder (a path that
   * ends in {@code /}, or is a folder), or those that a {@link Glob} fits. What is there under the
   * name as it is written is taken first. Hidden files and those that begin with {@code _} are left
   * out, as everywhere in this field.
   *
   * @param folder from which a relative pattern is seen; nothing in it is a pattern
   */
  public Matched match(String folder, String pattern) throws IOException {
    Store store =
        store(
            StoragePath.scheme(pattern).isPresent() || pattern.startsWith("/") ? pattern : folder);
    return store.match(folder, pattern);
  }

  /** The files that a pattern means, seen from where the process runs. */
  public Matched match(String pattern) throws IOException {
    return match("", pattern);
  }

  /** All files below a folder, by path; none where there is no such folder. */
  public List<FileInfo> below(String folder) throws IOException {
    return match(folder.endsWith("/") ? folder : folder + "/").files();
  }

  /** Opens a file for reading from its beginning. */
  public InputStream open(String path) throws IOException {
    return store(path).open(path);
  }

  /**
   * Opens a file, as it was listed, for reading from its beginning. Where the store can tell, a
   * file that was replaced since then gives a {@link FileChangedException}.
   */
  public InputStream open(FileInfo file) throws IOException {
    return store(file.path()).open(file);
  }

  /** Whether a file that has just been read is the one that was listed. */
  public boolean isUnchanged(FileInfo file) throws IOException {
    return store(file.path()).isUnchanged(file);
  }

  /** Opens a file, as it was listed, for reading anywhere in it. */
  public SeekableByteChannel openChannel(FileInfo file) throws IOException {
    return store(file.path()).openChannel(file);
  }

  /** The SHA-256 of a file that is there, read through. */
  public String sha256(String path) throws IOException {
    try (DigestInputStream in = new DigestInputStream(open(path), Digests.sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return Digests.hex(in.getMessageDigest().digest());
    }
  }

  /** A small file, whole; empty when there is none. */
  public Optional<byte[]> read(String path) throws IOException {
    return store(path).read(path);
  }

  /** Small files of one store, whole; empty where there is none. Far ones are read side by side. */
  public List<Optional<byte[]>> readAll(List<String> paths) throws IOException {
    return paths.isEmpty() ? List.of() : store(paths.get(0)).readAll(paths);
  }

  /** A small file as UTF-8 text; empty when there is none. */
  public Optional<String> readText(String path) throws IOException {
    return read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Writes a small file: afterwards a reader finds the old bytes or the new, never a part. */
  public void write(String path, byte[] bytes) throws IOException {
    try (Draft draft = draft(StoragePath.folder(path))) {
      draft.write(bytes);
      draft.publish(path);
    }
  }

  /**
   * Replaces a file, if it is still as the caller has read it. Of several who do so at once, one
   * succeeds.
   *
   * @param path in a folder that exists
   * @param old what was read; empty when there was no file
   * @return whether the file was replaced; if not, another process has changed it
   */
  public boolean replace(String path, Optional<byte[]> old, byte[] bytes) throws IOException {
    return store(path).replace(path, old, bytes);
  }

  /**
   * Makes a file, if there is none of its name. Of several who do so at once, one succeeds, and
   * nothing ever replaces what it wrote.
   *
   * @param path in a folder that exists
   * @return whether the file was made; if not, there is one
   */
  public boolean create(String path, byte[] bytes) throws IOException {
    return store(path).create(path, bytes);
  }

  /**
   * Whether the store of a folder keeps to the conditions of {@link #create} and {@link #replace},
   * which is tried out there.
   */
  public boolean keepsConditions(String folder) throws IOException {
    return store(folder).keepsConditions(folder);
  }

  /**
   * Adds a line to a file that has none like it yet; makes the file where there is none. Lines of
   * several who do so at once are all kept, each whole.
   *
   * @param line without its end
   */
  public void addLine(String path, String line) throws IOException {
    store(path).addLine(path, line);
  }

  /** Makes an empty file, with its folder, where there is none; else only finds it writable. */
  public void touch(String path) throws IOException {
    store(path).touch(path);
  }

  /** Whether there is a symbolic link of this name. */
  public boolean isLink(String path) throws IOException {
    return store(path).isLink(path);
  }

  /**
   * Whether files can be made in a folder, which need not be there yet.
   *
   * @throws IOException when the store cannot be asked, or says why not
   */
  public boolean isWritable(String folder) throws IOException {
    return StoragePath.isSupported(folder) && store(folder).isWritable(folder);
  }

  /** Makes a folder, and those above it, where stores have folders. */
  public void makeFolder(String folder) throws IOException {
    store(folder).makeFolder(folder);
  }

  /**
   * Removes a folder, and those in it, when there are no files left but those that a store keeps
   * there for itself. A folder that has others stays.
   */
  public void removeEmptyFolder(String folder) throws IOException {
    store(folder).removeEmptyFolder(folder);
  }

  /** Begins a file that will lie in {@code folder}, and have its name only when it is whole. */
  public Draft draft(String folder) throws IOException {
    return store(folder).draft(folder);
  }

  /** Removes the drafts in a folder that processes left which were killed. */
  public void removeAbandonedDrafts(String folder) throws IOException {
    store(folder).removeAbandonedDrafts(folder);
  }

  /** Removes the files in a folder that did not change for a while. */
  public void removeOlderThan(String folder, Duration age) throws IOException {
    store(folder).removeOlderThan(folder, age);
  }

  /** The names of the files directly in a folder; none when there is no such folder. */
  public List<String> names(String folder) throws IOException {
    return store(folder).names(folder);
  }

  /** Removes files of one store, those that are there. */
  public void delete(Collection<String> paths) throws IOException {
    if (!paths.isEmpty()) {
      store(paths.iterator().next()).delete(paths);
    }
  }
}
