package dev.mixdown.cli.recipes;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.RecipeText;
import dev.mixdown.recipes.adapting.Adaptation;
import dev.mixdown.recipes.adapting.Adapted;
import dev.mixdown.recipes.adapting.Change;
import dev.mixdown.recipes.adapting.GpuMemory;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.recipes.adapting.Overrides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits a recipe to a model and some GPUs. */
@Command(
    name = "apply",
    description = {
      "Fit a recipe to a model's size and a number of GPUs, and say why each value is as it is.",
      "",
      "The effective batch stays exactly as it is; what cannot be divided is refused, with numbers"
          + " that can."
    },
    sortOptions = false)
final class ApplyRecipeCommand extends JsonCommand {
  /** More than any machine has; a bound for arithmetic. */
  private static final int MOST_GPUS = 65_536;

  @Parameters(paramLabel = "ID", description = "A recipe, ID or ID@VERSION, or its file.")
  private String name = "";

  @Option(
      names = "--model-size",
      paramLabel = "SIZE",
      description =
          "7B, 350M, 70,000,000,000, 30B-A3B, or a model's name with its size (default: typical for"
              + " the recipe).")
  private @Nullable String modelSize;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "All of them are used (default: as many as the recipe recommends).")
  private @Nullable Integer gpus;

  @Option(
      names = "--memory",
      paramLabel = "GB",
      description = "The memory of one GPU (default: 80GB).")
  private @Nullable String memory;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A value that wins, as learning_rate=1e-5; may be repeated.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = "--manifest",
      paramLabel = "MANIFEST",
      description = "Steps and warm-up follow the samples of this manifest.")
  private @Nullable String manifest;

  @Option(
      names = {"-o", "--output-file"},
      paramLabel = "FILE",
      description =
          "Write the config here, as JSON or YAML by the name; a file that is there is not"
              + " replaced.")
  private @Nullable String file;

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    if (gpus != null && (gpus < 1 || gpus > MOST_GPUS)) {
      throw badUsage(
          "--gpus is %d; it has to be from 1 to %s".formatted(gpus, Counts.number(MOST_GPUS)));
    }
    if (file != null && !file.matches(".*\\.(json|ya?ml)")) {
      throw badUsage("--output-file " + file + ": let the name end in .json or .yaml");
    }
    Adaptation.Request request = request();
    Recipe recipe = recipes.find(name).recipe();
    Adapted adapted = Adaptation.of(recipe, request);
    write(adapted);
    if (json()) {
      print(adapted.json());
      return 0;
    }
    print(adapted);
    return 0;
  }

  private Adaptation.Request request() throws IOException {
    Problems problems = new Problems(RecipeFile.WHAT);
    Optional<ModelSize> size = Optional.empty();
    long bytes = GpuMemory.USUAL;
    try {
      size = Optional.ofNullable(modelSize).map(ModelSize::parse);
    } catch (IllegalArgumentException e) {
      problems.add("--model-size", String.valueOf(e.getMessage()));
    }
    try {
      bytes = memory == null ? bytes : GpuMemory.parse(memory);
    } catch (IllegalArgumentException e) {
      problems.add("--memory", String.valueOf(e.getMessage()));
    }
    Overrides overrides = Overrides.parse(set, problems);
    problems.throwIfAny();
    return new Adaptation.Request(
        size,
        gpus == null ? OptionalInt.empty() : OptionalInt.of(gpus),
        bytes,
        overrides,
        manifest == null
            ? OptionalLong.empty()
            : OptionalLong.of(recipes.manifests().find(manifest).manifest().samples()));
  }

  private void write(Adapted adapted) throws IOException {
    if (file == null) {
      return;
    }
    String text =
        file.endsWith(".json")
            ? Json.text(Json.tree(adapted.config().plain())) + "\n"
            : RecipeText.config(adapted.config());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!storage().replace(file, Optional.empty(), bytes)) {
      throw badUsage(file + " is there already; name another file, or remove it");
    }
  }

  private void print(Adapted adapted) {
    out()
        .printf(
            "%s for %s on %s: micro batch x data-parallel GPUs x accumulation is %s%n",
            adapted.recipe().fullName(),
            adapted.size().text(),
            Counts.of(adapted.plan().gpus(), "GPU"),
            adapted.plan().product());
    Table table = new Table("parameter", "value", "why", "source");
    for (Change change : adapted.changes()) {
      table.row(change.parameter(), change.values(), change.why(), change.source());
    }
    table.print(out());
    adapted.warnings().forEach(warning -> out().println("Warning: " + warning));
    if (file != null) {
      out().println("Wrote " + file);
    }
  }
}
