package dev.mixdown.registry.events;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where events go, and what they say of the scheduler that started this process. These are
 * OpenLineage's own environment variables, so that mixdown finds what a scheduler has set already.
 *
 * @param endpoint where events are posted to; empty for files only
 * @param apiKey the bearer token of the endpoint; it is in no output
 * @param namespace of mixdown's jobs
 * @param parent the scheduler's run, which this one is part of
 */
public record EventSettings(
    Optional<URI> endpoint, Optional<String> apiKey, String namespace, Optional<Parent> parent) {
  private static final String DEFAULT_PATH = "api/v1/lineage";

  /** A run of a scheduler. */
  public record Parent(String namespace, String job, UUID run) {}

  /**
   * Reads {@code OPENLINEAGE_URL}, {@code OPENLINEAGE_ENDPOINT}, {@code OPENLINEAGE_API_KEY},
   * {@code OPENLINEAGE_NAMESPACE} and {@code OPENLINEAGE_PARENT_ID} (namespace, job and run id,
   * with slashes between them). A parent that is none is left out: it is not worth a run.
   *
   * @throws IllegalArgumentException when the URL is none
   */
  public static EventSettings from(Map<String, String> environment) {
    return new EventSettings(
        text(environment, "OPENLINEAGE_URL").map(url -> endpoint(url, environment)),
        text(environment, "OPENLINEAGE_API_KEY"),
        text(environment, "OPENLINEAGE_NAMESPACE").orElse("mixdown"),
        text(environment, "OPENLINEAGE_PARENT_ID").flatMap(EventSettings::parent));
  }

  /** Without the key, and without a password that the endpoint may have. */
  @Override
  public String toString() {
    return "EventSettings[endpoint=%s, namespace=%s, parent=%s]"
        .formatted(endpoint.map(URI::getHost), namespace, parent);
  }

  private static Optional<String> text(Map<String, String> environment, String key) {
    return Optional.ofNullable(environment.get(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static URI endpoint(String url, Map<String, String> environment) {
    String path = text(environment, "OPENLINEAGE_ENDPOINT").orElse(DEFAULT_PATH);
    URI uri;
    try {
      uri = URI.create(url.replaceAll("/+$", "") + "/" + path.replaceAll("^/+", ""));
    } catch (IllegalArgumentException e) {
      throw notUrl();
    }
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      throw notUrl();
    }
    return uri;
  }

  /** The value may have a password in it, and is not repeated. */
  private static IllegalArgumentException notUrl() {
    return new IllegalArgumentException(
        "OPENLINEAGE_URL is not a URL; one as http://host:5000 is expected");
  }

  private static Optional<Parent> parent(String id) {
    int last = id.lastIndexOf('/');
    int first = id.lastIndexOf('/', last - 1);
    if (first <= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Parent(
              id.substring(0, first),
              id.substring(first + 1, last),
              UUID.fromString(id.substring(last + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
