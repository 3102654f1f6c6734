package dev.mixdown.transforms.formats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.transforms.records.FieldValues;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
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
 * Gives the values of the columns that a recipe requires, as JSON, beside the canonical encoding of
 * a row: each value is read once, and goes to both. Where nothing is required, rows pass as they
 * are.
 */
final class RequiredColumns extends RecordMaterializer<CanonicalRow> {
  private final FieldValues fields;
  private final CanonicalRow canonical;
  private final @Nullable GroupRecordConverter rows;
  private final GroupConverter root;

  /** By field of the schema: the slot of what is required; -1 for others. */
  private final int[] slots;

  /**
   * @param schema with its fields in the order of their names
   */
  RequiredColumns(MessageType schema, FieldValues fields, CanonicalRow canonical) {
    this.fields = fields;
    this.canonical = canonical;
    slots = new int[schema.getFieldCount()];
    boolean found = false;
    for (int f = 0; f < slots.length; f++) {
      slots[f] = -1;
      for (int slot : fields.slots(schema.getFieldName(f))) {
        slots[f] = slot >= FieldValues.SLOTS ? slot : slots[f];
      }
      found |= slots[f] >= 0;
    }
    rows = found ? new GroupRecordConverter(schema) : null;
    root =
        rows == null
            ? canonical.getRootConverter()
            : new BothGroups(
                schema,
                canonical.getRootConverter(),
                rows.getRootConverter(),
                field -> slots[field] >= 0);
  }

  @Override
  public CanonicalRow getCurrentRecord() {
    return canonical;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  /** Gives the values of the row that was read. */
  void setValues() {
    if (rows == null) {
      return;
    }
    Group row = rows.getCurrentRecord();
    for (int f = 0; f < slots.length; f++) {
      if (slots[f] >= 0) {
        JsonNode value = ParquetJson.SHOWN.field(row, f);
        if (!value.isNull()) {
          byte[] json = Json.line(value).getBytes(StandardCharsets.UTF_8);
          fields.set(slots[f], json, 0, json.length);
        }
      }
    }
  }

  private static Converter both(Type type, Converter first, Converter second) {
    return type.isPrimitive()
        ? new BothValues(first.asPrimitiveConverter(), second.asPrimitiveConverter())
        : new BothGroups(
            type.asGroupType(), first.asGroupConverter(), second.asGroupConverter(), field -> true);
  }

  /** A group whose fields go both ways, or only to the first. */
  private static final class BothGroups extends GroupConverter {
    private final GroupConverter first;
    private final GroupConverter second;
    private final Converter[] converters;

    /**
     * @param required which fields go both ways
     */
    BothGroups(GroupType type, GroupConverter first, GroupConverter second, IntPredicate required) {
      this.first = first;
      this.second = second;
      converters = new Converter[type.getFieldCount()];
      for (int f = 0; f < converters.length; f++) {
        converters[f] =
            required.test(f)
                ? both(type.getType(f), first.getConverter(f), second.getConverter(f))
                : first.getConverter(f);
      }
    }

    @Override
    public Converter getConverter(int field) {
      return converters[field];
    }

    @Override
    public void start() {
      first.start();
      second.start();
    }

    @Override
    public void end() {
      first.end();
      second.end();
    }
  }

  private static final class BothValues extends PrimitiveConverter {
    private final PrimitiveConverter first;
    private final PrimitiveConverter second;

    BothValues(PrimitiveConverter first, PrimitiveConverter second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void addBinary(Binary value) {
      first.addBinary(value);
      // The reader's buffer may change with the next value.
      second.addBinary(value.copy());
    }

    @Override
    public void addBoolean(boolean value) {
      first.addBoolean(value);
      second.addBoolean(value);
    }

    @Override
    public void addInt(int value) {
      first.addInt(value);
      second.addInt(value);
    }

    @Override
    public void addLong(long value) {
      first.addLong(value);
      second.addLong(value);
    }

    @Override
    public void addFloat(float value) {
      first.addFloat(value);
      second.addFloat(value);
    }

    @Override
    public void addDouble(double value) {
      first.addDouble(value);
      second.addDouble(value);
    }
  }
}
