package dev.mixdown.transforms.shards;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.DataRequirements.Shape;
import dev.mixdown.recipes.FieldType;
import dev.mixdown.recipes.checking.ShardFacts;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe requires is found in records of every format. */
class RequiredFieldsTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final DataRequirements REQUIREMENTS =
      new DataRequirements(
          List.of(
              new Shape(List.of("messages"), List.of(FieldType.MESSAGES)),
              new Shape(
                  List.of("prompt", "chosen", "rejected"),
                  List.of(FieldType.TEXT, FieldType.TEXT_OR_MESSAGES, FieldType.TEXT_OR_MESSAGES))),
          List.of("chosen", "rejected"),
          null);

  @TempDir Path folder;

  private ShardFacts facts(Path file) throws Exception {
    FileInfo info = STORAGE.stat(file.toString()).orElseThrow();
    ShardFormat format = ShardFormat.named(info.path(), Optional.empty()).format().orElseThrow();
    InspectionSpec plain = InspectionSpec.of(format, CsvOptions.DEFAULT, true, false);
    InspectionSpec spec = plain.requiring(REQUIREMENTS);
    assertThat(spec.digest(), is(not(plain.digest())));
    Workspace workspace = new Workspace(STORAGE, folder.resolve("ws").toString());
    Inspection inspection = new ShardInspector(workspace, ReadCounter.unseen()).inspect(info, spec);
    Inspection without = new ShardInspector(workspace, ReadCounter.unseen()).inspect(info, plain);
    // Looking closer changes nothing of what samples are made of.
    assertThat(
        Files.readAllBytes(Path.of(workspace.index(inspection.sha256(), spec))),
        is(Files.readAllBytes(Path.of(workspace.index(without.sha256(), plain)))));
    return FactsFile.read(STORAGE, workspace.facts(inspection.sha256(), spec)).orElseThrow();
  }

  private Path jsonl(List<? extends JsonNode> records) throws Exception {
    StringBuilder lines = new StringBuilder();
    records.forEach(record -> lines.append(Json.line(record)).append('\n'));
    return Files.writeString(folder.resolve("r.jsonl"), lines);
  }

  @Test
  void random_records_are_judged_as_a_slow_reader_judges_them() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 40; round++) {
      List<ObjectNode> records = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        records.add(record(random));
      }
      ShardFacts facts = facts(jsonl(records));
      Map<String, Long> present = new TreeMap<>();
      Map<String, List<Long>> failing = new TreeMap<>();
      Map<Long, Long> lengths = new TreeMap<>();
      REQUIREMENTS.fields().forEach(field -> present.put(field, 0L));
      for (int i = 0; i < records.size(); i++) {
        ObjectNode record = records.get(i);
        present.replaceAll((field, n) -> n + (has(record, field) ? 1 : 0));
        String problem = problem(record);
        if (problem.isEmpty()) {
          lengths.merge(length(record), 1L, Long::sum);
        } else {
          failing.computeIfAbsent(problem, p -> new ArrayList<>()).add((long) i);
        }
      }
      assertThat(new TreeMap<>(facts.present()), is(present));
      Map<String, List<Long>> found = new TreeMap<>();
      for (ShardFacts.Failing one : facts.failing()) {
        found.put(one.reason(), one.first());
        List<Long> expected = failing.getOrDefault(one.reason(), List.of());
        assertThat(one.reason() + records, one.count(), is((long) expected.size()));
      }
      failing.replaceAll((reason, all) -> all.subList(0, Math.min(10, all.size())));
      assertThat(found, is(failing));
      assertThat(facts.characters().values(), is(List.copyOf(lengths.keySet())));
      assertThat(facts.characters().counts(), is(List.copyOf(lengths.values())));
    }
  }

  private static ObjectNode record(Random random) {
    ObjectNode record = Json.object();
    for (String field : List.of("prompt", "chosen", "rejected", "messages", "other")) {
      switch (random.nextInt(field.equals("messages") ? 4 : 8)) {
        case 0 -> record.set(field, messages(random));
        case 1 ->
            record.put(
                field,
                List.of("", " \t\n", "é\"x\\n", "😀 text", "a\u0001b").get(random.nextInt(5)));
        case 2 -> {}
        case 3 ->
            record.set(
                field,
                List.of(Json.tree(null), Json.tree(5), Json.tree(true), Json.object())
                    .get(random.nextInt(4)));
        default -> record.put(field, "t".repeat(1 + random.nextInt(3)));
      }
    }
    return record;
  }

  private static ArrayNode messages(Random random) {
    ArrayNode list = Json.array();
    for (int i = random.nextInt(4); i > 0; i--) {
      ObjectNode message = list.addObject();
      if (random.nextInt(6) > 0) {
        message.put("role", "user");
      }
      switch (random.nextInt(8)) {
        case 0 -> {}
        case 1 -> message.putNull("content");
        case 2 -> message.put("content", " ");
        case 3 -> message.putArray("content").addObject().put("type", "text");
        default -> message.put("content", "häy");
      }
    }
    return list;
  }

  private static boolean has(ObjectNode record, String field) {
    return record.has(field) && !record.get(field).isNull();
  }

  /** As the specification reads, in the plainest way. */
  private static String problem(ObjectNode record) {
    List<String> three = List.of("prompt", "chosen", "rejected");
    long there = three.stream().filter(field -> has(record, field)).count();
    String chat =
        has(record, "messages") ? messagesProblem("messages", record.get("messages")) : "none";
    if (chat.isEmpty()) {
      return "";
    }
    if (there == 3) {
      String pair = pairProblem(record, three);
      return pair.isEmpty() || chat.equals("none") ? pair : chat;
    }
    if (!chat.equals("none")) {
      return chat;
    }
    return there == 0
        ? "has no \"messages\""
        : "has no "
            + String.join(
                " and no ",
                three.stream().filter(f -> !has(record, f)).map(f -> "\"" + f + "\"").toList());
  }

  private static String pairProblem(ObjectNode record, List<String> three) {
    for (String field : three) {
      JsonNode value = record.get(field);
      String problem =
          value.isArray() && !field.equals("prompt")
              ? messagesProblem(field, value)
              : textProblem(field, value);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return record.get("chosen").equals(record.get("rejected"))
        ? "\"chosen\" and \"rejected\" are the same"
        : "";
  }

  private static String textProblem(String field, JsonNode value) {
    if (value.isTextual()) {
      return value.asText().isBlank() ? "\"%s\" is empty".formatted(field) : "";
    }
    String kind =
        value.isArray()
            ? "a list"
            : value.isObject() ? "an object" : value.isBoolean() ? "true or false" : "a number";
    return "\"%s\" is %s; %s is expected"
        .formatted(
            field, kind, field.equals("prompt") ? "text" : "text, or a list of {role, content}");
  }

  private static String messagesProblem(String field, JsonNode value) {
    if (!value.isArray()) {
      String kind =
          value.isTextual()
              ? "text"
              : value.isObject() ? "an object" : value.isBoolean() ? "true or false" : "a number";
      return "\"%s\" is %s; a list of {role, content} is expected".formatted(field, kind);
    }
    for (int i = 0; i < value.size(); i++) {
      JsonNode message = value.get(i);
      JsonNode content = message.path("content");
      String lacks =
          !message.path("role").isTextual()
              ? "role"
              : content.isTextual() || content.isArray() ? "" : "content";
      if (!lacks.isEmpty()) {
        return "\"%s\" is no list of {role, content}: message %d has no %s that is text"
            .formatted(field, i, lacks);
      }
    }
    JsonNode last = value.isEmpty() ? value : value.get(value.size() - 1).path("content");
    return value.isEmpty()
        ? "\"%s\" is an empty list".formatted(field)
        : last.isTextual() && last.asText().isBlank()
            ? "\"%s\" ends with an empty message".formatted(field)
            : "";
  }

  private static long length(ObjectNode record) {
    if (has(record, "messages") && messagesProblem("messages", record.get("messages")).isEmpty()) {
      return characters(record.get("messages"));
    }
    return characters(record.get("prompt"))
        + Math.max(characters(record.get("chosen")), characters(record.get("rejected")));
  }

  private static long characters(JsonNode value) {
    if (value.isTextual()) {
      return value.asText().codePointCount(0, value.asText().length());
    }
    long sum = 0;
    for (JsonNode message : value) {
      sum += message.path("content").isTextual() ? characters(message.get("content")) : 0;
    }
    return sum;
  }

  @Test
  void parquet_and_csv_are_judged_as_json_lines_of_the_same_records() throws Exception {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message r {
              optional binary prompt (UTF8);
              optional binary rejected (UTF8);
              optional binary chosen (UTF8);
              optional int64 num_tokens;
              optional int32 other;
              optional group messages (LIST) { repeated group list { optional group element {
                optional binary role (UTF8); optional binary content (UTF8); } } }
            }""");
    Path parquet = folder.resolve("r.parquet");
    List<ObjectNode> all = new ArrayList<>();
    List<String> rows = new ArrayList<>(List.of("rejected,chosen,prompt,num_tokens"));
    List<ObjectNode> flat = new ArrayList<>();
    Random random = new Random(12);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(parquet))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (int i = 0; i < 300; i++) {
        Group group = new SimpleGroupFactory(schema).newGroup();
        ObjectNode record = Json.object();
        ObjectNode row = Json.object();
        List<String> cells = new ArrayList<>();
        for (String field : List.of("rejected", "chosen", "prompt")) {
          String text = List.of("same", "ü \"q\", 1", "other").get(random.nextInt(3));
          boolean there = random.nextInt(5) > 0;
          cells.add(there ? "\"" + text.replace("\"", "\"\"") + "\"" : "");
          if (there) {
            group.add(field, text);
            record.put(field, text);
            row.put(field, text);
          }
        }
        group.add("num_tokens", (long) i);
        record.put("num_tokens", i);
        row.put("num_tokens", i);
        cells.add(String.valueOf(i));
        if (random.nextInt(4) == 0) {
          Group list = group.addGroup("messages");
          ArrayNode messages = record.putArray("messages");
          for (int m = random.nextInt(3); m > 0; m--) {
            Group element = list.addGroup("list").addGroup("element");
            element.add("role", "user");
            element.add("content", "hé");
            messages.addObject().put("role", "user").put("content", "hé");
          }
        }
        writer.write(group);
        all.add(record);
        flat.add(row);
        rows.add(String.join(",", cells));
      }
    }
    assertThat(facts(parquet), is(facts(jsonl(all))));
    Path csv = Files.writeString(folder.resolve("r.csv"), String.join("\n", rows) + "\n");
    assertThat(facts(csv), is(facts(jsonl(flat))));
  }

  @Test
  void a_damaged_file_of_facts_is_as_if_there_were_none() throws Exception {
    Path file = folder.resolve("f.json");
    FactsFile.write(
        STORAGE, file.toString(), facts(jsonl(List.of(Json.object().put("prompt", "x")))));
    assertThat(FactsFile.read(STORAGE, file.toString()).isPresent(), is(true));
    Files.writeString(
        file, Files.readString(file).replace("prompt", "pr0mpt"), StandardCharsets.UTF_8);
    assertThat(FactsFile.read(STORAGE, file.toString()).isPresent(), is(false));
    assertThat(
        REQUIREMENTS.fields(),
        containsInAnyOrder("messages", "prompt", "chosen", "rejected", "num_tokens"));
  }
}
