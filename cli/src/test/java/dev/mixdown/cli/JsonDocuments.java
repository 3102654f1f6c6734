package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** What commands print with {@code --json}, held against the schemas that Mixdown publishes. */
final class JsonDocuments {
  private static final String SCHEMAS = "cli/schemas/";

  /** Commands that print what others do. */
  private static final Map<String, String> LIKE =
      Map.of(
          "stage-activate", SCHEMAS + "stage-switch-stage",
          "stage-rollback", SCHEMAS + "stage-switch-stage",
          "stage-confirm", SCHEMAS + "stage-switch-stage",
          "training-append", "registry/schemas/training_info",
          "training-show", "registry/schemas/training_info");

  private JsonDocuments() {}

  /** Where the schema of a command's document lies. */
  static Path schema(String command) {
    return TestFiles.root().resolve(LIKE.getOrDefault(command, SCHEMAS + command) + ".schema.json");
  }

  /** The names of all commands that have an option {@code --json}. */
  static List<String> commands() {
    List<String> names = new ArrayList<>();
    add("", Mixdown.describedCommandLine(), names);
    return names;
  }

  private static void add(String name, CommandLine command, List<String> names) {
    if (command.getCommandSpec().findOption("--json") != null) {
      names.add(name);
    }
    command
        .getSubcommands()
        .forEach((word, sub) -> add(name.isEmpty() ? word : name + "-" + word, sub, names));
  }

  /** Checks what a command has printed, where it was asked for JSON. */
  static void check(String[] args, String out) {
    if (!List.of(args).contains("--json") || List.of(args).contains("--help") || out.isBlank()) {
      return;
    }
    JsonNode document = Json.read(out.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path file = schema(document.has("exit_code") ? "error" : name(args));
    try {
      JsonSchema schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
              .getSchema(Json.read(Files.readAllBytes(file)));
      assertThat(file + ": " + out, schema.validate(document), is(empty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(String[] args) {
    List<String> words = new ArrayList<>();
    CommandLine command = Mixdown.describedCommandLine();
    for (String arg : args) {
      CommandLine sub = command.getSubcommands().get(arg);
      if (sub == null) {
        break;
      }
      words.add(arg);
      command = sub;
    }
    return String.join("-", words);
  }
}
