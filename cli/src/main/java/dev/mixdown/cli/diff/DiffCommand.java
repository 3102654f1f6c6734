package dev.mixdown.cli.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.diff.JobOperands;
import dev.mixdown.pipelines.diff.ManifestOverlap;
import dev.mixdown.pipelines.diff.Operands;
import dev.mixdown.recipes.diff.ConfigDiff;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.recipes.diff.ImportanceTable;
import dev.mixdown.recipes.diff.Patch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Shows what differs between two configs. */
@Command(
    name = "diff",
    description = {
      "Show what differs between two configs, recipes, jobs or manifests; what matters most comes"
          + " first.",
      "",
      "A and B are files (JSON or YAML), recipe:ID[@VERSION], job:UUID, or manifests: a folder, an id"
          + " or a manifest.json. Of a job, its columns and its config are compared (where both say a"
          + " value, the column counts), and the manifest that it followed."
    },
    footer = {"", "Exit codes: 0 equal, 1 different, 2 wrong usage or input; as diff has them."},
    sortOptions = false)
public final class DiffCommand extends JsonCommand {
  /** As diff and git have it, and unlike other commands. */
  private static final int DIFFERENT = 1;

  @Parameters(index = "0", paramLabel = "A", description = "The one.")
  private String a = "";

  @Parameters(index = "1", paramLabel = "B", description = "The other.")
  private String b = "";

  /** The forms of the report. */
  enum Format {
    TEXT,
    PATCH,
    MARKDOWN
  }

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description =
          "text, markdown, or patch: the operations that make B of A (RFC 6902), with nothing"
              + " masked (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--importance",
      paramLabel = "FILE",
      description = "A table that adds to the one of which parameters matter how much.")
  private @Nullable String importance;

  @Option(
      names = "--all",
      description = "Also created_at, cloned_at and output_path, which are ignored otherwise.")
  private boolean all;

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() {
    try {
      return compare();
    } catch (ParameterException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Whatever is wrong must not look like a difference.
      Failure failure = Failure.of(e);
      Failure input =
          new Failure(failure.what(), Failure.BAD_CONFIG, failure.lines(), failure.errors(), false);
      Failures.print(input, err(), "mixdown", false);
      if (json()) {
        print(input.json());
      }
      return input.code();
    }
  }

  private int compare() throws IOException {
    Operands operands =
        new Operands(
            storage(),
            recipes.sources(),
            recipes.manifests(),
            new JobOperands(
                () -> catalog.current(recipes.located(), recipes.existing()),
                recipes.manifests(),
                notice -> err().println("Note: " + notice)));
    ImportanceTable table = table();
    Config first = operands.find(a);
    Config second = operands.find(b);
    ConfigDiff diff =
        ConfigDiff.of(first, second, table, all ? Set.of() : ConfigDiff.USUALLY_IGNORED);
    Optional<ManifestOverlap> overlap = overlap(operands);
    if (json()) {
      ObjectNode document = diff.json();
      overlap.ifPresent(o -> document.set("samples", o.json()));
      print(document);
    } else if (format == Format.PATCH) {
      ArrayNode patch = Patch.of(first.root(), second.root());
      if (!patch.isEmpty()) {
        err().println("Note: a patch has all values as they are; secret ones are not masked");
      }
      out().println(Json.text(patch));
    } else {
      out().println(format == Format.MARKDOWN ? diff.markdown() : diff.report());
      overlap.ifPresent(o -> out().println(o.text()));
    }
    return diff.isEmpty() ? 0 : DIFFERENT;
  }

  /** What two manifests have in common; empty where these are something else. */
  private Optional<ManifestOverlap> overlap(Operands operands) throws IOException {
    Optional<ManifestFolder> first = operands.manifest(a);
    Optional<ManifestFolder> second = operands.manifest(b);
    if (first.isEmpty() || second.isEmpty() || format == Format.PATCH) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ManifestOverlap.of(
              recipes.located().workspace(), RunnerSettings.DIRECT, first.get(), second.get()));
    } catch (ConfigException | DataException e) {
      err().println("Note: samples are not compared: " + e.getMessage());
      return Optional.empty();
    }
  }

  private ImportanceTable table() throws IOException {
    if (importance == null) {
      return ImportanceTable.standard();
    }
    String file = importance;
    byte[] bytes =
        storage()
            .read(file)
            .orElseThrow(
                () ->
                    new ConfigException("the table of importance", file, "there is no such file"));
    return ImportanceTable.standard().with(new String(bytes, StandardCharsets.UTF_8), file);
  }
}
