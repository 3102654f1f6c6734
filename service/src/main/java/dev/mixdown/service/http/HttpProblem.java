package dev.mixdown.service.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.List;
import java.util.Map;

/** A request that is answered with an error, and why. */
public final class HttpProblem extends RuntimeException {
  private final int status;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers;

  /**
   * What is wrong with a part of a request.
   *
   * @param loc where: {@code body} or {@code query}, and the keys that lead to it
   * @param type of the fault, in a word
   */
  public record Fault(List<Object> loc, String message, String type) {
    ObjectNode json() {
      ObjectNode json = Json.object();
      json.set("loc", Json.tree(loc));
      return json.put("msg", message).put("type", type);
    }
  }

  private HttpProblem(int status, String message, List<Fault> faults, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.faults = List.copyOf(faults);
    this.headers = Map.copyOf(headers);
  }

  /** An error of a status. */
  public static HttpProblem of(int status, String message) {
    return new HttpProblem(status, message, List.of(), Map.of());
  }

  /** The same, with headers of the answer. */
  public static HttpProblem of(int status, String message, Map<String, String> headers) {
    return new HttpProblem(status, message, List.of(), headers);
  }

  /** Nothing is there. */
  public static HttpProblem notFound(String message) {
    return of(404, message);
  }

  /** A request of the right form that says something that cannot be. */
  public static HttpProblem invalid(List<Fault> faults) {
    return new HttpProblem(422, faults.get(0).message(), faults, Map.of());
  }

  /** One fault of a body. */
  public static HttpProblem invalid(String key, String message) {
    return invalid(List.of(new Fault(List.of("body", key), message, "value_error")));
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  List<Fault> faults() {
    return faults;
  }

  Map<String, String> headers() {
    return headers;
  }
}
