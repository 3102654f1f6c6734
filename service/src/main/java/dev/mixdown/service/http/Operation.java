package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.List;
import java.util.Optional;

/**
 * One operation of {@code openapi.yaml}.
 *
 * @param method in upper case
 * @param path with its parameters in braces
 * @param body what its body has to be; empty where it takes none
 * @param writes whether it changes something
 */
public record Operation(
    String id,
    String method,
    String path,
    List<Parameter> parameters,
    Optional<JsonSchema> body,
    boolean writes) {
  /**
   * One parameter.
   *
   * @param in {@code path} or {@code query}
   * @param type {@code string}, {@code integer} or {@code boolean}
   * @param usual its default; empty where it has none
   */
  public record Parameter(
      String name,
      String in,
      boolean required,
      String type,
      Optional<JsonNode> usual,
      JsonSchema schema) {}
}
