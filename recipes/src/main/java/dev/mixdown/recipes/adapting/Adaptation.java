package dev.mixdown.recipes.adapting;

import static dev.mixdown.recipes.adapting.ConfigDraft.whole;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.adapting.LearningRates.Step;
import dev.mixdown.recipes.checking.ConfigRules;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Fits a recipe to a model's size and a number of GPUs. The effective batch stays as it is: micro
 * batch, data-parallel groups and accumulation are divided so that their product is exactly the
 * recipe's {@code batch_size}. What a person sets wins. Every value says where it comes from.
 */
public final class Adaptation {
  private static final long USUAL_RANK = 16;

  private final Recipe recipe;
  private final Request request;
  private final ModelSize size;
  private final ConfigDraft config;

  /**
   * What to fit a recipe to.
   *
   * @param size of the model; empty for a typical one of the recipe's class
   * @param gpus empty for as many as the recipe recommends
   * @param memory of one GPU, in bytes
   * @param overrides values that win
   * @param samples that there are to train on, where that is known
   */
  public record Request(
      Optional<ModelSize> size,
      OptionalInt gpus,
      long memory,
      Overrides overrides,
      OptionalLong samples) {}

  private Adaptation(Recipe recipe, Request request) {
    this.recipe = recipe;
    this.request = request;
    this.size = request.size().orElse(ModelSize.typical(recipe.sizeHint()));
    this.config = new ConfigDraft(recipe, request.overrides(), overridden(recipe, request));
  }

  /**
   * Fits a recipe.
   *
   * @throws ConfigException when a value that is set cannot be used
   * @throws PlanException when no whole numbers divide the batch among the GPUs
   */
  public static Adapted of(Recipe recipe, Request request) {
    return new Adaptation(recipe, request).adapted();
  }

  private Adapted adapted() {
    adapters();
    learningRates();
    int gpus = request.gpus().orElse(recipe.recommendedGpus());
    ParallelPlan plan =
        new BatchDivision(recipe, config, size)
            .divide(gpus, request.gpus().isPresent(), request.memory());
    request.samples().ifPresent(new StepsOfData(config, recipe.fullName())::follow);
    warn(gpus);
    return new Adapted(recipe, size, plan, config.config(), config.changes(), config.warnings());
  }

  /** The recipe's config with what was set; refused where a value cannot be one. */
  private static Node.Mapping overridden(Recipe recipe, Request request) {
    Problems problems = new Problems(RecipeFile.WHAT);
    Parameters parameters = Parameters.standard();
    Node.Mapping set = request.overrides().over(recipe.defaultConfig(), parameters, problems);
    set.values()
        .forEach(
            (name, value) -> {
              if (request.overrides().find(name).isEmpty()) {
                parameters
                    .find(name)
                    .flatMap(parameter -> parameter.problem(value))
                    .ifPresent(problem -> problems.add(value, name + " " + problem));
              }
            });
    if (!set.values().containsKey(Parameters.BATCH_SIZE)) {
      problems.add(
          recipe.defaultConfig(),
          "%s has no batch_size, so there is nothing to divide; set it with --set batch_size=128"
              .formatted(recipe.fullName()));
    }
    problems.throwIfAny();
    return set;
  }

  /** LoRA needs a rank, which recipes without it do not have. */
  private void adapters() {
    if (config.lora() && !config.has(Parameters.LORA_RANK)) {
      config.put(
          Parameters.LORA_RANK,
          whole(USUAL_RANK),
          "LoRA needs a rank, and the recipe has none",
          "torchtune 70B LoRA; TRL, LoRA without regret: 1 to 32 for RL");
      if (!config.has(Parameters.LORA_ALPHA)) {
        config.put(
            Parameters.LORA_ALPHA,
            whole(2 * USUAL_RANK),
            "twice the rank, and the recipe has none",
            "torchtune LoRA recipes");
      }
    }
  }

  private void learningRates() {
    List<Step> steps =
        LearningRates.steps(
            recipe.algorithm(),
            recipe.sizeHint(),
            size.sizeClass(),
            config.ownLora(),
            config.lora());
    String sources = steps.stream().map(Step::why).collect(Collectors.joining("; "));
    for (String name : List.of(Parameters.LEARNING_RATE, "critic_lr", "min_lr")) {
      Optional<BigDecimal> rate = config.decimal(name);
      BigDecimal after = rate.map(r -> LearningRates.after(r, steps)).orElse(BigDecimal.ZERO);
      if (rate.isPresent() && after.compareTo(rate.get()) != 0) {
        String rounded = LearningRates.isRounded(rate.get(), after, steps) ? ", to two digits" : "";
        config.put(
            name,
            new Node.Decimal(Place.of(""), Pointer.ROOT, LearningRates.text(after)),
            size.text() + (config.lora() ? ", LoRA" : ", full") + rounded,
            sources);
      }
    }
  }

  private void warn(int gpus) {
    if (gpus < recipe.minGpus()) {
      config.warn(
          "%s has min_gpus %d; with %s it is slow, or out of memory"
              .formatted(recipe.id(), recipe.minGpus(), Counts.of(gpus, "GPU")));
    }
    new ConfigRules(recipe.algorithm(), size.sizeClass(), config.config())
        .findings().stream()
            .filter(finding -> !finding.isNotice())
            .forEach(finding -> config.warn(finding.message()));
  }
}
