package dev.mixdown.transforms.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.DataRequirements.Shape;
import dev.mixdown.recipes.FieldType;
import dev.mixdown.recipes.checking.ShardFacts;
import dev.mixdown.transforms.bytes.ByteScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the records of a shard have of what a recipe requires. Text is looked at where it
 * lies; only lists of messages are parsed.
 */
final class RecordFacts {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> names;
  private final boolean csv;

  /** By shape: the fields' numbers among {@link #names}. */
  private final int[][] shapes;

  private final FieldType[][] types;

  /** The two fields that may not say the same; empty for none. */
  private final int[] different;

  private final int tokensField;
  private final long[] present;
  private final Map<String, Failing> failing = new LinkedHashMap<>();
  private final LengthCounts characters = new LengthCounts();
  private final LengthCounts tokens = new LengthCounts();
  private long records;

  /** How long the last value was that {@link #problem} looked at, in characters. */
  private long length;

  private static final class Failing {
    private long count;
    private final List<Long> first = new ArrayList<>();
  }

  RecordFacts(InspectionSpec spec, DataRequirements requirements) {
    names = requirements.fields();
    csv = spec.format().records() == ShardFormat.Records.CSV;
    shapes = new int[requirements.shapes().size()][];
    types = new FieldType[shapes.length][];
    for (int s = 0; s < shapes.length; s++) {
      Shape shape = requirements.shapes().get(s);
      shapes[s] = shape.names().stream().mapToInt(names::indexOf).toArray();
      types[s] = shape.types().toArray(FieldType[]::new);
    }
    different = requirements.different().stream().mapToInt(names::indexOf).toArray();
    tokensField = names.indexOf(DataRequirements.TOKENS);
    present = new long[names.size()];
  }

  /** Takes a record that is good otherwise. */
  void add(long record, FieldValues fields) {
    records++;
    for (int f = 0; f < present.length; f++) {
      if (has(fields, f)) {
        present[f]++;
      }
    }
    if (shapes.length == 0) {
      return;
    }
    String problem = problem(fields);
    if (problem == null) {
      if (has(fields, tokensField)) {
        long count = number(fields, tokensField);
        if (count >= 0) {
          tokens.add(count);
        }
      }
      return;
    }
    Failing kind = failing.computeIfAbsent(problem, reason -> new Failing());
    kind.count++;
    if (kind.first.size() < ShardFacts.MOST_NAMED) {
      kind.first.add(record);
    }
  }

  private static boolean has(FieldValues fields, int field) {
    return fields.has(FieldValues.SLOTS + field);
  }

  /**
   * What is wrong with a record; null where it has one of the shapes, and its length is counted.
   */
  private @Nullable String problem(FieldValues fields) {
    String first = null;
    for (int shape = 0; shape < shapes.length; shape++) {
      if (isWhole(shape, fields)) {
        String problem = problem(shape, fields);
        if (problem == null) {
          return null;
        }
        first = first == null ? problem : first;
      }
    }
    return first == null ? missing(nearestShape(fields), fields) : first;
  }

  private boolean isWhole(int shape, FieldValues fields) {
    for (int field : shapes[shape]) {
      if (!has(fields, field)) {
        return false;
      }
    }
    return true;
  }

  /** The shape of which most is there, and then least is not. */
  private int nearestShape(FieldValues fields) {
    int nearest = 0;
    int most = -1;
    int fewest = Integer.MAX_VALUE;
    for (int s = 0; s < shapes.length; s++) {
      int there = 0;
      for (int field : shapes[s]) {
        there += has(fields, field) ? 1 : 0;
      }
      int missing = shapes[s].length - there;
      if (there > most || (there == most && missing < fewest)) {
        nearest = s;
        most = there;
        fewest = missing;
      }
    }
    return nearest;
  }

  /** What is wrong with the fields of a whole shape; null where nothing is. */
  private @Nullable String problem(int shape, FieldValues fields) {
    long sum = 0;
    long longest = 0;
    int compared = 0;
    for (int i = 0; i < shapes[shape].length; i++) {
      int field = shapes[shape][i];
      String problem = problem(field, types[shape][i], fields);
      if (problem != null) {
        return problem;
      }
      if (isDifferent(field)) {
        // A sequence holds one of them.
        longest = Math.max(longest, length);
        compared++;
      } else {
        sum += length;
      }
    }
    if (compared == 2 && same(fields)) {
      return "\"%s\" and \"%s\" are the same"
          .formatted(names.get(different[0]), names.get(different[1]));
    }
    characters.add(sum + longest);
    return null;
  }

  private boolean isDifferent(int field) {
    return different.length == 2 && (different[0] == field || different[1] == field);
  }

  private String missing(int shape, FieldValues fields) {
    List<String> missing = new ArrayList<>();
    for (int field : shapes[shape]) {
      if (!has(fields, field)) {
        missing.add("\"" + names.get(field) + "\"");
      }
    }
    return "has no " + String.join(" and no ", missing);
  }

  private boolean same(FieldValues fields) {
    int a = FieldValues.SLOTS + different[0];
    int b = FieldValues.SLOTS + different[1];
    return Arrays.equals(
        fields.bytes(a),
        fields.from(a),
        fields.to(a),
        fields.bytes(b),
        fields.from(b),
        fields.to(b));
  }

  /** What is wrong with a value; null where nothing is, and then its length is known. */
  private @Nullable String problem(int field, FieldType type, FieldValues fields) {
    int slot = FieldValues.SLOTS + field;
    byte[] b = fields.bytes(slot);
    int from = fields.from(slot);
    int to = fields.to(slot);
    length = 0;
    boolean text = csv || b[from] == '"';
    if (text && type.takesText()) {
      boolean blank = csv ? text(b, from, to) : text(b, from + 1, to - 1);
      return blank && type != FieldType.ANY ? "\"%s\" is empty".formatted(names.get(field)) : null;
    }
    if (b[from] == '[' && type.takesMessages()) {
      String wrong = messages(b, from, to);
      return wrong == null || type == FieldType.ANY
          ? null
          : "\"%s\" %s".formatted(names.get(field), wrong);
    }
    if (type == FieldType.ANY || (type == FieldType.NUMBER && isNumber(b, from, to))) {
      return null;
    }
    return "\"%s\" is %s; %s is expected"
        .formatted(names.get(field), kind(b[from], text), type.title());
  }

  private static String kind(byte first, boolean text) {
    if (text) {
      return "text";
    }
    return switch (first) {
      case '[' -> "a list";
      case '{' -> "an object";
      case 't', 'f' -> "true or false";
      default -> "a number";
    };
  }

  /** Counts the characters of text; whether it is blank. Escapes of JSON are a character each. */
  private boolean text(byte[] b, int from, int to) {
    long more = 0;
    int i = ByteScan.special(b, from, to);
    while (i < to) {
      if (b[i] == '\\' && !csv) {
        boolean unicode = b[i + 1] == 'u';
        // The second half of a pair is no character of its own.
        boolean second = unicode && (b[i + 2] | 0x20) == 'd' && (b[i + 3] | 0x20) >= 'c';
        more += unicode ? (second ? 6 : 5) : 1;
        i += unicode ? 6 : 2;
      } else {
        // Bytes that go on with a character begin with the bits 10.
        more += (b[i] & 0xC0) == 0x80 ? 1 : 0;
        i++;
      }
      i = ByteScan.special(b, i, to);
    }
    length += to - from - more;
    return isBlank(b, from, to);
  }

  private boolean isBlank(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean escaped = b[i] == '\\' && !csv;
      if (escaped
          ? b[i + 1] != 'n' && b[i + 1] != 't' && b[i + 1] != 'r'
          : b[i] < 0 || b[i] > ' ') {
        return false;
      }
      i += escaped ? 1 : 0;
    }
    return true;
  }

  /** What is wrong with a list of messages; null where nothing is. */
  private @Nullable String messages(byte[] b, int from, int to) {
    try (JsonParser parser = JSON.createParser(b, from, to - from)) {
      parser.nextToken();
      int messages = 0;
      boolean blank = false;
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        boolean role = false;
        boolean content = false;
        blank = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          JsonToken token = parser.nextToken();
          if (key.equals("role")) {
            role = token == JsonToken.VALUE_STRING;
          } else if (key.equals("content")) {
            content = token == JsonToken.VALUE_STRING || token == JsonToken.START_ARRAY;
            if (token == JsonToken.VALUE_STRING) {
              String said = parser.getText();
              length += said.codePointCount(0, said.length());
              blank = said.isBlank();
            }
          }
          parser.skipChildren();
        }
        if (!role || !content) {
          return "is no list of {role, content}: message %d has no %s that is text"
              .formatted(messages, role ? "content" : "role");
        }
        messages++;
      }
      if (parser.currentToken() != JsonToken.END_ARRAY) {
        return "is no list of {role, content}: message %d is no object".formatted(messages);
      }
      return messages == 0 ? "is an empty list" : blank ? "ends with an empty message" : null;
    } catch (IOException e) {
      return "is no list of {role, content}";
    }
  }

  private static boolean isNumber(byte[] b, int from, int to) {
    byte first = b[from];
    return to > from && (first == '-' || (first >= '0' && first <= '9'));
  }

  /** A whole number of at least 0; -1 where the value is none. */
  private static long number(FieldValues fields, int field) {
    int slot = FieldValues.SLOTS + field;
    byte[] b = fields.bytes(slot);
    long number = 0;
    int from = fields.from(slot);
    int to = fields.to(slot);
    if (to - from > 15) {
      return -1;
    }
    for (int i = from; i < to; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return -1;
      }
      number = number * 10 + (b[i] - '0');
    }
    return number;
  }

  ShardFacts facts() {
    Map<String, Long> byName = new LinkedHashMap<>();
    for (int f = 0; f < present.length; f++) {
      byName.put(names.get(f), present[f]);
    }
    List<ShardFacts.Failing> all = new ArrayList<>();
    failing.forEach(
        (reason, kind) -> all.add(new ShardFacts.Failing(reason, kind.count, kind.first)));
    return new ShardFacts(records, byName, all, characters.lengths(), tokens.lengths());
  }
}
