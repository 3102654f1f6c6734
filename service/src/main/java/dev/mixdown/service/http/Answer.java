package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An answer to a request.
 *
 * @param type its media type
 * @param etag what tells one content from another, where that is known beforehand
 */
public record Answer(
    int status, String type, byte[] body, Optional<String> etag, Map<String, String> headers) {
  /** The media type of JSON. */
  public static final String JSON = "application/json";

  /** The media type of pages. */
  public static final String HTML = "text/html; charset=utf-8";

  /** JSON: numbers that JSON does not have become null, with their text beside them. */
  public static Answer of(JsonNode json) {
    return new Answer(
        200,
        JSON,
        FiniteNumbers.in(json).toString().getBytes(StandardCharsets.UTF_8),
        Optional.empty(),
        Map.of());
  }

  /** Text of some media type. */
  public static Answer of(String type, String text) {
    return new Answer(200, type, text.getBytes(StandardCharsets.UTF_8), Optional.empty(), Map.of());
  }

  /** The same, with another status. */
  public Answer status(int other) {
    return new Answer(other, type, body, etag, headers);
  }

  /**
   * The same, of something whose content an id tells: a client that has it is answered 304.
   *
   * @param id letters, digits, dashes and dots
   */
  public Answer unchanging(String id) {
    return new Answer(status, type, body, Optional.of("\"" + id + "\""), headers);
  }

  /** The same, with a header. */
  public Answer header(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, type, body, etag, more);
  }
}
