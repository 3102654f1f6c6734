package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Entries as JSON: snake_case keys, the kind first, nothing that is absent. */
final class EntryJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          // A later version may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** The version of the form of entries. Those before had none. */
  private static final int SCHEMA_VERSION = 1;

  /** The key of the digest. */
  static final String DIGEST = "content_sha256";

  private static final String DIGEST_IN_LINE = ",\"" + DIGEST + "\":\"";
  private static final String END_OF_LINE = "\"}\n";
  private static final int DIGEST_LENGTH = 64;

  private EntryJson() {}

  static ObjectNode tree(RegistryEntry entry) {
    ObjectNode node =
        Json.object().put("kind", entry.entryKind().word()).put("schema_version", SCHEMA_VERSION);
    node.setAll(MAPPER.<ObjectNode>valueToTree(entry));
    return node;
  }

  /** An entry's file: what it says, and last the digest of that. */
  static byte[] bytes(RegistryEntry entry) throws IOException {
    ObjectNode node = tree(entry);
    if (entry instanceof JobsEntry) {
      // Thousands of rows: what is read by programs only is written in one line, once.
      String content = Json.line(node);
      return (content.substring(0, content.length() - 1)
              + DIGEST_IN_LINE
              + Digests.sha256(content)
              + END_OF_LINE)
          .getBytes(StandardCharsets.UTF_8);
    }
    // As a reader will see it.
    return Json.write(node.put(DIGEST, digest(MAPPER.readTree(Json.write(node)))));
  }

  /** The digest of what an entry says: of its JSON in one line, without white space and itself. */
  private static String digest(JsonNode node) {
    ObjectNode content = Json.object();
    content.setAll((ObjectNode) node);
    content.remove(DIGEST);
    return Digests.sha256(Json.line(content));
  }

  /**
   * Whether a file says what was written. Those of earlier versions carry no digest, and are taken
   * at their word.
   *
   * @throws IOException with the reason why it is not an entry, or another than was written
   */
  static void check(byte[] json) throws IOException {
    if (isSoundLine(json)) {
      return;
    }
    JsonNode entry = MAPPER.readTree(json);
    if (!entry.isObject()) {
      throw new IOException("it is not a JSON object");
    }
    if (entry.has(DIGEST) && !entry.path(DIGEST).asText().equals(digest(entry))) {
      throw new IOException("its content is not what its digest says");
    }
  }

  /** Whether a file is in one line, with a digest that is the one of what stands before it. */
  private static boolean isSoundLine(byte[] json) {
    int end = DIGEST_IN_LINE.length() + DIGEST_LENGTH + END_OF_LINE.length();
    int length = json.length - end;
    if (length < 1 || json[0] != '{') {
      return false;
    }
    String digest = new String(json, length, end, StandardCharsets.UTF_8);
    if (!digest.startsWith(DIGEST_IN_LINE) || !digest.endsWith(END_OF_LINE)) {
      return false;
    }
    MessageDigest content = Digests.sha256();
    content.update(json, 0, length);
    content.update((byte) '}');
    return digest.startsWith(Digests.hex(content.digest()), DIGEST_IN_LINE.length());
  }

  static String line(RegistryEntry entry) {
    return Json.line(tree(entry));
  }

  static <T extends RegistryEntry> T read(byte[] json, Class<T> type) throws IOException {
    return MAPPER.readValue(json, type);
  }

  static <T extends RegistryEntry> T read(String json, Class<T> type)
      throws JsonProcessingException {
    return MAPPER.readValue(json, type);
  }
}
