package dev.mixdown.registry.events;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.mixdown.configs.repository.GitCheckout;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Events with every facet against OpenLineage's own schemas: those that it publishes at the URLs
 * that the events name, or those of a checkout whose {@code spec} folder OPENLINEAGE_SPEC names.
 * Skipped where there is neither.
 */
class EventSchemasTest {
  private static final String CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json";
  private static final UUID RUN = UUID.fromString("01941f29-7c00-7000-8000-000000000001");
  private static final Instant TIME = Instant.parse("2026-01-01T10:00:00.123456789Z");

  private static final EventSettings SETTINGS =
      EventSettings.from(
          Map.of(
              "OPENLINEAGE_NAMESPACE", "team", "OPENLINEAGE_PARENT_ID", "airflow/dag.task/" + RUN));

  private static RunEvents events() {
    return new RunEvents(
        SETTINGS,
        new RunEvents.Job(
            "prepare.pretraining",
            "PREPARE",
            Optional.of(
                new GitCheckout.State(
                    "0123456789abcdef",
                    Optional.of("main"),
                    Optional.of(URI.create("https://git.example/release"))))),
        RUN,
        "0.1.0");
  }

  private static List<JsonNode> all() {
    EventDataset input =
        EventDataset.at("s3://bucket/sets/roads/")
            .with("ab12", "jsonl", 10, 1000, 2, Map.of("id", "string"));
    EventDataset output =
        EventDataset.at("/out/pretraining/m1")
            .with("m1", "parquet", 20, 2000, 1, Map.of("position", "int64"));
    Event complete =
        events()
            .complete(
                TIME,
                List.of(input, EventDataset.at("obs://bucket")),
                List.of(output),
                Json.object().put("seed", 7));
    return List.of(
        Json.read(bytes(events().start(TIME))),
        Json.read(bytes(complete)),
        Json.read(bytes(events().fail(TIME, "a \"quoted\" reason"))));
  }

  private static byte[] bytes(Event event) {
    return event.json().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void names_are_those_of_the_specification() {
    JsonNode event = all().get(1);
    assertThat(event.at("/job/namespace").asText(), is("team"));
    assertThat(event.at("/inputs/0/namespace").asText(), is("s3://bucket"));
    assertThat(event.at("/inputs/0/name").asText(), is("sets/roads"));
    assertThat(event.at("/inputs/1/name").asText(), is("/"));
    assertThat(event.at("/outputs/0/namespace").asText(), is("file"));
    assertThat(event.at("/outputs/0/name").asText(), is("/out/pretraining/m1"));
    assertThat(event.at("/run/facets/parent/job/name").asText(), is("dag.task"));
    assertThat(
        event.at("/run/facets/mixdown_mix/_schemaURL").asText(),
        is(RunEvents.MIX_SCHEMA.toString()));
    assertThat(event.at("/job/facets/sourceCodeLocation/version").asText(), is("0123456789abcdef"));
  }

  @Test
  void events_and_their_facets_are_valid_by_the_published_schemas() throws Exception {
    TreeSet<String> urls = new TreeSet<>();
    all().forEach(event -> facets(event, urls));
    urls.remove(RunEvents.MIX_SCHEMA.toString());
    assertThat(urls.toString(), urls.size(), greaterThan(8));
    Map<String, String> schemas = new HashMap<>();
    schemas.put(CORE, published(CORE));
    for (String url : urls) {
      schemas.put(url, published(url));
    }
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(schemas)));
    JsonSchema core = factory.getSchema(SchemaLocation.of(CORE));
    ObjectNode broken = all().get(0).deepCopy();
    broken.remove("run");
    assertThat("a broken event is found", core.validate(broken), is(not(empty())));
    for (JsonNode event : all()) {
      assertThat(event.toString(), core.validate(event), is(empty()));
      check(event, factory);
    }
  }

  /** The URLs of the schemas of all facets below a node. */
  private static void facets(JsonNode node, Set<String> urls) {
    JsonNode url = node.get("_schemaURL");
    if (url != null) {
      urls.add(url.asText().replaceFirst("#.*", ""));
    }
    node.forEach(child -> facets(child, urls));
  }

  private static void check(JsonNode node, JsonSchemaFactory factory) {
    JsonNode url = node.get("_schemaURL");
    if (url != null && !url.asText().equals(RunEvents.MIX_SCHEMA.toString())) {
      JsonSchema schema = factory.getSchema(SchemaLocation.of(url.asText()));
      assertThat(node.toString(), schema.validate(node), is(empty()));
    }
    node.forEach(child -> check(child, factory));
  }

  private static String published(String url) throws IOException, InterruptedException {
    String checkout = System.getenv("OPENLINEAGE_SPEC");
    if (checkout != null) {
      String name = url.substring(url.lastIndexOf('/') + 1);
      Path file = Path.of(checkout).resolve(url.equals(CORE) ? name : "facets/" + name);
      // A checkout may be a revision of a facet ahead.
      return Files.readString(file)
          .replaceFirst("\"\\$id\": *\"[^\"]*\"", "\"\\$id\": \"" + url + "\"");
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString());
      Assumptions.assumeTrue(answer.statusCode() == 200, url + " answers " + answer.statusCode());
      return answer.body();
    } catch (IOException e) {
      Assumptions.abort("OpenLineage's schemas cannot be reached, and OPENLINEAGE_SPEC is not set");
      throw e;
    }
  }
}
