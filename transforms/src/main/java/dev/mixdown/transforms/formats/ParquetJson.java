package dev.mixdown.transforms.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.transforms.bytes.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Base64;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet row as JSON, for people: lists and maps without the groups that Parquet makes of them,
 * dates, times and decimals as they are written, bytes that are no text in Base64.
 */
final class ParquetJson {
  /** For people: bytes without a type that are text are shown so. */
  static final ParquetJson SHOWN = new ParquetJson(false);

  /** By types alone: bytes that the schema does not call text are Base64. */
  static final ParquetJson BY_TYPE = new ParquetJson(true);

  private final boolean byType;

  private ParquetJson(boolean byType) {
    this.byType = byType;
  }

  ObjectNode of(Group row) {
    ObjectNode json = Json.object();
    GroupType type = row.getType();
    for (int f = 0; f < type.getFieldCount(); f++) {
      json.set(type.getFieldName(f), field(row, f));
    }
    return json;
  }

  /** A field's value; null where it has none, a list where it is repeated. */
  JsonNode field(Group group, int f) {
    int values = group.getFieldRepetitionCount(f);
    Type type = group.getType().getType(f);
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      ArrayNode list = Json.array();
      for (int i = 0; i < values; i++) {
        list.add(value(group, f, i));
      }
      return list;
    }
    return values == 0 ? Json.tree(null) : value(group, f, 0);
  }

  private JsonNode value(Group group, int f, int i) {
    Type type = group.getType().getType(f);
    if (type.isPrimitive()) {
      return primitive(group, f, i, type.asPrimitiveType());
    }
    Group inner = group.getGroup(f, i);
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    if (meaning instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
      return list(inner);
    }
    if (meaning instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation) {
      return map(inner);
    }
    return of(inner);
  }

  /**
   * {@code list (LIST) { repeated group list { element } }}, or with the element itself repeated.
   */
  private JsonNode list(Group list) {
    if (list.getType().getFieldCount() != 1) {
      return of(list);
    }
    Type repeated = list.getType().getType(0);
    boolean wrapped = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
    if (!wrapped) {
      return field(list, 0);
    }
    ArrayNode elements = Json.array();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      elements.add(field(list.getGroup(0, i), 0));
    }
    return elements;
  }

  /** {@code map (MAP) { repeated group key_value { key; value } }}. */
  private JsonNode map(Group map) {
    if (map.getType().getFieldCount() != 1 || map.getType().getType(0).isPrimitive()) {
      return of(map);
    }
    ObjectNode json = Json.object();
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      JsonNode value = entry.getType().getFieldCount() > 1 ? field(entry, 1) : Json.tree(null);
      json.set(field(entry, 0).asText(), value);
    }
    return json;
  }

  private JsonNode primitive(Group group, int f, int i, PrimitiveType type) {
    ParquetMeaning meaning = ParquetMeaning.of(type);
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Json.tree(group.getBoolean(f, i));
      case FLOAT -> Json.tree(group.getFloat(f, i));
      case DOUBLE -> Json.tree(group.getDouble(f, i));
      case INT32 -> whole(group.getInteger(f, i), type, meaning);
      case INT64 -> whole(group.getLong(f, i), type, meaning);
      case INT96 -> Json.tree(Int96.of(group.getInt96(f, i).toByteBuffer()).instant().toString());
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(f, i).getBytes(), type, meaning);
    };
  }

  private static JsonNode whole(long number, PrimitiveType type, ParquetMeaning meaning) {
    if (type.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return Json.tree(LocalDate.ofEpochDay(number).toString());
    }
    return switch (meaning.kind()) {
      case AS_STORED -> Json.tree(number);
      case UNSIGNED ->
          type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32
              ? Json.tree(Integer.toUnsignedLong((int) number))
              : Json.tree(new BigInteger(Long.toUnsignedString(number)));
      case DECIMAL -> Json.tree(BigDecimal.valueOf(number, meaning.scale()));
      case TIMESTAMP ->
          Json.tree(
              Instant.ofEpochSecond(
                      Math.floorDiv(number, meaning.perSecond()),
                      Math.floorMod(number, meaning.perSecond())
                          * (1_000_000_000 / meaning.perSecond()))
                  .toString());
      case TIME ->
          Json.tree(
              LocalTime.ofNanoOfDay(number * (1_000_000_000 / meaning.perSecond())).toString());
    };
  }

  private JsonNode bytes(byte[] bytes, PrimitiveType type, ParquetMeaning meaning) {
    if (meaning.kind() == ParquetMeaning.Kind.DECIMAL) {
      return Json.tree(new BigDecimal(new BigInteger(bytes), meaning.scale()));
    }
    boolean text =
        byType
            ? isText(type.getLogicalTypeAnnotation())
            : Utf8.firstInvalid(bytes, 0, bytes.length) < 0;
    return Json.tree(
        text
            ? new String(bytes, StandardCharsets.UTF_8)
            : Base64.getEncoder().encodeToString(bytes));
  }

  private static boolean isText(@Nullable LogicalTypeAnnotation type) {
    return type instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
        || type instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
        || type instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
  }
}
