package dev.mixdown.transforms.records;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a record's wanted fields, as ranges of bytes. The first {@link #SLOTS} are of keys
 * of a config: UTF-8 text, numbers in digits. Those behind them are of fields that a recipe
 * requires: of JSON and Parquet as JSON, of CSV as text.
 */
public final class FieldValues {
  static final int CATEGORY = 0;
  static final int LEVEL = 1;
  static final int UNIT = 2;
  static final int IDENTITY = 3;
  static final int QUALITY = 4;
  static final int DURATION = 5;
  public static final int SLOTS = 6;
  private static final List<String> KEYS =
      List.of(
          "category_field",
          "difficulty_field",
          "weight_unit",
          "identity_field",
          "quality_field",
          "duration_field");

  private final @Nullable String[] names;
  private final byte[][] bytes;
  private final int[] from;
  private final int[] to;

  public FieldValues(InspectionSpec spec) {
    List<@Nullable String> all = new ArrayList<>();
    all.add(spec.categoryField());
    all.add(spec.levelField());
    all.add(spec.unitField());
    all.add(spec.identityField());
    all.add(spec.filter().qualityField());
    all.add(spec.filter().durationField());
    if (spec.requirements() != null) {
      all.addAll(spec.requirements().fields());
    }
    names = all.toArray(new String[0]);
    bytes = new byte[names.length][0];
    from = new int[names.length];
    to = new int[names.length];
  }

  /** All slots, wanted or not. */
  public int slots() {
    return names.length;
  }

  /** The slots that are wanted. */
  public int[] wanted() {
    List<Integer> wanted = new ArrayList<>();
    for (int slot = 0; slot < names.length; slot++) {
      if (names[slot] != null) {
        wanted.add(slot);
      }
    }
    return wanted.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The fields that are wanted, each once: one field may serve several ends. */
  public List<String> fields() {
    return Arrays.stream(wanted()).mapToObj(this::name).distinct().toList();
  }

  /** The slots that a field's value goes to. */
  public int[] slots(String field) {
    return Arrays.stream(wanted()).filter(slot -> name(slot).equals(field)).toArray();
  }

  /** Those of keys of a config that a field's value goes to. */
  public int[] keySlots(String field) {
    return Arrays.stream(slots(field)).filter(slot -> slot < SLOTS).toArray();
  }

  boolean wants(int slot) {
    return names[slot] != null;
  }

  /** The field of a wanted slot. */
  public String name(int slot) {
    return java.util.Objects.requireNonNull(names[slot]);
  }

  /** What a user calls a slot's field: its name, and the key that names it. */
  public String shown(int slot) {
    return slot < SLOTS
        ? "\"%s\" (%s)".formatted(name(slot), KEYS.get(slot))
        : "\"%s\"".formatted(name(slot));
  }

  public void clear() {
    Arrays.fill(from, -1);
  }

  public void set(int slot, byte[] b, int start, int end) {
    bytes[slot] = b;
    from[slot] = start;
    to[slot] = end;
  }

  public boolean has(int slot) {
    return from[slot] >= 0;
  }

  public byte[] bytes(int slot) {
    return bytes[slot];
  }

  public int from(int slot) {
    return from[slot];
  }

  public int to(int slot) {
    return to[slot];
  }
}
