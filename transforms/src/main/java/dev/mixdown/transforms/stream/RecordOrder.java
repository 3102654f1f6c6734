package dev.mixdown.transforms.stream;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.UnsignedSort;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records in the order in which they will be given, by stratum: those of a batch, or of a pool that
 * comes again. It is made once; whoever gives some of them later reads just these.
 *
 * <p>The file, big-endian: magic (int), length of the header (int), the header as JSON, and its
 * XXH3 (long). Then the rows, {@value #CHUNK} a chunk and behind each chunk the XXH3 of its bytes.
 * A row is identity and offset (longs; -1 where records cannot be sought), length, record, shard
 * and group (ints).
 */
public final class RecordOrder {
  /** The name of a batch's order in its increment's folder. */
  public static final String FILE = "order";

  static final int MAGIC = 0x4D584F31; // MXO1
  static final int CHUNK = 1 << 12;
  static final int ROW = 2 * Long.BYTES + 4 * Integer.BYTES;
  static final Hasher64 HASHER = Hashing.xxh3_64();

  private final List<String> strata;
  private int size;
  private long[] key = new long[1 << 10];
  private long[] identity = new long[1 << 10];
  private long[] offset = new long[1 << 10];
  private int[] length = new int[1 << 10];
  private int[] record = new int[1 << 10];
  private int[] shard = new int[1 << 10];
  private int[] group = new int[1 << 10];
  private int[] stratum = new int[1 << 10];

  /**
   * @param strata by name
   */
  public RecordOrder(List<String> strata) {
    this.strata = List.copyOf(strata);
  }

  /**
   * Adds a record.
   *
   * @param atKey what decides its place in its stratum, as an unsigned number; of equal ones, those
   *     that were added first come first
   */
  public void add(
      int ofStratum,
      long atKey,
      int inShard,
      int inGroup,
      int number,
      long atOffset,
      int bytes,
      long withIdentity) {
    if (size == key.length) {
      grow();
    }
    int i = size++;
    stratum[i] = ofStratum;
    key[i] = atKey;
    shard[i] = inShard;
    group[i] = inGroup;
    record[i] = number;
    offset[i] = atOffset;
    length[i] = bytes;
    identity[i] = withIdentity;
  }

  private void grow() {
    int larger = Math.addExact(size, Math.max(size / 2, 1));
    key = Arrays.copyOf(key, larger);
    identity = Arrays.copyOf(identity, larger);
    offset = Arrays.copyOf(offset, larger);
    length = Arrays.copyOf(length, larger);
    record = Arrays.copyOf(record, larger);
    shard = Arrays.copyOf(shard, larger);
    group = Arrays.copyOf(group, larger);
    stratum = Arrays.copyOf(stratum, larger);
  }

  /** How many records there are. */
  public int size() {
    return size;
  }

  /**
   * Writes the file.
   *
   * @param shards that rows name by number
   * @param groups that rows name by number
   */
  public void write(
      Storage storage, String path, List<Shard> shards, List<OrderHeader.Group> groups)
      throws IOException {
    int[][] ordered = ordered();
    List<OrderHeader.StratumRows> rows = new ArrayList<>();
    for (int s = 0; s < ordered.length; s++) {
      rows.add(new OrderHeader.StratumRows(strata.get(s), ordered[s].length));
    }
    try (Draft draft = storage.draft(StoragePath.folder(path))) {
      OutputStream out = new BufferedOutputStream(draft, 1 << 17);
      byte[] header = new OrderHeader(rows, shards, groups).bytes();
      out.write(ByteBuffer.allocate(2 * Integer.BYTES).putInt(MAGIC).putInt(header.length).array());
      out.write(header);
      out.write(checksum(header, header.length));
      writeRows(ordered, out);
      out.flush();
      draft.publish(path);
    }
  }

  private void writeRows(int[][] ordered, OutputStream out) throws IOException {
    byte[] bytes = new byte[CHUNK * ROW];
    ByteBuffer chunk = ByteBuffer.wrap(bytes);
    for (int[] rows : ordered) {
      for (int i : rows) {
        chunk.putLong(identity[i]).putLong(offset[i]);
        chunk.putInt(length[i]).putInt(record[i]).putInt(shard[i]).putInt(group[i]);
        if (!chunk.hasRemaining()) {
          flush(bytes, bytes.length, out);
          chunk.clear();
        }
      }
    }
    if (chunk.position() > 0) {
      flush(bytes, chunk.position(), out);
    }
  }

  private static void flush(byte[] rows, int n, OutputStream out) throws IOException {
    out.write(rows, 0, n);
    out.write(checksum(rows, n));
  }

  private static byte[] checksum(byte[] bytes, int n) {
    return ByteBuffer.allocate(Long.BYTES).putLong(HASHER.hashBytesToLong(bytes, 0, n)).array();
  }

  /** By stratum, which records it has, in their order. */
  private int[][] ordered() {
    int[] counts = new int[strata.size()];
    for (int i = 0; i < size; i++) {
      counts[stratum[i]]++;
    }
    int[][] ordered = new int[counts.length][];
    for (int s = 0; s < counts.length; s++) {
      ordered[s] = new int[counts[s]];
    }
    int[] filled = new int[counts.length];
    for (int i = 0; i < size; i++) {
      ordered[stratum[i]][filled[stratum[i]]++] = i;
    }
    UnsignedSort sort = new UnsignedSort();
    for (int[] rows : ordered) {
      long[] keys = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        keys[i] = key[rows[i]];
      }
      sort.sort(keys, rows, rows.length);
    }
    return ordered;
  }
}
