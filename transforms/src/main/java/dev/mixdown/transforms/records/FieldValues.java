package dev.mixdown.transforms.records;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a record's wanted fields, as ranges of bytes: UTF-8 text, numbers in digits. */
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
  private final byte[][] bytes = new byte[SLOTS][0];
  private final int[] from = new int[SLOTS];
  private final int[] to = new int[SLOTS];

  public FieldValues(InspectionSpec spec) {
    names =
        new String[] {
          spec.categoryField(),
          spec.levelField(),
          spec.unitField(),
          spec.identityField(),
          spec.filter().qualityField(),
          spec.filter().durationField()
        };
  }

  /** The slots that are wanted. */
  public int[] wanted() {
    List<Integer> wanted = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
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

  boolean wants(int slot) {
    return names[slot] != null;
  }

  /** The field of a wanted slot. */
  public String name(int slot) {
    return java.util.Objects.requireNonNull(names[slot]);
  }

  /** What a user calls a slot's field: its name, and the key that names it. */
  public String shown(int slot) {
    return "\"%s\" (%s)".formatted(name(slot), KEYS.get(slot));
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
