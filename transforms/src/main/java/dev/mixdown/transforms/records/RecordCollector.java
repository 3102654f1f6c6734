package dev.mixdown.transforms.records;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.mixdown.configs.syntax.Numbers;
import dev.mixdown.recipes.checking.ShardFacts;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.Bound;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.index.IndexWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes a shard's records from whatever reads its format: checks their fields, counts them by
 * category and level, and passes them on to the index. Bad records become problems, or are left out
 * and kept aside.
 */
public final class RecordCollector implements RecordSink {
  /** Kinds of problems of one shard that are reported; the rest are counted. */
  static final int MOST_PROBLEMS = 20;

  /** The reason of bad records beyond that many kinds. */
  static final String OTHER_REASONS = "other reasons";

  private static final int MOST_CATEGORIES = 4096;
  private static final int MOST_LEVELS = 64;
  private static final int MOST_GROUPS = IndexReader.LEFT_OUT;
  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private final String path;
  private final InspectionSpec spec;
  private final IndexWriter index;
  private final RejectedRecords rejectedRecords;
  private final @Nullable RecordFacts facts;
  private final ValueDictionary categories = new ValueDictionary(MOST_CATEGORIES);
  private final ValueDictionary levels = new ValueDictionary(MOST_LEVELS);
  private final List<DataProblem> problems = new ArrayList<>();

  /** Why each of the problems is one. */
  private final List<String> reasons = new ArrayList<>();

  /** How many records are bad, by the reason: at most {@link #MOST_PROBLEMS} and all others. */
  private final Map<String, Long> alike = new TreeMap<>();

  private final Bound leastQuality;
  private final Bound leastDuration;
  private final Bound mostDuration;
  private final long[] filtered = new long[RecordFilter.REASONS.length];

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
  private long leftOut;
  private boolean typed;

  public RecordCollector(
      String path, InspectionSpec spec, IndexWriter index, RejectedRecords rejectedRecords) {
    this.path = path;
    this.spec = spec;
    this.index = index;
    this.rejectedRecords = rejectedRecords;
    this.facts = spec.requirements() == null ? null : new RecordFacts(spec, spec.requirements());
    this.leastQuality = new Bound(spec.filter().qualityThreshold());
    this.leastDuration = new Bound(spec.filter().minDuration());
    this.mostDuration = new Bound(spec.filter().maxDuration());
    Arrays.fill(groupMoreUnits, BigDecimal.ZERO);
  }

  /** The identity of a record, or of a field, by its bytes. */
  public static long identity(byte[] b, int from, int to) {
    return HASHER.hashBytesToLong(b, from, to - from);
  }

  @Override
  public long next() {
    return records + leftOut;
  }

  /** Notes that rows have values whose encoding follows their meaning. */
  public void noteTyped() {
    typed = true;
  }

  @Override
  public void text(long offset, byte[] b, int from, int to, FieldValues fields)
      throws IOException, BadShardException {
    String problem = problem(fields);
    if (problem != null) {
      reject(offset, b, from, to, problem);
      return;
    }
    if (isFiltered(fields)) {
      return;
    }
    long identity =
        fields.wants(FieldValues.IDENTITY) ? fieldIdentity(fields) : identity(b, from, to);
    add(spec.format().isSeekable() ? offset : -1, to - from, identity, fields);
  }

  /**
   * Takes a record that is not text.
   *
   * @param canonical its values in their canonical encoding
   */
  public void row(byte[] canonical, int length, FieldValues fields)
      throws IOException, BadShardException {
    String problem =
        length > RecordBuffer.MAX_RECORD
            ? "is larger than %d MiB".formatted(RecordBuffer.MAX_RECORD >> 20)
            : problem(fields);
    if (problem != null) {
      reject(-1, canonical, 0, 0, problem);
      return;
    }
    if (isFiltered(fields)) {
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
  private @Nullable String problem(FieldValues fields) {
    for (int slot = 0; slot < FieldValues.SLOTS; slot++) {
      if (fields.wants(slot) && !fields.has(slot)) {
        return "has no value in the field " + fields.shown(slot);
      }
    }
    if (fields.wants(FieldValues.UNIT) && !isNumber(fields, FieldValues.UNIT, true)) {
      return "has no number of at least 0, with at most %d digits, in the field %s"
          .formatted(Numbers.MOST_DIGITS, fields.shown(FieldValues.UNIT));
    }
    for (int slot = FieldValues.QUALITY; slot <= FieldValues.DURATION; slot++) {
      if (fields.wants(slot) && !isNumber(fields, slot, false)) {
        return "has no number, with at most %d digits, in the field %s"
            .formatted(Numbers.MOST_DIGITS, fields.shown(slot));
      }
    }
    return null;
  }

  private static boolean isNumber(FieldValues fields, int slot, boolean atLeast0) {
    byte[] b = fields.bytes(slot);
    int from = fields.from(slot);
    int to = fields.to(slot);
    if (to - from > 3 * Numbers.MOST_DIGITS) {
      return false;
    }
    boolean digits = to > from && to - from <= Numbers.MOST_DIGITS;
    for (int i = from; i < to && digits; i++) {
      digits = b[i] >= '0' && b[i] <= '9';
    }
    if (digits) {
      return true;
    }
    try {
      BigDecimal number = decimal(b, from, to);
      return (number.signum() >= 0 || !atLeast0)
          && number.precision() <= Numbers.MOST_DIGITS
          && Math.abs(number.scale()) <= Numbers.MOST_DIGITS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Leaves a good record out where a rule of the filter says so. */
  private boolean isFiltered(FieldValues fields) throws IOException, BadShardException {
    int reason = -1;
    if (fields.wants(FieldValues.QUALITY)
        && leastQuality.isAbove(
            fields.bytes(FieldValues.QUALITY),
            fields.from(FieldValues.QUALITY),
            fields.to(FieldValues.QUALITY))) {
      reason = 0;
    } else if (fields.wants(FieldValues.DURATION)) {
      byte[] b = fields.bytes(FieldValues.DURATION);
      int from = fields.from(FieldValues.DURATION);
      int to = fields.to(FieldValues.DURATION);
      reason = leastDuration.isAbove(b, from, to) ? 1 : mostDuration.isBelow(b, from, to) ? 2 : -1;
    }
    if (reason < 0) {
      return false;
    }
    checkCount();
    filtered[reason]++;
    leftOut++;
    index.add(-1, 0, 0, IndexReader.LEFT_OUT);
    return true;
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
    if (facts != null) {
      facts.add(next(), fields);
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

  /** Leaves a bad record out, or makes a problem of it. */
  @Override
  public void reject(long offset, byte[] b, int from, int to, String reason, String where)
      throws IOException, BadShardException {
    checkCount();
    DataProblem problem = new DataProblem(path, next(), offset, reason + where);
    boolean known = alike.containsKey(reason) || alike.size() < MOST_PROBLEMS;
    long alikeNow = alike.merge(known ? reason : OTHER_REASONS, 1L, Long::sum);
    if (spec.skipBad()) {
      rejectedRecords.add(problem, b, from, to);
      index.add(-1, 0, 0, IndexReader.LEFT_OUT);
    } else if (known && alikeNow == 1) {
      problems.add(problem);
      reasons.add(reason);
    }
    leftOut++;
  }

  /** A problem with the shard as a whole, together with those of its records so far. */
  @Override
  public BadShardException bad(String message) {
    List<DataProblem> all = found();
    all.add(new DataProblem(path, -1, -1, message));
    return new BadShardException(all);
  }

  /** The problems so far: each kind with its first record, and how many more there are of it. */
  private List<DataProblem> found() {
    List<DataProblem> found = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      DataProblem first = problems.get(i);
      long more = alike.getOrDefault(reasons.get(i), 1L) - 1;
      found.add(
          new DataProblem(
              first.path(),
              first.record(),
              first.offset(),
              more == 0
                  ? first.message()
                  : first.message() + "; so it is with %,d more records".formatted(more),
              more));
    }
    return found;
  }

  /** Ends the shard: stops here if it has bad records that may not be left out. */
  public void finish() throws BadShardException {
    if (problems.isEmpty()) {
      return;
    }
    if (alike.containsKey(OTHER_REASONS)) {
      long bad = alike.values().stream().mapToLong(Long::longValue).sum();
      throw bad("%,d records are bad in all".formatted(bad));
    }
    throw new BadShardException(found());
  }

  /** What the records have of what a recipe requires; empty where nothing was looked for. */
  public Optional<ShardFacts> facts() {
    return Optional.ofNullable(facts).map(RecordFacts::facts);
  }

  /** What was found, together with what only the reader of the bytes knows. */
  public Inspection inspection(String sha256, long bytes, double seconds) {
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
    Map<String, Long> byRule = new TreeMap<>();
    for (int reason = 0; reason < filtered.length; reason++) {
      if (filtered[reason] > 0) {
        byRule.put(RecordFilter.REASONS[reason], filtered[reason]);
      }
    }
    return new Inspection(
        sha256, bytes, records, new TreeMap<>(alike), byRule, typed, seconds, found);
  }
}
