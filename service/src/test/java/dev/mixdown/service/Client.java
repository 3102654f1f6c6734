package dev.mixdown.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.service.http.OpenApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Calls a service, and holds every answer against openapi.yaml. */
final class Client {
  private static final JsonNode API =
      Json.tree(
          YamlTree.read(OpenApi.bundled().text(), "openapi.yaml", new Problems())
              .orElseThrow()
              .plain());

  /** The operations that were called so far, by any client. */
  static final Set<String> CALLED = new TreeSet<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  Client(int port) {
    this.port = port;
  }

  /** An answer. */
  record Reply(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return Json.read(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String detail() {
      return json().path("detail").toString();
    }
  }

  Reply get(String path, String... headers) throws Exception {
    return call("GET", path, null, headers);
  }

  Reply post(String path, Object body, String... headers) throws Exception {
    return call("POST", path, body, headers);
  }

  Reply call(String method, String path, Object body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      if (Set.of(headers).stream().noneMatch(h -> h.equalsIgnoreCase("Content-Type"))) {
        request.header("Content-Type", "application/json");
      }
      String text = body instanceof String written ? written : Json.line(Json.tree(body));
      request.method(method, BodyPublishers.ofString(text));
    }
    HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
    Reply reply = new Reply(response.statusCode(), response);
    check(method, path, reply);
    return reply;
  }

  /** Holds an answer against the document; a status that the operation does not have fails too. */
  private static void check(String method, String path, Reply reply) throws IOException {
    String plain = path.replaceFirst("\\?.*", "");
    for (Map.Entry<String, JsonNode> one : API.path("paths").properties()) {
      JsonNode operation = one.getValue().get(method.toLowerCase(java.util.Locale.ROOT));
      if (operation == null || !matches(one.getKey(), plain)) {
        continue;
      }
      CALLED.add(operation.path("operationId").asText());
      if (reply.status() == 304
          || Set.of(401, 403, 413, 415, 429, 500, 503).contains(reply.status())) {
        if (reply.status() != 304) {
          hold(API.at("/components/schemas/Problem"), reply);
        }
        return;
      }
      JsonNode answer = operation.path("responses").get(String.valueOf(reply.status()));
      if (answer == null) {
        throw new AssertionError(
            method + " " + path + " is not to answer " + reply.status() + ": " + reply.text());
      }
      JsonNode ref = answer.get("$ref");
      JsonNode content = (ref == null ? answer : API.at(ref.asText().substring(1))).path("content");
      Map.Entry<String, JsonNode> type = content.properties().iterator().next();
      if (!reply.header("Content-Type").startsWith(type.getKey())) {
        throw new AssertionError(path + " has the type " + reply.header("Content-Type"));
      }
      if (type.getKey().endsWith("json")) {
        hold(type.getValue().path("schema"), reply);
      }
      return;
    }
  }

  private static boolean matches(String template, String path) {
    return path.matches(template.replaceAll("\\{[^}]+}", "[^/]+"))
        && (template.contains("{") || template.equals(path))
        && !(template.contains("{") && API.path("paths").has(path));
  }

  private static void hold(JsonNode schema, Reply reply) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", API.path("components"));
    Set<ValidationMessage> wrong =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(whole).validate(reply.json());
    if (!wrong.isEmpty()) {
      throw new AssertionError(wrong + "\n" + reply.text());
    }
  }
}
