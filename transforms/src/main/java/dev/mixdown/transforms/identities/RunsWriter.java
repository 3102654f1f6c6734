package dev.mixdown.transforms.identities;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes runs of sorted identities, one for each group that has any: a group is a stratum of a
 * manifest, or all of a shard. Identities are hashes, so they lie evenly, and what a run takes is
 * near what any code could reach: of n random 64-bit numbers, 64 - log2(n) + 1.44 bits each.
 *
 * <p>The file, big-endian: a header, of magic (int), version (byte), bits of a record's number
 * (byte; 0 without them), bucket bits B (byte), how many groups (int), for each its number (int),
 * its different identities (long) and its Rice parameter k (byte), the bytes of each of the 2^B
 * buckets (int each), and the XXH3 of the header so far (long). Then the buckets: bucket b has the
 * identities whose highest B bits are b, and behind them the XXH3 of its bytes (long). In a bucket,
 * for each group: how many entries (gamma of one more), whether any is there more than once (a
 * bit), and the entries. An entry is how far its identity is from the one before, or from the
 * bucket's begin, in the Rice code of k; then the record's number, or, where the bit is set, how
 * often it is there (gamma).
 */
public final class RunsWriter {
  static final int MAGIC = 0x4D585231; // MXR1
  static final byte VERSION = 1;
  static final Hasher64 HASHER = Hashing.xxh3_64();

  /** Identities in a bucket, about: enough for its own bytes to count little. */
  private static final int PER_BUCKET = 2048;

  /** Identities of one group in a bucket, about, at least. */
  private static final int PER_GROUP = 64;

  /** ln 2: with a parameter of this part of the mean distance, the Rice code is shortest. */
  private static final double LN_2 = 0.6931471805599453;

  private final int recordBits;
  private final List<Group> groups = new ArrayList<>();
  private final UnsignedSort sort = new UnsignedSort();
  private long entries;

  /** One run, sorted. */
  private record Group(int number, long[] identities, int[] records, int n, long distinct) {}

  private RunsWriter(int recordBits) {
    this.recordBits = recordBits;
  }

  /** For identities and how often each is there. */
  public static RunsWriter counted() {
    return new RunsWriter(0);
  }

  /**
   * For identities with the number of the record that has each.
   *
   * @param records how many there are: every number is below it
   */
  public static RunsWriter numbered(long records) {
    return new RunsWriter(Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(records)));
  }

  /**
   * Adds a group's identities, in any order; they are sorted where they lie.
   *
   * @param number the group's; each next one is larger
   */
  public void add(int number, long[] identities, int n) {
    sort.sort(identities, n);
    add(new Group(number, identities, new int[0], n, distinct(identities, n)));
  }

  /** Adds a group's identities with the numbers of their records. */
  public void add(int number, long[] identities, int[] records, int n) {
    sort.sort(identities, records, n);
    add(new Group(number, identities, records, n, distinct(identities, n)));
  }

  private void add(Group group) {
    if (group.n() > 0) {
      groups.add(group);
      entries += recordBits > 0 ? group.n() : group.distinct();
    }
  }

  private static long distinct(long[] sorted, int n) {
    long distinct = n > 0 ? 1 : 0;
    for (int i = 1; i < n; i++) {
      distinct += sorted[i] == sorted[i - 1] ? 0 : 1;
    }
    return distinct;
  }

  /** The entries of all groups: with counts, their different identities. */
  public long entries() {
    return entries;
  }

  /** The file. */
  public byte[] bytes() {
    int bits = bucketBits();
    int buckets = 1 << bits;
    ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.min(1 << 28, entries * 7));
    ByteBuffer header =
        ByteBuffer.allocate(
            11 + groups.size() * (Integer.BYTES + Long.BYTES + 1) + buckets * 4 + Long.BYTES);
    header.putInt(MAGIC).put(VERSION).put((byte) recordBits).put((byte) bits);
    header.putInt(groups.size());
    for (Group group : groups) {
      header.putInt(group.number()).putLong(group.distinct()).put((byte) parameter(group));
    }
    int[] next = new int[groups.size()];
    BitWriter out = new BitWriter();
    for (int b = 0; b < buckets; b++) {
      for (int g = 0; g < next.length; g++) {
        next[g] = segment(groups.get(g), next[g], b, bits, out);
      }
      byte[] bucket = out.take();
      header.putInt(bucket.length);
      body.writeBytes(bucket);
      body.writeBytes(checksum(bucket, bucket.length));
    }
    header.put(checksum(header.array(), header.position()));
    return ByteBuffer.allocate(header.position() + body.size())
        .put(header.array(), 0, header.position())
        .put(body.toByteArray())
        .array();
  }

  private static byte[] checksum(byte[] bytes, int length) {
    return ByteBuffer.allocate(Long.BYTES)
        .putLong(HASHER.hashBytesToLong(bytes, 0, length))
        .array();
  }

  private int bucketBits() {
    long perBucket = Math.max(PER_BUCKET, (long) PER_GROUP * groups.size());
    long buckets = entries / perBucket;
    return buckets < 2 ? 0 : 63 - Long.numberOfLeadingZeros(buckets);
  }

  private static int parameter(Group group) {
    double mean = Math.pow(2, 64) / group.distinct();
    return (int) Math.max(0, Math.floor(Math.log(mean * LN_2) / LN_2));
  }

  /** The part of a group that lies in a bucket; where the next one begins. */
  private int segment(Group group, int from, int bucket, int bits, BitWriter out) {
    long[] identities = group.identities();
    int to = from;
    while (to < group.n() && highest(identities[to], bits) == bucket) {
      to++;
    }
    boolean numbered = recordBits > 0;
    int count = numbered ? to - from : 0;
    boolean repeated = false;
    for (int i = from; i < to && !numbered; i++) {
      boolean again = i > from && identities[i] == identities[i - 1];
      repeated |= again;
      count += again ? 0 : 1;
    }
    out.gamma(count + 1L);
    if (count == 0) {
      return to;
    }
    out.bits(repeated ? 1 : 0, 1);
    int k = parameter(group);
    long before = begin(bucket, bits);
    for (int i = from; i < to; ) {
      long identity = identities[i];
      long distance = identity - before;
      out.rice(distance, k);
      before = identity;
      if (numbered) {
        out.bits(group.records()[i++], recordBits);
        continue;
      }
      int first = i;
      while (i < to && identities[i] == identity) {
        i++;
      }
      if (repeated) {
        out.gamma(i - first);
      }
    }
    return to;
  }

  /** The highest bits of an identity. */
  static int highest(long identity, int bits) {
    return bits == 0 ? 0 : (int) (identity >>> (Long.SIZE - bits));
  }

  /** The lowest identity with some highest bits. */
  static long begin(int highest, int bits) {
    return bits == 0 ? 0 : (long) highest << (Long.SIZE - bits);
  }
}
