package dev.mixdown.transforms.content;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.identities.SortedRecords;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * A shard's records sorted by the identity of their content, in files that are kept under the
 * shard's SHA-256: each has some of the records, so that no shard is too large to be sorted in
 * memory.
 */
public final class ContentFiles {
  private ContentFiles() {}

  /**
   * A shard whose content is to be read.
   *
   * @param files where its sorted records go
   */
  public record Shard(FileInfo file, ContentSpec spec, List<String> files)
      implements Serializable {}

  /**
   * Where the files of a shard lie.
   *
   * @param prefix how their paths begin
   * @param records good and bad ones
   */
  public static List<String> files(String prefix, long records) {
    return SortedRecords.files(prefix + ".content", records);
  }

  /**
   * Reads a shard, and writes its files; where the shard lies.
   *
   * @throws IOException also when the shard cannot be read any more as it was inspected
   */
  public static String write(Storage storage, Shard shard) throws IOException {
    SortedRecords sorted = new SortedRecords(storage, shard.files());
    try {
      new ContentReader(shard.spec()).read(storage, shard.file(), sorted::add);
    } catch (BadShardException e) {
      throw new IOException(e.problems().get(0).toString(), e);
    }
    sorted.finish();
    return shard.file().path();
  }
}
