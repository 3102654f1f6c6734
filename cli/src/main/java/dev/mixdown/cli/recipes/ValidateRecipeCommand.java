package dev.mixdown.cli.recipes;

import dev.mixdown.cli.options.FormatOptions;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.pipelines.recipes.RecipeValidation;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.SizeClass;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.recipes.checking.DataFacts;
import dev.mixdown.recipes.checking.DataFacts.Example;
import dev.mixdown.recipes.checking.DataFacts.Failure;
import dev.mixdown.recipes.checking.DataRules;
import dev.mixdown.recipes.checking.Finding;
import dev.mixdown.recipes.checking.Finding.Level;
import dev.mixdown.recipes.checking.Lengths;
import dev.mixdown.recipes.diff.ConfigText;
import dev.mixdown.transforms.shards.InspectedShard;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a config against the rules, and data against a recipe. */
@Command(
    name = "validate",
    description = {
      "Check a recipe, or a config made from it, by published rules; and data by what the recipe"
          + " requires of records.",
      "",
      "Records are read once, and what was found is kept in the workspace."
    },
    sortOptions = false)
final class ValidateRecipeCommand extends JsonCommand {
  @Parameters(paramLabel = "ID|FILE", description = "A recipe, ID or ID@VERSION, or its file.")
  private String name = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The config to check (default: the recipe's own).")
  private @Nullable String config;

  @Option(
      names = "--model-size",
      paramLabel = "SIZE",
      description = "The model's size (default: typical for the recipe).")
  private @Nullable String modelSize;

  @Option(
      names = "--manifest",
      paramLabel = "MANIFEST",
      description = "Check the data of this manifest.")
  private @Nullable String manifest;

  @Option(
      names = "--data",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Check these files, globs or folders.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--chars-per-token",
      paramLabel = "X",
      defaultValue = "4",
      description =
          "Characters of a token, for records without num_tokens (default: ${DEFAULT-VALUE}).")
  private BigDecimal charactersPerToken = DataRules.USUAL_CHARACTERS;

  @Mixin private FormatOptions format = new FormatOptions();

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Override
  public Integer call() throws Exception {
    if (manifest != null && !data.isEmpty()) {
      throw badUsage("--manifest and --data both name data; give one of them");
    }
    if (charactersPerToken.signum() <= 0) {
      throw badUsage("--chars-per-token is " + charactersPerToken + "; it has to be above 0");
    }
    Recipe recipe = recipes.find(name).recipe();
    RecipeValidation validation =
        RecipeValidation.of(
            new RecipeValidation.Request(recipe, config(recipe), size(recipe), charactersPerToken),
            data(recipe));
    if (json()) {
      print(validation.json());
    } else {
      print(validation, validation.isValid() ? out() : err());
    }
    return validation.isValid()
        ? 0
        : validation.isConfigValid()
            ? dev.mixdown.pipelines.Failure.BAD_DATA
            : dev.mixdown.pipelines.Failure.BAD_CONFIG;
  }

  private SizeClass size(Recipe recipe) {
    try {
      return modelSize == null ? recipe.sizeHint() : ModelSize.parse(modelSize).sizeClass();
    } catch (IllegalArgumentException e) {
      throw badUsage("--model-size: " + e.getMessage());
    }
  }

  private Node.Mapping config(Recipe recipe) throws IOException {
    if (config == null) {
      return recipe.defaultConfig();
    }
    String file = config;
    byte[] bytes =
        storage()
            .read(file)
            .orElseThrow(
                () -> new ConfigException(ConfigException.CONFIG, file, "there is no such file"));
    Problems problems = new Problems();
    Optional<Node> root = ConfigText.read(bytes, file, problems);
    if (root.isPresent() && !(root.get() instanceof Node.Mapping)) {
      problems.add(new Problem(root.get().place(), "", "an object is expected"));
    }
    problems.throwIfAny();
    return (Node.Mapping) root.orElseThrow();
  }

  private Optional<RecipeValidation.Data> data(Recipe recipe) throws IOException {
    FileInspection inspection =
        new FileInspection(
            recipes.workspace(), runner.settings(), TerminalProgress.orNone(storage()));
    if (manifest != null) {
      ManifestFolder folder = recipes.manifests().find(manifest);
      return Optional.of(
          new RecipeValidation.Data(
              recipes.workspace(),
              inspection.inspect(folder.manifest(), recipe.dataRequirements()),
              folder.manifest().samples()));
    }
    if (data.isEmpty()) {
      return Optional.empty();
    }
    List<InspectedShard> shards =
        inspection
            .inspect(
                data, format.format(), format.csv(), true, Optional.of(recipe.dataRequirements()))
            .shards();
    return Optional.of(
        new RecipeValidation.Data(
            recipes.workspace(),
            shards,
            shards.stream().mapToLong(shard -> shard.inspection().records()).sum()));
  }

  private void print(RecipeValidation validation, PrintWriter to) {
    to.printf(
        "%s: %s, %s, %s%n",
        validation.isValid()
            ? validation.recipe().fullName()
            : "mixdown: " + validation.recipe().fullName() + " cannot be used so",
        Counts.of(validation.count(Level.ERROR), "error"),
        Counts.of(validation.count(Level.WARNING), "warning"),
        Counts.of(validation.count(Level.NOTICE), "notice"));
    for (Finding finding : validation.findings()) {
      to.printf("%-7s  %s (%s)%n", finding.level().word(), finding.message(), finding.rule());
    }
    validation.data().ifPresent(check -> print(check.facts(), validation.rules(), to));
  }

  private static void print(DataFacts facts, DataRules rules, PrintWriter to) {
    Table fields = new Table("field", ">records that have it", ">of");
    for (Map.Entry<String, Long> field : facts.present().entrySet()) {
      if (field.getValue() > 0 || !field.getKey().equals(DataRequirements.TOKENS)) {
        fields.row(field.getKey(), Counts.number(field.getValue()), Counts.number(facts.records()));
      }
    }
    fields.print(to);
    if (facts.characters().records() > 0) {
      boolean counted = facts.tokens().records() == facts.characters().records();
      Table lengths = new Table("length of a record", ">50 %", ">95 %", ">99 %");
      lengths(lengths, "characters", facts.characters(), n -> n);
      if (counted) {
        lengths(lengths, "tokens, by num_tokens", facts.tokens(), n -> n);
      } else {
        lengths(lengths, "tokens, about", facts.characters(), rules::tokens);
      }
      lengths.print(to);
    }
    for (Failure failure : facts.failures()) {
      to.printf("%s: %s%n", Counts.of(failure.count(), "record"), failure.reason());
      for (Example example : failure.examples()) {
        to.printf(
            "  %s%s record %d%n",
            example.dataset().isEmpty() ? "" : example.dataset() + ": ",
            example.path(),
            example.record());
      }
    }
  }

  private static void lengths(Table table, String title, Lengths lengths, LongUnaryOperator unit) {
    table.row(
        title,
        Counts.number(unit.applyAsLong(lengths.percentile(50))),
        Counts.number(unit.applyAsLong(lengths.percentile(95))),
        Counts.number(unit.applyAsLong(lengths.percentile(99))));
  }
}
