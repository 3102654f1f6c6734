package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.service.http.Operation.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code openapi.yaml}: written by hand, and what the service holds requests against. An operation
 * that is not in it does not exist.
 */
public final class OpenApi {
  private static final String FILE = "/dev/mixdown/service/openapi.yaml";

  private final String text;
  private final JsonNode document;
  private final List<Operation> operations = new ArrayList<>();

  private OpenApi(String text) {
    this.text = text;
    Problems problems = new Problems(FILE);
    this.document =
        YamlTree.read(text, FILE, problems).map(node -> Json.tree(node.plain())).orElseThrow();
    problems.throwIfAny();
    JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(operation(path.getKey(), method.getKey(), method.getValue(), schemas));
      }
    }
    // Paths without parameters come before those that would match them too.
    operations.sort(
        Comparator.comparingInt((Operation o) -> o.path().contains("{") ? 1 : 0)
            .thenComparing(Operation::path)
            .thenComparing(Operation::method));
  }

  /** Reads the document that comes with the service. */
  public static OpenApi bundled() {
    try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream(FILE))) {
      return new OpenApi(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Operation operation(
      String path, String method, JsonNode node, JsonSchemaFactory schemas) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode written : node.path("parameters")) {
      JsonNode parameter = resolved(written);
      JsonNode schema = parameter.path("schema");
      parameters.add(
          new Parameter(
              parameter.path("name").asText(),
              parameter.path("in").asText(),
              parameter.path("required").asBoolean(),
              schema.path("type").asText(),
              Optional.ofNullable(schema.get("default")),
              schema(schema, schemas)));
    }
    JsonNode body =
        resolved(node.path("requestBody")).path("content").path(Answer.JSON).path("schema");
    String upper = method.toUpperCase(Locale.ROOT);
    return new Operation(
        node.path("operationId").asText(),
        upper,
        path,
        parameters,
        body.isMissingNode() ? Optional.empty() : Optional.of(schema(body, schemas)),
        !upper.equals("GET") && !node.path("x-reads").asBoolean());
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode ref = node.get("$ref");
    return ref == null ? node : document.at(ref.asText().substring(1));
  }

  /** A schema, with what it refers to. */
  private JsonSchema schema(JsonNode node, JsonSchemaFactory schemas) {
    ObjectNode whole = node.deepCopy();
    whole.set("components", document.path("components"));
    return schemas.getSchema(whole);
  }

  /** Its operations, those without parameters in their paths first. */
  public List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** The file. */
  public String text() {
    return text;
  }
}
