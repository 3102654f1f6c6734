package dev.mixdown.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A kind of place that files are kept in: a file system, or object stores. {@link Storage} finds
 * the one that a path's scheme names.
 */
public interface Store extends AutoCloseable {
  /** See {@link Storage#stat}. */
  Optional<FileInfo> stat(String path) throws IOException;

  /** See {@link Storage#match}. */
  Matched match(String folder, String pattern) throws IOException;

  /** See {@link Storage#open(String)}. */
  InputStream open(String path) throws IOException;

  /** See {@link Storage#open(FileInfo)}. */
  InputStream open(FileInfo file) throws IOException;

  /** See {@link Storage#isUnchanged}. */
  boolean isUnchanged(FileInfo file) throws IOException;

  /** See {@link Storage#openChannel}. */
  SeekableByteChannel openChannel(FileInfo file) throws IOException;

  /** See {@link Storage#replace}. */
  boolean replace(String path, Optional<byte[]> old, byte[] bytes) throws IOException;

  /** See {@link Storage#create}. */
  default boolean create(String path, byte[] bytes) throws IOException {
    return replace(path, Optional.empty(), bytes);
  }

  /** See {@link Storage#keepsConditions}. */
  default boolean keepsConditions(String folder) throws IOException {
    return true;
  }

  /** See {@link Storage#addLine}. */
  void addLine(String path, String line) throws IOException;

  /** See {@link Storage#touch}. */
  void touch(String path) throws IOException;

  /** See {@link Storage#isLink}: only a file system has any. */
  default boolean isLink(String path) {
    return false;
  }

  /** See {@link Storage#isWritable}. */
  boolean isWritable(String folder) throws IOException;

  /** See {@link Storage#makeFolder}. */
  void makeFolder(String folder) throws IOException;

  /** See {@link Storage#removeEmptyFolder}. */
  void removeEmptyFolder(String folder) throws IOException;

  /** See {@link Storage#draft}. */
  Draft draft(String folder) throws IOException;

  /** See {@link Storage#removeAbandonedDrafts}. */
  void removeAbandonedDrafts(String folder) throws IOException;

  /** See {@link Storage#removeOlderThan}. */
  void removeOlderThan(String folder, Duration age) throws IOException;

  /** See {@link Storage#names}. */
  List<String> names(String folder) throws IOException;

  /** See {@link Storage#delete}. */
  void delete(Collection<String> paths) throws IOException;

  /** See {@link Storage#readAll}. */
  default List<Optional<byte[]>> readAll(List<String> paths) throws IOException {
    List<Optional<byte[]>> contents = new ArrayList<>(paths.size());
    for (String path : paths) {
      contents.add(read(path));
    }
    return contents;
  }

  /** See {@link Storage#read}. */
  default Optional<byte[]> read(String path) throws IOException {
    try (InputStream in = open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Closes its connections. */
  @Override
  void close();
}
