package dev.mixdown.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.tree.Json;
import java.io.IOException;

/** Records as JSON: snake_case keys, the kind first, nothing that is absent. */
final class RecordJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          // A later version may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private RecordJson() {}

  static ObjectNode tree(StoredRecord record) {
    ObjectNode node = Json.object().put("kind", record.recordKind().word());
    node.setAll(MAPPER.<ObjectNode>valueToTree(record));
    return node;
  }

  static byte[] bytes(StoredRecord record) {
    return Json.write(tree(record));
  }

  static String line(StoredRecord record) {
    return Json.line(tree(record));
  }

  static <T extends StoredRecord> T read(byte[] json, Class<T> type) throws IOException {
    return MAPPER.readValue(json, type);
  }

  static <T extends StoredRecord> T read(String json, Class<T> type)
      throws JsonProcessingException {
    return MAPPER.readValue(json, type);
  }
}
