package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.index.DamagedFileException;
import dev.mixdown.transforms.index.IndexReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * The hashes of a shard's records by number, eight bytes each, to be looked up one by one. They
 * tell apart records that have the same identity because it is taken from a field.
 */
public final class RecordHashes implements Closeable {
  private final String path;
  private final SeekableByteChannel channel;
  private final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);

  /** Opens a file. */
  public RecordHashes(Storage storage, String path) throws IOException {
    this.path = path;
    FileInfo file = storage.stat(path).orElseThrow(() -> new FileNotFoundException(path));
    this.channel = storage.openChannel(file);
  }

  /**
   * A shard whose hashes are to be written.
   *
   * @param index where an index lies whose identities are hashes of records
   * @param file where the hashes go
   */
  public record Shard(String index, String file) implements Serializable {
    /** A shard with its file beside the index. */
    public static Shard of(String index) {
      return new Shard(index, index + ".hashes");
    }
  }

  /** Writes the hashes of a shard; where its index lies. */
  public static String write(Storage storage, Shard shard) throws IOException {
    String folder = StoragePath.folder(shard.file());
    try (IndexReader in = new IndexReader(storage, shard.index());
        Draft draft = storage.draft(folder)) {
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(draft, 1 << 16));
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          out.writeLong(in.identity(i));
        }
      }
      out.flush();
      draft.publish(shard.file());
    }
    return shard.index();
  }

  /** The hash of a record. */
  public long of(int record) throws IOException {
    bytes.clear();
    channel.position((long) record * Long.BYTES);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new DamagedFileException(path, "it is cut short");
      }
    }
    return bytes.getLong(0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
