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
  private int length;

  /**
   * @param schema with its fields in the order of their names
   */
  CanonicalRow(MessageType schema, FieldValues fields) {
    this.fields = fields;
    this.root = new Group(schema, new byte[0], true);
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

  private final class Group extends GroupConverter {
    private final byte[] name;
    private final boolean isRoot;
    private final Converter[] converters;

    Group(GroupType type, byte[] name, boolean isRoot) {
      this.name = name;
      this.isRoot = isRoot;
      converters = new Converter[type.getFieldCount()];
      for (int i = 0; i < converters.length; i++) {
        Type field = type.getType(i);
        converters[i] =
            field.isPrimitive()
                ? new Value(name(field), isRoot ? slot(field.getName()) : -1)
                : new Group(field.asGroupType(), name(field), false);
      }
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
      if (isRoot) {
        length = 0;
        fields.clear();
      } else {
        put(name, 0, name.length);
        put('{');
      }
    }

    @Override
    public void end() {
      if (!isRoot) {
        put('}');
      }
    }
  }

  private final class Value extends PrimitiveConverter {
    private final byte[] name;
    private final int slot;

    Value(byte[] name, int slot) {
      this.name = name;
      this.slot = slot;
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
      put(name, 0, name.length);
      put('b');
      put((long) content.length);
      put(content, 0, content.length);
      if (slot >= 0 && content.length > 0) {
        // The buffer may be the reader's own and change with the next row: take a copy.
        fields.set(slot, content.clone(), 0, content.length);
      }
    }

    @Override
    public void addBoolean(boolean value) {
      put(name, 0, name.length);
      put(value ? 't' : 'f');
      text(String.valueOf(value));
    }

    @Override
    public void addInt(int value) {
      addLong(value);
    }

    @Override
    public void addLong(long value) {
      put(name, 0, name.length);
      put('i');
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
      put(name, 0, name.length);
      put('d');
      put(Double.doubleToLongBits(value));
      if (slot >= 0) {
        text(String.valueOf(value));
      }
    }
  }
}
