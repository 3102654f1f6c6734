package dev.mixdown.transforms.shards;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a shard's records from whatever reads its format: checks their fields, counts them by
 * category and level, and passes them on to the index. Bad records become problems, or are left out
 * and kept aside.
 */
final class RecordCollector {
  /** Kinds of problems of one shard that are told; the rest are counted. */
  static final int MOST_PROBLEMS = 20;

  private static final int MOST_CATEGORIES = 4096;
  private static final int MOST_LEVELS = 64;
  private static final int MOST_GROUPS = IndexReader.REJECTED;
  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private final String path;
  private final InspectionSpec spec;
  private final IndexWriter index;
  private final RejectedRecords rejectedRecords;
  private final ValueDictionary categories = new ValueDictionary(MOST_CATEGORIES);
  private final ValueDictionary levels = new ValueDictionary(MOST_LEVELS);
  private final List<DataProblem> problems = new ArrayList<>();

  /** How many records have a problem, by its message. */
  private final Map<String, Integer> alike = new HashMap<>();

  /** The group of (category, level), plus one; 0 where there is none yet. */
  private int[] groupOf = new int[MOST_LEVELS];

  private int groups;
  private int[] groupCategory = new int[16];
  private int[] groupLevel = new int[16];
  private long[] groupRecords = new long[16];
  private long[] groupBytes = new long[16];
  private long[] groupUnits = new long[16];

  /** Units beyond what a long holds exactly: fractions, and sums that ran over. */
  private BigDecimal[] groupMoreUnits = new BigDecimal[16];

  private long records;
  private long rejected;

  RecordCollector(
      String path, InspectionSpec spec, IndexWriter index, RejectedRecords rejectedRecords) {
    this.path = path;
    this.spec = spec;
    this.index = index;
    this.rejectedRecords = rejectedRecords;
    Arrays.fill(groupMoreUnits, BigDecimal.ZERO);
  }

  /** The identity of a record, or of a field, by its bytes. */
  static long identity(byte[] b, int from, int to) {
    return HASHER.hashBytesToLong(b, from, to - from);
  }

  /** How many records came so far, good and bad: the number of the next one. */
  long next() {
    return records + rejected;
  }

  /**
   * Takes a record in text.
   *
   * @param offset of its first byte
   */
  void text(long offset, byte[] b, int from, int to, FieldValues fields)
      throws IOException, BadShardException {
    String problem = problem(fields);
    if (problem != null) {
      reject(offset, b, from, to, problem);
      return;
    }
    long identity =
        fields.wants(FieldValues.IDENTITY) ? fieldIdentity(fields) : identity(b, from, to);
    add(spec.format().isSeekable() ? offset : -1, to - from, identity, fields);
  }

  /**
   * Takes a record that is no text.
   *
   * @param canonical its values in their canonical encoding
   */
  void row(byte[] canonical, int length, FieldValues fields) throws IOException, BadShardException {
    String problem =
        length > RecordBuffer.MAX_RECORD
            ? "is larger than %d MiB".formatted(RecordBuffer.MAX_RECORD >> 20)
            : problem(fields);
    if (problem != null) {
      reject(-1, canonical, 0, 0, problem);
      return;
    }
    long identity =
        fields.wants(FieldValues.IDENTITY) ? fieldIdentity(fields) : identity(canonical, 0, length);
    add(-1, length, identity, fields);
  }

  private static long fieldIdentity(FieldValues fields) {
    return identity(
        fields.bytes(FieldValues.IDENTITY),
        fields.from(FieldValues.IDENTITY),
        fields.to(FieldValues.IDENTITY));
  }

  /** What is wrong with a record's fields; null when nothing is. */
  private @org.jspecify.annotations.Nullable String problem(FieldValues fields) {
    for (int slot = 0; slot <= FieldValues.IDENTITY; slot++) {
      if (fields.wants(slot) && !fields.has(slot)) {
        return "has no value in the field " + fields.shown(slot);
      }
    }
    if (fields.wants(FieldValues.UNIT) && !isAmount(fields)) {
      return "has no number of at least 0 in the field " + fields.shown(FieldValues.UNIT);
    }
    return null;
  }

  private static boolean isAmount(FieldValues fields) {
    byte[] b = fields.bytes(FieldValues.UNIT);
    int from = fields.from(FieldValues.UNIT);
    int to = fields.to(FieldValues.UNIT);
    for (int i = from; i < to; i++) {
      if (b[i] < '0' || b[i] > '9') {
        try {
          BigDecimal amount = decimal(b, from, to);
          return amount.signum() >= 0
              && amount.precision() <= 100
              && Math.abs(amount.scale()) <= 100;
        } catch (NumberFormatException e) {
          return false;
        }
      }
    }
    return to > from;
  }

  private static BigDecimal decimal(byte[] b, int from, int to) {
    return new BigDecimal(new String(b, from, to - from, StandardCharsets.US_ASCII));
  }

  private void add(long offset, int length, long identity, FieldValues fields)
      throws IOException, BadShardException {
    checkCount();
    int group = group(fields);
    groupRecords[group]++;
    groupBytes[group] += length;
    if (fields.wants(FieldValues.UNIT)) {
      addUnits(group, fields);
    }
    records++;
    index.add(offset, length, identity, group);
  }

  private void checkCount() throws BadShardException {
    if (next() == Integer.MAX_VALUE) {
      throw bad("has more than %,d records; cut it into several".formatted(Integer.MAX_VALUE));
    }
  }

  private void addUnits(int group, FieldValues fields) {
    byte[] b = fields.bytes(FieldValues.UNIT);
    int from = fields.from(FieldValues.UNIT);
    int to = fields.to(FieldValues.UNIT);
    long value = 0;
    boolean digits = to - from <= 18;
    for (int i = from; i < to && digits; i++) {
      digits = b[i] >= '0' && b[i] <= '9';
      value = value * 10 + (b[i] - '0');
    }
    long sum = groupUnits[group] + value;
    if (digits && sum >= 0) {
      groupUnits[group] = sum;
    } else {
      groupMoreUnits[group] = groupMoreUnits[group].add(decimal(b, from, to));
    }
  }

  private int group(FieldValues fields) throws BadShardException {
    int category =
        fields.wants(FieldValues.CATEGORY)
            ? number(categories, MOST_CATEGORIES, FieldValues.CATEGORY, fields)
            : 0;
    int level =
        fields.wants(FieldValues.LEVEL)
            ? number(levels, MOST_LEVELS, FieldValues.LEVEL, fields)
            : 0;
    int key = category * MOST_LEVELS + level;
    if (key >= groupOf.length) {
      groupOf = Arrays.copyOf(groupOf, Math.max(key + 1, groupOf.length * 2));
    }
    if (groupOf[key] == 0) {
      if (groups == MOST_GROUPS) {
        throw bad("has more than %,d pairs of category and level".formatted(MOST_GROUPS));
      }
      if (groups == groupRecords.length) {
        growGroups();
      }
      groupCategory[groups] = category;
      groupLevel[groups] = level;
      groupOf[key] = ++groups;
    }
    return groupOf[key] - 1;
  }

  private void growGroups() {
    int length = groups * 2;
    groupCategory = Arrays.copyOf(groupCategory, length);
    groupLevel = Arrays.copyOf(groupLevel, length);
    groupRecords = Arrays.copyOf(groupRecords, length);
    groupBytes = Arrays.copyOf(groupBytes, length);
    groupUnits = Arrays.copyOf(groupUnits, length);
    groupMoreUnits = Arrays.copyOf(groupMoreUnits, length);
    Arrays.fill(groupMoreUnits, groups, length, BigDecimal.ZERO);
  }

  private int number(ValueDictionary values, int most, int slot, FieldValues fields)
      throws BadShardException {
    int number = values.number(fields.bytes(slot), fields.from(slot), fields.to(slot));
    if (number < 0) {
      throw bad(
          "the field %s has more than %,d different values; is it the right one?"
              .formatted(fields.shown(slot), most));
    }
    return number;
  }

  /** Leaves a record out, or makes a problem of it. */
  void reject(long offset, byte[] b, int from, int to, String message)
      throws IOException, BadShardException {
    checkCount();
    DataProblem problem = new DataProblem(path, next(), offset, message);
    if (spec.skipBad()) {
      rejectedRecords.add(problem, b, from, to);
      index.add(-1, 0, 0, IndexReader.REJECTED);
    } else {
      Integer known = alike.merge(message, 1, Integer::sum);
      if (known == 1 && problems.size() < MOST_PROBLEMS) {
        problems.add(problem);
      }
    }
    rejected++;
  }

  /** A problem with the shard as a whole, together with those of its records so far. */
  BadShardException bad(String message) {
    List<DataProblem> all = told();
    all.add(new DataProblem(path, -1, -1, message));
    return new BadShardException(all);
  }

  /** The problems so far: each kind with its first record, and how many more there are of it. */
  private List<DataProblem> told() {
    List<DataProblem> told = new ArrayList<>();
    for (DataProblem first : problems) {
      int more = alike.getOrDefault(first.message(), 1) - 1;
      told.add(
          more == 0
              ? first
              : new DataProblem(
                  first.path(),
                  first.record(),
                  first.offset(),
                  first.message() + "; so it is with %,d more records".formatted(more)));
    }
    return told;
  }

  /** Ends the shard: stops here if it has bad records that may not be left out. */
  void finish() throws BadShardException {
    if (alike.size() > problems.size()) {
      throw bad("%,d records are bad in all".formatted(rejected));
    }
    if (!problems.isEmpty()) {
      throw new BadShardException(told());
    }
  }

  /** What was found, together with what only the reader of the bytes knows. */
  Inspection inspection(String sha256, long bytes, double seconds) {
    List<Inspection.Group> found = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      found.add(
          new Inspection.Group(
              spec.categoryField() == null ? null : categories.value(groupCategory[g]),
              spec.levelField() == null ? null : levels.value(groupLevel[g]),
              groupRecords[g],
              groupBytes[g],
              groupMoreUnits[g].add(BigDecimal.valueOf(groupUnits[g]))));
    }
    return new Inspection(sha256, bytes, records, rejected, seconds, found);
  }
}
