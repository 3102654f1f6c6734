package dev.mixdown.transforms.content;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.records.ShardFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content identities, against a slow form of what records say made by Jackson. */
class ContentReaderTest {
  private static final ShardFormat JSONL =
      new ShardFormat(ShardFormat.Records.JSONL, ShardFormat.Compression.NONE);
  private static final ShardFormat CSV =
      new ShardFormat(ShardFormat.Records.CSV, ShardFormat.Compression.NONE);

  private static final ContentReader PLAIN = reader(JSONL, List.of(), false);

  @TempDir Path folder;

  private static ContentReader reader(ShardFormat format, List<String> fields, boolean normalise) {
    return new ContentReader(new ContentSpec(format, CsvOptions.DEFAULT, fields, normalise));
  }

  private static long identity(ContentReader reader, String json) {
    return reader.identity(json.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean same(String a, String b) {
    return identity(PLAIN, a) == identity(PLAIN, b);
  }

  /** What a value says, as nested text: slow, and by another way. */
  private static String says(JsonNode value, boolean normalise) {
    if (value.isNull()) {
      return "null";
    }
    if (value.isObject()) {
      Map<String, String> fields = new TreeMap<>();
      value
          .properties()
          .forEach(
              f -> {
                boolean absent =
                    f.getValue().isNull()
                        || (f.getValue().isTextual() && f.getValue().textValue().isEmpty());
                if (!absent) {
                  fields.put(f.getKey(), says(f.getValue(), normalise));
                }
              });
      return "{" + fields + "}";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(says(item, normalise)));
      return "[" + items + "]";
    }
    String text = value.asText();
    if (normalise) {
      text = Normalizer.normalize(text, Normalizer.Form.NFKC);
    }
    if (text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      BigDecimal number = new BigDecimal(text);
      text = number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }
    return "<" + text + ">";
  }

  private static final String[] SCALARS = {
    "1",
    "1.0",
    "1e0",
    "10",
    "1E+1",
    "\"1\"",
    "\"1.00\"",
    "0",
    "-0",
    "-0.0",
    "\"\"",
    "null",
    "true",
    "\"true\"",
    "false",
    "\"a\"",
    "\"a b\"",
    "\"\\u0061\"",
    "\"caf\\u00e9\"",
    "\"cafe\\u0301\"",
    "\"\uFF11\"",
    "\"007\"",
    "\"1 \"",
    "123456789012345678901234567890",
    "1.5e-7",
    "0.00000015",
    "\"2024-01-02T03:04:05Z\"",
    "\"NaN\"",
    "\"line\\nend\"",
    "\"\\ud83d\\ude00\"",
    "\"😀\"",
    "1234567890123.123456789012345",
    "1234567890123.1234567890123450",
    "1e60",
    "1e70",
    "10e69"
  };

  private static String value(Random random, int depth) {
    int kind = random.nextInt(depth > 2 ? 5 : 8);
    if (kind < 6) {
      return SCALARS[random.nextInt(SCALARS.length)];
    }
    StringBuilder text = new StringBuilder(kind == 6 ? "[" : "{");
    int n = random.nextInt(4);
    for (int i = 0; i < n; i++) {
      text.append(i == 0 ? "" : ",");
      if (kind == 7) {
        text.append('"').append((char) ('a' + i)).append("\":");
      }
      text.append(value(random, depth + 1));
    }
    return text.append(kind == 6 ? "]" : "}").toString();
  }

  private static String record(Random random) {
    int n = random.nextInt(4);
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      fields.add("\"" + (char) ('a' + i) + "\":" + value(random, 0));
    }
    return "{" + String.join(",", fields) + "}";
  }

  @Test
  void records_have_one_identity_exactly_where_they_say_the_same() throws Exception {
    for (boolean normalise : new boolean[] {false, true}) {
      ContentReader reader = reader(JSONL, List.of(), normalise);
      Random random = new Random(3);
      Map<String, Long> bySense = new HashMap<>();
      Map<Long, String> byIdentity = new HashMap<>();
      for (int i = 0; i < 60_000; i++) {
        String json = record(random);
        String sense = says(Json.value(json), normalise);
        long identity = identity(reader, json);
        Long before = bySense.putIfAbsent(sense, identity);
        assertThat(json, before == null ? identity : before, is(identity));
        assertThat(json, byIdentity.computeIfAbsent(identity, k -> sense), is(sense));
      }
    }
  }

  /** The same record with its keys in another order, and white space. */
  private static String reshuffled(JsonNode value, Random random) {
    String space = " ".repeat(random.nextInt(3)) + (random.nextBoolean() ? "\t" : "");
    if (value.isObject()) {
      List<String> fields = new ArrayList<>();
      value
          .properties()
          .forEach(
              f ->
                  fields.add(
                      space
                          + Json.tree(f.getKey())
                          + space
                          + ":"
                          + reshuffled(f.getValue(), random)));
      Collections.shuffle(fields, random);
      if (random.nextBoolean()) {
        fields.add(random.nextInt(fields.size() + 1), "\"zz\": null");
      }
      return "{" + String.join(",", fields) + space + "}";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(reshuffled(item, random)));
      return "[" + String.join(space + ",", items) + space + "]";
    }
    return space + value + space;
  }

  @Test
  void the_order_of_keys_white_space_and_absent_values_do_not_matter() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < 5_000; i++) {
      String json = record(random);
      ObjectNode parsed = (ObjectNode) Json.value(json);
      assertThat(json, same(json, reshuffled(parsed, random)), is(true));
    }
  }

  @Test
  void in_lists_null_and_empty_text_stay() {
    assertThat(same("{\"a\": [null]}", "{\"a\": []}"), is(false));
    assertThat(same("{\"a\": [\"\"]}", "{\"a\": []}"), is(false));
    assertThat(same("{\"a\": [null]}", "{\"a\": [\"\"]}"), is(false));
    assertThat(same("{\"a\": {\"b\": null}}", "{\"a\": {}}"), is(true));
    assertThat(same("{\"a\": {}}", "{}"), is(false));
  }

  @Test
  void only_the_fields_that_count_are_compared() {
    ContentReader reader = reader(JSONL, List.of("q"), false);
    assertThat(
        identity(reader, "{\"q\": \"x\", \"id\": 1}"),
        is(identity(reader, "{\"id\": 2, \"q\":\"x\"}")));
    assertThat(identity(reader, "{\"q\": \"x\"}"), is(not(identity(reader, "{\"q\": \"y\"}"))));
    // A field of the same name further inside counts with what it is in.
    assertThat(
        identity(reader, "{\"q\": {\"id\": 1}}"),
        is(not(identity(reader, "{\"q\": {\"id\": 2}}"))));
  }

  @Test
  void what_is_not_json_is_its_bytes() {
    for (String bad :
        List.of("{\"a\": 1", "{\"a\": 01}", "{a: 1}", "{\"a\": tru}", "{\"a\": \"\\x\"}")) {
      assertThat(bad, same(bad, bad), is(true));
      assertThat(bad, same(bad, bad + " "), is(false));
    }
  }

  @Test
  void a_row_of_csv_says_what_a_line_of_json_says() throws Exception {
    Path csv =
        Files.writeString(
            folder.resolve("a.csv"),
            "q,a,n\r\n\"say \"\"hi\"\", now\",x,1.50\r\n\"two\nlines\",,007\r\n");
    List<Long> identities = new ArrayList<>();
    Storage storage = Storage.of(Map.of());
    reader(CSV, List.of(), false)
        .read(
            storage,
            storage.stat(csv.toString()).orElseThrow(),
            (record, identity) -> identities.add(identity));
    assertThat(
        identities,
        is(
            List.of(
                identity(PLAIN, "{\"n\": 1.5, \"q\": \"say \\\"hi\\\", now\", \"a\": \"x\"}"),
                identity(PLAIN, "{\"q\": \"two\\nlines\", \"a\": null, \"n\": \"007\"}"))));
  }
}
