package dev.mixdown.configs.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/config-format.md are those of the schemas. After a change of a schema, {@code
 * mvn test -pl configs -Dtest=ConfigFormatTest -Dmixdown.write=true} writes them anew.
 */
class ConfigFormatTest {
  private static final Path ROOT = Path.of(System.getProperty("mixdown.root"));
  private static final Path GUIDE = ROOT.resolve("docs/config-format.md");
  private static final Pattern TABLE =
      Pattern.compile("(<!-- (\\w+)\\.schema\\.json -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  @Test
  void the_guides_tables_are_those_of_the_schemas() throws IOException {
    String guide = Files.readString(GUIDE);
    StringBuilder expected = new StringBuilder();
    Matcher tables = TABLE.matcher(guide);
    int found = 0;
    while (tables.find()) {
      tables.appendReplacement(
          expected,
          Matcher.quoteReplacement(tables.group(1) + table(tables.group(2)) + tables.group(3)));
      found++;
    }
    tables.appendTail(expected);
    if (Boolean.getBoolean("mixdown.write")) {
      Files.writeString(GUIDE, expected.toString());
    }
    assertThat(found, is(3));
    assertThat(Files.readString(GUIDE), is(expected.toString()));
  }

  private static String table(String schema) throws IOException {
    JsonNode root =
        new ObjectMapper()
            .readTree(ROOT.resolve("configs/schemas/" + schema + ".schema.json").toFile());
    List<String> rows = new ArrayList<>();
    properties(root, "", rows);
    return "\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
        + String.join("\n", rows)
        + "\n\n";
  }

  private static void properties(JsonNode object, String path, List<String> rows) {
    List<String> required = new ArrayList<>();
    object.path("required").forEach(key -> required.add(key.asText()));
    for (Map.Entry<String, JsonNode> property : object.path("properties").properties()) {
      if (property.getValue().has("$ref")) {
        // The same as another row.
        continue;
      }
      String key = path + property.getKey();
      row(key, property.getValue(), required.contains(property.getKey()), rows);
    }
    for (Map.Entry<String, JsonNode> pattern : object.path("patternProperties").properties()) {
      if (!pattern.getKey().startsWith("^x")) {
        row(
            path + (path.contains("variants") ? "VARIANT" : "STAGE"),
            pattern.getValue(),
            false,
            rows);
      }
    }
  }

  private static void row(String key, JsonNode value, boolean required, List<String> rows) {
    String standard =
        required ? "required" : value.has("default") ? "`" + text(value.get("default")) + "`" : "";
    rows.add(
        "| `%s` | %s | %s | %s |"
            .formatted(key, kind(value), standard, value.path("description").asText()));
    properties(value, key + ".", rows);
    if (value.has("items")) {
      JsonNode items = value.get("items");
      properties(items.has("anyOf") ? items.get("anyOf").get(0) : items, key + "[].", rows);
    }
  }

  private static String text(JsonNode value) {
    return value.isTextual()
        ? value.asText()
        : value.toString().replace("\"", "").replace(",", ", ");
  }

  private static String kind(JsonNode value) {
    if (value.has("enum")) {
      List<String> words = new ArrayList<>();
      value.get("enum").forEach(word -> words.add(word.isNull() ? "" : "`" + word.asText() + "`"));
      words.remove("");
      return String.join(", ", words);
    }
    JsonNode type = value.path("type");
    String name = type.isArray() ? type.get(0).asText() : type.asText();
    if (type.isArray() && type.size() > 2) {
      return "text or a number";
    }
    return switch (name) {
      case "string" -> "text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" ->
          value.path("items").path("type").asText().equals("string") ? "a list of text" : "a list";
      case "object" -> "an object";
      default -> "anything";
    };
  }
}
