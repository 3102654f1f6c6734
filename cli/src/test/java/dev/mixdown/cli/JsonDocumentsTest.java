package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.cli.registry.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All tests check what commands print (see {@link Cli}); this one, that nothing is left out. */
final class JsonDocumentsTest {
  @TempDir Path folder;

  @Test
  void every_command_with_json_has_a_schema() {
    List<String> commands = JsonDocuments.commands();
    assertThat(commands.size(), greaterThan(25));
    List<String> without =
        commands.stream().filter(name -> Files.notExists(JsonDocuments.schema(name))).toList();
    assertThat(without, is(empty()));
  }

  @Test
  void a_document_with_another_key_is_refused() {
    assertThrows(
        AssertionError.class,
        () -> JsonDocuments.check(new String[] {"verify", "--json"}, "{\"total\": 5}"));
  }

  @Test
  void what_lies_beside_a_manifests_parts_is_as_its_schemas_say() throws Exception {
    Path out = folder.resolve("out");
    for (String stage : List.of("pretraining", "finetuning")) {
      Cli.Result result =
          new Cli(folder.resolve("workspace"))
              .run(
                  "prepare",
                  stage,
                  "--repo",
                  TestFiles.root().resolve("configs/demo"),
                  "--output",
                  out);
      assertThat(result.err(), result.code(), is(0));
      Schemas.checkManifest(out.resolve(stage));
    }
  }
}
