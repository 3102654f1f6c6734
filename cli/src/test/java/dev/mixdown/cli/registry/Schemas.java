package dev.mixdown.cli.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Holds what was written against the schemas that mixdown publishes. */
public final class Schemas {
  private Schemas() {}

  private static JsonSchema schema(String name) throws IOException {
    Path file = TestFiles.root().resolve("registry/schemas/" + name + ".schema.json");
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
        .getSchema(Json.read(Files.readAllBytes(file)));
  }

  /** Every record of a store, every event's own facet, and how many records there are. */
  public static int check(Path store) throws IOException {
    int checked = 0;
    for (String folder :
        List.of("versions", "runs", "manifests", "trainings", "recipes", "jobs", "calls")) {
      for (Path file : files(store.resolve(folder))) {
        JsonNode record = Json.read(Files.readAllBytes(file));
        String name = record.get("kind").asText();
        valid(file, record, schema(name));
        assertThat(file.getFileName().toString(), is(record.get("id").asText() + ".json"));
        checked++;
      }
    }
    for (Path file : files(store.resolve("events"))) {
      JsonNode facet =
          Json.read(Files.readAllBytes(file)).path("run").path("facets").get("mixdown_mix");
      if (facet != null) {
        valid(file, facet, schema("MixRunFacet"));
      }
    }
    assertThat(checked, greaterThan(0));
    return checked;
  }

  /** A training history. */
  public static void checkHistory(Path file) throws IOException {
    valid(file, Json.read(Files.readAllBytes(file)), schema("training_info"));
  }

  /** The documents of a stage's current manifest. */
  public static void checkManifest(Path stageFolder) throws IOException {
    Path current = stageFolder.resolve("current.json");
    JsonNode which = Json.read(Files.readAllBytes(current));
    valid(current, which, schema("documents/current"));
    Path folder = stageFolder.resolve(which.get("manifest_id").asText());
    for (String name : List.of("manifest", "load_stats", "lineage", "uses")) {
      Path file = folder.resolve(name + ".json");
      valid(file, Json.read(Files.readAllBytes(file)), schema("documents/" + name));
    }
    checkHistory(folder.resolve("training_info.json"));
  }

  private static void valid(Path file, JsonNode document, JsonSchema schema) {
    assertThat(file.toString(), schema.validate(document), is(empty()));
  }

  /** The JSON files of a folder, by name. */
  public static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
