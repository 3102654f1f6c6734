package dev.mixdown.transforms.shards;

import java.nio.charset.StandardCharsets;
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
 * <p>A row's encoding depends on its values and their names alone: not on the order of the columns,
 * on row groups, pages, encodings or compression, nor on whether a number was stored in 32 or 64
 * bits. Fields come in the order of their names. A field is its name, a zero, and a value: an i and
 * eight bytes for integers, a d and eight bytes for floating point, t or f, a b with a length and
 * the bytes for binary and text, braces around a group's fields. A null is left out.
 */
final class CanonicalRow extends RecordMaterializer<CanonicalRow> {
  private final FieldValues fields;
  private final GroupConverter root;
  private byte[] bytes = new byte[1 << 12];
  private byte[] scratch = new byte[1 << 12];
  private int length;

  /**
   * @param schema with its fields in the order of their names
   */
  CanonicalRow(MessageType schema, FieldValues fields) {
    this.fields = fields;
    this.root = new Group(schema, new byte[0], null, 0);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  @Override
  public CanonicalRow getCurrentRecord() {
    return this;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  private void put(byte[] value, int from, int size) {
    ensure(size);
    System.arraycopy(value, from, bytes, length, size);
    length += size;
  }

  private void put(char kind) {
    ensure(1);
    bytes[length++] = (byte) kind;
  }

  private void put(long value) {
    ensure(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
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
                ? new Value(name(field), this, i, parent == null ? slot(field.getName()) : -1)
                : new Group(field.asGroupType(), name(field), this, i);
      }
    }

    /** A value of a field begins here. All values of a field come together. */
    void begin(int field) {
      if (stretches == 0 || fieldOf[stretches - 1] != field) {
        inOrder &= stretches == 0 || fieldOf[stretches - 1] < field;
        fieldOf[stretches] = field;
        startOf[stretches++] = length;
      }
    }

    private void settle() {
      if (inOrder) {
        return;
      }
      int first = startOf[0];
      if (scratch.length < length - first) {
        scratch = new byte[(length - first) * 2];
      }
      int moved = 0;
      for (int field = 0; field < converters.length; field++) {
        for (int s = 0; s < stretches; s++) {
          if (fieldOf[s] == field) {
            int end = s + 1 < stretches ? startOf[s + 1] : length;
            System.arraycopy(bytes, startOf[s], scratch, moved, end - startOf[s]);
            moved += end - startOf[s];
          }
        }
      }
      System.arraycopy(scratch, 0, bytes, first, moved);
    }

    private int slot(String field) {
      for (int slot : fields.wanted()) {
        if (fields.name(slot).equals(field)) {
          return slot;
        }
      }
      return -1;
    }

    @Override
    public Converter getConverter(int field) {
      return converters[field];
    }

    @Override
    public void start() {
      if (parent == null) {
        length = 0;
        fields.clear();
      } else {
        parent.begin(place);
        put(name, 0, name.length);
        put('{');
      }
      stretches = 0;
      inOrder = true;
    }

    @Override
    public void end() {
      settle();
      if (parent != null) {
        put('}');
      }
    }
  }

  private final class Value extends PrimitiveConverter {
    private final byte[] name;
    private final Group parent;
    private final int place;
    private final int slot;

    Value(byte[] name, Group parent, int place, int slot) {
      this.name = name;
      this.parent = parent;
      this.place = place;
      this.slot = slot;
    }

    private void begin(char kind) {
      parent.begin(place);
      put(name, 0, name.length);
      put(kind);
    }

    private void text(String value) {
      if (slot >= 0) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        fields.set(slot, text, 0, text.length);
      }
    }

    @Override
    public void addBinary(Binary value) {
      byte[] content = value.getBytesUnsafe();
      begin('b');
      put((long) content.length);
      put(content, 0, content.length);
      if (slot >= 0 && content.length > 0) {
        // The buffer may be the reader's own and change with the next row: take a copy.
        fields.set(slot, content.clone(), 0, content.length);
      }
    }

    @Override
    public void addBoolean(boolean value) {
      begin(value ? 't' : 'f');
      text(String.valueOf(value));
    }

    @Override
    public void addInt(int value) {
      addLong(value);
    }

    @Override
    public void addLong(long value) {
      begin('i');
      put(value);
      if (slot >= 0) {
        text(String.valueOf(value));
      }
    }

    @Override
    public void addFloat(float value) {
      addDouble(value);
    }

    @Override
    public void addDouble(double value) {
      begin('d');
      put(Double.doubleToLongBits(value));
      if (slot >= 0) {
        text(String.valueOf(value));
      }
    }
  }
}
