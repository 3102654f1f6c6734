package dev.mixdown.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.service.http.HttpProblem.Fault;
import dev.mixdown.service.http.Operation.Parameter;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that its operation allows: every value has its type, and is where it has to be.
 *
 * @param caller who asks: the name of a token, or {@link #LOCAL}
 * @param values of parameters; defaults are in it
 * @param body an empty object where the operation takes none
 */
public record Request(
    Context context, String caller, Map<String, JsonNode> values, ObjectNode body) {
  /** Who asks a service that wants no token. */
  public static final String LOCAL = "local";

  /** Longer bodies are refused, in bytes. */
  public static final int LONGEST_BODY = 1 << 20;

  /** How deep the JSON of a body may be. */
  private static final int DEEPEST = 100;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /**
   * Reads a request.
   *
   * @throws HttpProblem when it is not what the operation takes
   */
  public static Request of(Context context, String caller, Operation operation) {
    Map<String, JsonNode> values = new HashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Parameter parameter : operation.parameters()) {
      read(context, parameter, values, faults);
    }
    ObjectNode body = Json.object();
    if (operation.body().isPresent()) {
      body = body(context, operation.body().get(), faults);
    }
    if (!faults.isEmpty()) {
      throw HttpProblem.invalid(faults);
    }
    return new Request(context, caller, values, body);
  }

  private static void read(
      Context context, Parameter parameter, Map<String, JsonNode> values, List<Fault> faults) {
    boolean inPath = parameter.in().equals("path");
    String text =
        inPath ? context.pathParam(parameter.name()) : context.queryParam(parameter.name());
    if (text == null || (text.isEmpty() && !parameter.required())) {
      parameter.usual().ifPresent(usual -> values.put(parameter.name(), usual));
      if (parameter.required()) {
        faults.add(new Fault(List.of("query", parameter.name()), "this is required", "missing"));
      }
      return;
    }
    JsonNode value = value(text, parameter.type());
    values.put(parameter.name(), value);
    check(parameter.schema(), value, List.of(parameter.in(), parameter.name()), faults);
  }

  /** A text as its type; one that is not of its type stays text, and is refused. */
  private static JsonNode value(String text, String type) {
    if (type.equals("integer") && text.matches("-?\\d{1,18}")) {
      return Json.tree(Long.parseLong(text));
    }
    if (type.equals("boolean") && (text.equals("true") || text.equals("false"))) {
      return Json.tree(text.equals("true"));
    }
    return Json.tree(text);
  }

  private static ObjectNode body(Context context, JsonSchema schema, List<Fault> faults) {
    JsonNode body;
    try {
      body = MAPPER.readTree(bytes(context));
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      faults.add(new Fault(List.of("body"), e.getOriginalMessage() + where, "json_invalid"));
      return Json.object();
    } catch (IOException e) {
      throw HttpProblem.of(400, "the body could not be read");
    }
    check(schema, body, List.of("body"), faults);
    return body instanceof ObjectNode object ? object : Json.object();
  }

  private static byte[] bytes(Context context) throws IOException {
    byte[] bytes = context.bodyInputStream().readNBytes(LONGEST_BODY + 1);
    if (bytes.length > LONGEST_BODY) {
      throw HttpProblem.of(413, "the body has more than %,d bytes".formatted(LONGEST_BODY));
    }
    return bytes;
  }

  private static void check(
      JsonSchema schema, JsonNode value, List<Object> loc, List<Fault> faults) {
    for (ValidationMessage message : schema.validate(value)) {
      List<Object> at = new ArrayList<>(loc);
      for (int i = 0; i < message.getInstanceLocation().getNameCount(); i++) {
        at.add(message.getInstanceLocation().getElement(i));
      }
      if (message.getProperty() != null && message.getType().equals("required")) {
        at.add(message.getProperty());
      }
      faults.add(
          new Fault(
              at,
              message.getMessage().replaceFirst("^[^:]*: ", ""),
              message.getType().equals("required") ? "missing" : message.getType()));
    }
  }

  /** A parameter. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(JsonNode::asText);
  }

  /** A parameter that is there: it is in the path, required, or has a default. */
  public String value(String name) {
    return text(name).orElseThrow();
  }

  /** A number that is there. */
  public long number(String name) {
    return Optional.ofNullable(values.get(name)).orElseThrow().asLong();
  }

  /** A text of the body; empty where it is absent, null or blank. */
  public Optional<String> said(String key) {
    return Optional.ofNullable(body.get(key))
        .filter(value -> !value.isNull())
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  /** A number of the body. */
  public long said(String key, long usual) {
    JsonNode value = body.get(key);
    return value == null || value.isNull() ? usual : value.asLong();
  }

  /** An object of the body; an empty one where it is absent or null. */
  public ObjectNode object(String key) {
    return body.get(key) instanceof ObjectNode object ? object : Json.object();
  }
}
