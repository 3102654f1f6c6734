package dev.mixdown.transforms.formats;

import dev.mixdown.transforms.records.FieldValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns Parquet rows into their canonical encoding, into one buffer, without an object per row.
 *
 * <p>A row's encoding depends on the names of its values and on what they mean: not on the order of
 * the columns, on row groups, pages, encodings or compression, nor on the physical type in which a
 * number, a decimal or a moment was stored. Fields come in the order of their names. A field is its
 * name, a zero, and a value: an i and eight bytes for whole numbers, an n or N with the scale and
 * the digits for other decimals, a d and eight bytes for floating point, a T with seconds and
 * nanoseconds for moments, an h with nanoseconds for times of the day, t or f, a b with a length
 * and the bytes for binary and text, braces around a group's fields. A null is left out.
 */
final class CanonicalRow extends RecordMaterializer<CanonicalRow> {
  private final FieldValues fields;
  private final Group root;
  private final CanonicalBytes out = new CanonicalBytes();
  private boolean typed;

  /**
   * @param schema with its fields in the order of their names
   */
  CanonicalRow(MessageType schema, FieldValues fields) {
    this.fields = fields;
    this.root = new Group(schema, new byte[0], null, 0);
  }

  byte[] bytes() {
    return out.bytes();
  }

  int length() {
    return out.length();
  }

  /** Whether some column's values mean more than what is stored. */
  boolean isTyped() {
    return typed;
  }

  @Override
  public CanonicalRow getCurrentRecord() {
    return this;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private static byte[] name(Type type) {
    byte[] name = type.getName().getBytes(StandardCharsets.UTF_8);
    byte[] zeroEnded = Arrays.copyOf(name, name.length + 1);
    return zeroEnded;
  }

  /**
   * A group being encoded. Values come in the file's order of columns; where that is not the order
   * of their names, the stretches of the fields are moved when the group ends.
   */
  private final class Group extends GroupConverter {
    private final byte[] name;
    private final @Nullable Group parent;
    private final int place;
    private final Converter[] converters;

    /** By field, in the order of coming: which it is, and where its stretch begins. */
    private final int[] fieldOf;

    private final int[] startOf;
    private int stretches;
    private boolean inOrder;

    Group(GroupType type, byte[] name, @Nullable Group parent, int place) {
      this.name = name;
      this.parent = parent;
      this.place = place;
      converters = new Converter[type.getFieldCount()];
      fieldOf = new int[converters.length];
      startOf = new int[converters.length];
      for (int i = 0; i < converters.length; i++) {
        Type field = type.getType(i);
        converters[i] =
            field.isPrimitive()
                ? new Value(
                    field, this, i, parent == null ? fields.keySlots(field.getName()) : new int[0])
                : new Group(field.asGroupType(), name(field), this, i);
      }
    }

    /** A value of a field begins here. All values of a field come together. */
    void begin(int field) {
      if (stretches == 0 || fieldOf[stretches - 1] != field) {
        inOrder &= stretches == 0 || fieldOf[stretches - 1] < field;
        fieldOf[stretches] = field;
        startOf[stretches++] = out.length();
      }
    }

    @Override
    public Converter getConverter(int field) {
      return converters[field];
    }

    @Override
    public void start() {
      if (parent == null) {
        out.clear();
        fields.clear();
      } else {
        parent.begin(place);
        out.put(name, 0, name.length);
        out.put('{');
      }
      stretches = 0;
      inOrder = true;
    }

    @Override
    public void end() {
      if (!inOrder) {
        out.sort(fieldOf, startOf, stretches, converters.length);
      }
      if (parent != null) {
        out.put('}');
      }
    }
  }

  private final class Value extends PrimitiveConverter {
    private final byte[] name;
    private final Group parent;
    private final int place;
    private final int[] slots;
    private final ParquetMeaning meaning;

    Value(Type type, Group parent, int place, int[] slots) {
      this.name = name(type);
      this.parent = parent;
      this.place = place;
      this.slots = slots;
      this.meaning = ParquetMeaning.of(type.asPrimitiveType());
      typed |= !meaning.isAsStored();
    }

    private void begin() {
      parent.begin(place);
      out.put(name, 0, name.length);
    }

    private void text(String value) {
      byte[] text = value.getBytes(StandardCharsets.UTF_8);
      for (int slot : slots) {
        fields.set(slot, text, 0, text.length);
      }
    }

    @Override
    public void addBinary(Binary value) {
      byte[] content = value.getBytesUnsafe();
      if (meaning.kind() == ParquetMeaning.Kind.DECIMAL) {
        decimal(new BigInteger(content));
        return;
      }
      if (meaning.kind() == ParquetMeaning.Kind.TIMESTAMP && content.length == Int96.BYTES) {
        int96(Int96.of(ByteBuffer.wrap(content)));
        return;
      }
      begin();
      out.put('b');
      out.put((long) content.length);
      out.put(content, 0, content.length);
      if (slots.length > 0 && content.length > 0) {
        // The buffer may be the reader's own and change with the next row: take a copy.
        byte[] copy = content.clone();
        for (int slot : slots) {
          fields.set(slot, copy, 0, copy.length);
        }
      }
    }

    private void decimal(BigInteger unscaled) {
      begin();
      out.putDecimal(unscaled, meaning.scale());
      if (slots.length > 0) {
        decimalText(new BigDecimal(unscaled, meaning.scale()));
      }
    }

    private void decimalText(BigDecimal value) {
      text(value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString());
    }

    private void int96(Int96 moment) {
      begin();
      out.putTimestampOfDay(moment.epochDay(), moment.nanosOfDay());
      if (slots.length > 0) {
        text(moment.instant().toString());
      }
    }

    @Override
    public void addBoolean(boolean value) {
      begin();
      out.put(value ? 't' : 'f');
      if (slots.length > 0) {
        text(String.valueOf(value));
      }
    }

    @Override
    public void addInt(int value) {
      addLong(
          meaning.kind() == ParquetMeaning.Kind.UNSIGNED ? Integer.toUnsignedLong(value) : value);
    }

    @Override
    public void addLong(long value) {
      begin();
      switch (meaning.kind()) {
        case DECIMAL -> out.putDecimal(value, meaning.scale());
        case TIMESTAMP -> out.putTimestamp(value, meaning.perSecond());
        case TIME -> out.putTime(value, meaning.perSecond());
        case UNSIGNED -> {
          if (value >= 0) {
            out.putInteger(value);
          } else {
            out.putDecimal(new BigInteger(Long.toUnsignedString(value)), 0);
          }
        }
        case AS_STORED -> out.putInteger(value);
      }
      if (slots.length > 0) {
        longText(value);
      }
    }

    private void longText(long value) {
      switch (meaning.kind()) {
        case DECIMAL -> decimalText(BigDecimal.valueOf(value, meaning.scale()));
        case UNSIGNED -> text(Long.toUnsignedString(value));
        case TIMESTAMP -> {
          long second = meaning.perSecond();
          long nanos = Math.floorMod(value, second) * (1_000_000_000 / second);
          text(Instant.ofEpochSecond(Math.floorDiv(value, second), nanos).toString());
        }
        default -> text(String.valueOf(value));
      }
    }

    @Override
    public void addFloat(float value) {
      addDouble(value);
    }

    @Override
    public void addDouble(double value) {
      begin();
      out.put('d');
      out.put(Double.doubleToLongBits(value));
      if (slots.length > 0) {
        text(String.valueOf(value));
      }
    }
  }
}
