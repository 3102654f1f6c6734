package dev.mixdown.recipes.adapting;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.adapting.LearningRates.Step;
import dev.mixdown.recipes.adapting.MicroBatches.Published;
import dev.mixdown.recipes.adapting.PlanSearch.Fixed;
import dev.mixdown.recipes.adapting.PlanSearch.Rollouts;
import dev.mixdown.recipes.checking.ConfigRules;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** What is taken for the memory of sequences where no length is said. */
  private static final long USUAL_CONTEXT = 2048;

  private static final long USUAL_RANK = 16;
  private static final BigDecimal MOST_WARMUP = new BigDecimal("0.1");
  private static final String ESTIMATED = "estimated: parameters, optimiser and activations";
  private static final String PRODUCT = "batch_size stays %d: %s";

  private final Recipe recipe;
  private final Request request;
  private final ModelSize size;
  private final int gpus;
  private final Parameters parameters = Parameters.standard();
  private final Map<String, Node> config = new LinkedHashMap<>();
  private final Map<String, Change> changes = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

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
    this.gpus = request.gpus().orElse(recipe.recommendedGpus());
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
    Problems problems = new Problems(RecipeFile.WHAT);
    Node.Mapping set = request.overrides().over(recipe.defaultConfig(), parameters, problems);
    checkTypes(set, problems);
    problems.throwIfAny();
    config.putAll(set.values());
    config.forEach(this::explain);
    boolean lora = lora(config);
    adapters(lora);
    learningRates(lora);
    ParallelPlan plan = plan(lora);
    steps();
    if (gpus < recipe.minGpus()) {
      warnings.add(
          "%s has min_gpus %d; with %s it is slow, or out of memory"
              .formatted(recipe.id(), recipe.minGpus(), Counts.of(gpus, "GPU")));
    }
    Node.Mapping whole =
        new Node.Mapping(
            recipe.defaultConfig().place(), Pointer.ROOT, config, recipe.defaultConfig().keys());
    new ConfigRules(recipe.algorithm(), size.sizeClass(), whole)
        .findings().stream()
            .filter(finding -> !finding.isNotice())
            .forEach(finding -> warnings.add(finding.message()));
    return new Adapted(
        recipe,
        size,
        plan,
        whole,
        config.keySet().stream().map(key -> changes.get(key)).toList(),
        List.copyOf(warnings));
  }

  /** Values of known parameters that the recipe itself has wrong. */
  private void checkTypes(Node.Mapping set, Problems problems) {
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
  }

  /** What is not adapted keeps the recipe's value, or has the one that was set. */
  private void explain(String name, Node value) {
    Node from = recipe.defaultConfig().values().get(name);
    boolean isSet =
        request.overrides().values().keySet().stream().anyMatch(path -> path.get(0).equals(name));
    changes.put(
        name,
        isSet
            ? new Change(name, from, value, "set by hand", "--set")
            : new Change(
                name, from, value, "kept", recipe.sources().getOrDefault(name, recipe.fullName())));
  }

  private boolean isSet(String name) {
    return request.overrides().find(name).isPresent();
  }

  private void put(String name, Node value, String why, String source) {
    config.put(name, value);
    changes.put(
        name, new Change(name, recipe.defaultConfig().values().get(name), value, why, source));
  }

  private void put(String name, Node from, Node value, String why, String source) {
    config.put(name, value);
    changes.put(name, new Change(name, from, value, why, source));
  }

  private static Node whole(long number) {
    return new Node.Decimal(Place.of(""), Pointer.ROOT, String.valueOf(number));
  }

  private static boolean lora(Map<String, Node> values) {
    return values.get(Parameters.LORA_ENABLED) instanceof Node.Bool bool && bool.value();
  }

  private static OptionalLong number(Map<String, Node> values, String name) {
    Node node = values.get(name);
    Optional<Long> number = node == null ? Optional.empty() : node.wholeNumber();
    return number.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static Optional<BigDecimal> decimal(Map<String, Node> values, String name) {
    return values.get(name) instanceof Node.Decimal number
        ? Optional.of(number.value())
        : Optional.empty();
  }

  /** LoRA needs a rank, which recipes without it do not have. */
  private void adapters(boolean lora) {
    if (lora && !config.containsKey(Parameters.LORA_RANK)) {
      put(
          Parameters.LORA_RANK,
          whole(USUAL_RANK),
          "LoRA needs a rank, and the recipe has none",
          "torchtune 70B LoRA; TRL, LoRA without regret: 1 to 32 for RL");
      if (!config.containsKey(Parameters.LORA_ALPHA)) {
        put(
            Parameters.LORA_ALPHA,
            whole(2 * USUAL_RANK),
            "twice the rank, and the recipe has none",
            "torchtune LoRA recipes");
      }
    }
  }

  private void learningRates(boolean lora) {
    List<Step> steps =
        LearningRates.steps(
            recipe.algorithm(),
            recipe.sizeHint(),
            size.sizeClass(),
            lora(recipe.defaultConfig().values()),
            lora);
    for (String name : List.of(Parameters.LEARNING_RATE, "critic_lr", "min_lr")) {
      Optional<BigDecimal> rate = decimal(config, name);
      if (rate.isEmpty() || isSet(name)) {
        continue;
      }
      BigDecimal after = LearningRates.after(rate.get(), steps);
      if (after.compareTo(rate.get()) != 0) {
        put(
            name,
            new Node.Decimal(Place.of(""), Pointer.ROOT, scientific(after)),
            "%s, %s%s"
                .formatted(
                    size.text(),
                    lora ? "LoRA" : "full",
                    LearningRates.isRounded(rate.get(), after, steps) ? ", to two digits" : ""),
            steps.stream().map(Step::why).collect(Collectors.joining("; ")));
      }
    }
  }

  /** As people write rates: {@code 8e-6}. */
  private static String scientific(BigDecimal value) {
    BigDecimal digits = value.stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
    return exponent > -4 ? digits.toPlainString() : mantissa + "e" + exponent;
  }

  private long context() {
    OptionalLong context = number(config, Parameters.CONTEXT_LENGTH);
    OptionalLong prompt = number(config, Parameters.MAX_PROMPT_LENGTH);
    OptionalLong response = number(config, Parameters.MAX_RESPONSE_LENGTH);
    if (context.isPresent()) {
      return context.getAsLong();
    }
    if (prompt.isPresent() && response.isPresent()) {
      return prompt.getAsLong() + response.getAsLong();
    }
    warnings.add(
        "the config has no context_length; the memory is estimated for %s tokens"
            .formatted(Counts.number(USUAL_CONTEXT)));
    return USUAL_CONTEXT;
  }

  private ParallelPlan plan(boolean lora) {
    long batch = number(config, Parameters.BATCH_SIZE).orElseThrow();
    MemoryEstimate estimate =
        MemoryEstimate.of(size, recipe.algorithm(), lora, context(), request.memory());
    PlanSearch search = new PlanSearch(estimate, fixed(), rollouts());
    ParallelPlan plan = search.plan(gpus, batch);
    Optional<Published> published = MicroBatches.published(estimate);
    boolean isPublished =
        published.isPresent()
            && published.get().micro()
                < estimate.micro(plan.tensor(), plan.pipeline(), plan.data());
    String title = MicroBatches.title(estimate);
    String product = PRODUCT.formatted(batch, plan.product());
    if (!isSet(Parameters.MICRO_BATCH_SIZE)) {
      put(
          Parameters.MICRO_BATCH_SIZE,
          impliedMicro(),
          whole(plan.micro()),
          title,
          isPublished ? published.get().source() : ESTIMATED);
    }
    if (!isSet(Parameters.ACCUMULATION)) {
      put(Parameters.ACCUMULATION, whole(plan.accumulation()), product, "computed");
    }
    if (!isSet(Parameters.NUM_GPUS)) {
      put(
          Parameters.NUM_GPUS,
          whole(recipe.recommendedGpus()),
          whole(gpus),
          request.gpus().isPresent() ? "as asked for" : "as the recipe recommends",
          request.gpus().isPresent() ? "--gpus" : recipe.fullName());
    }
    sharing(Parameters.TENSOR_PARALLEL, plan.tensor(), "one GPU holds each layer");
    sharing(Parameters.PIPELINE_PARALLEL, plan.pipeline(), "one stage holds all layers");
    rolloutBatch(batch);
    if (!plan.fits()) {
      warnings.add(
          "%s: a micro batch of %d may need more memory than there is (estimated)"
              .formatted(title, plan.micro()));
    }
    return plan;
  }

  private void sharing(String name, int number, String whyOne) {
    if (!isSet(name)) {
      put(
          name,
          whole(number),
          number == 1 ? whyOne : "the fewest that hold the model and divide the batch",
          ESTIMATED);
    }
  }

  /** The recipe's own micro batch: what its batch leaves on the GPUs that it recommends. */
  private Node impliedMicro() {
    Map<String, Node> values = recipe.defaultConfig().values();
    Node own = values.get(Parameters.MICRO_BATCH_SIZE);
    if (own != null) {
      return own;
    }
    long batch = number(values, Parameters.BATCH_SIZE).orElse(0);
    long divisor = recipe.recommendedGpus() * number(values, Parameters.ACCUMULATION).orElse(1);
    return batch > 0 && batch % divisor == 0
        ? whole(batch / divisor)
        : new Node.Null(Place.of(""), Pointer.ROOT);
  }

  private Fixed fixed() {
    return new Fixed(
        fixed(Parameters.MICRO_BATCH_SIZE),
        fixed(Parameters.ACCUMULATION),
        fixedInt(Parameters.TENSOR_PARALLEL),
        fixedInt(Parameters.PIPELINE_PARALLEL));
  }

  private OptionalLong fixed(String name) {
    return isSet(name) ? number(config, name) : OptionalLong.empty();
  }

  private OptionalInt fixedInt(String name) {
    OptionalLong fixed = fixed(name);
    return fixed.isPresent()
        ? OptionalInt.of((int) Math.min(1 << 16, fixed.getAsLong()))
        : OptionalInt.empty();
  }

  private Rollouts rollouts() {
    Algorithm algorithm = recipe.algorithm();
    if (!algorithm.hasRollouts()) {
      return Rollouts.NONE;
    }
    long answers = number(config, Parameters.ROLLOUT_N).orElse(1);
    boolean follows = rolloutFollowsBatch();
    long prompts =
        follows
            ? number(recipe.defaultConfig().values(), Parameters.ROLLOUT_BATCH_SIZE).orElse(0)
                / number(recipe.defaultConfig().values(), Parameters.BATCH_SIZE).orElse(1)
            : number(config, Parameters.ROLLOUT_BATCH_SIZE).orElse(0);
    return new Rollouts(answers, algorithm.comparesAnswers(), prompts, follows);
  }

  /** Whether a rollout has a whole number of the recipe's batches, which it keeps. */
  private boolean rolloutFollowsBatch() {
    long batch = number(recipe.defaultConfig().values(), Parameters.BATCH_SIZE).orElse(0);
    long rollout = number(recipe.defaultConfig().values(), Parameters.ROLLOUT_BATCH_SIZE).orElse(0);
    return !isSet(Parameters.ROLLOUT_BATCH_SIZE)
        && batch > 0
        && rollout > 0
        && rollout % batch == 0;
  }

  private void rolloutBatch(long batch) {
    if (recipe.algorithm().hasRollouts() && rolloutFollowsBatch() && isSet(Parameters.BATCH_SIZE)) {
      long times =
          number(recipe.defaultConfig().values(), Parameters.ROLLOUT_BATCH_SIZE).orElseThrow()
              / number(recipe.defaultConfig().values(), Parameters.BATCH_SIZE).orElseThrow();
      put(
          Parameters.ROLLOUT_BATCH_SIZE,
          whole(times * batch),
          "a rollout stays %s".formatted(Counts.of(times, "batch", "batches")),
          recipe.fullName());
    }
  }

  /** Steps and warm-up follow the data, where its size is known. */
  private void steps() {
    if (request.samples().isEmpty()) {
      return;
    }
    long samples = request.samples().getAsLong();
    long batch = number(config, Parameters.BATCH_SIZE).orElseThrow();
    Optional<BigDecimal> epochs = decimal(config, Parameters.NUM_EPOCHS);
    OptionalLong before = number(config, Parameters.MAX_STEPS);
    if (epochs.isPresent() && !isSet(Parameters.MAX_STEPS)) {
      long steps =
          epochs
              .get()
              .multiply(BigDecimal.valueOf(samples))
              .divide(BigDecimal.valueOf(batch), 0, RoundingMode.CEILING)
              .longValue();
      put(
          Parameters.MAX_STEPS,
          whole(Math.max(1, steps)),
          "%s x %s / %d, rounded up"
              .formatted(
                  Counts.of(samples, "sample"),
                  epochs.get().toPlainString()
                      + (epochs.get().compareTo(BigDecimal.ONE) == 0 ? " epoch" : " epochs"),
                  batch),
          "the manifest's samples");
    }
    OptionalLong now = number(config, Parameters.MAX_STEPS);
    if (now.isPresent() && !isSet(Parameters.WARMUP_STEPS)) {
      warmup(before, now.getAsLong());
    }
  }

  /**
   * The recipe's own part of the steps, or as many as it says where that is no more than a tenth.
   */
  private void warmup(OptionalLong before, long steps) {
    OptionalLong warmup = number(config, Parameters.WARMUP_STEPS);
    if (warmup.isEmpty() || warmup.getAsLong() == 0) {
      return;
    }
    if (before.isPresent() && before.getAsLong() != steps) {
      BigDecimal part =
          BigDecimal.valueOf(warmup.getAsLong() * steps)
              .divide(BigDecimal.valueOf(before.getAsLong()), 0, RoundingMode.CEILING);
      put(
          Parameters.WARMUP_STEPS,
          whole(Math.max(1, part.longValue())),
          "the same part of the steps as %s of %s, rounded up"
              .formatted(Counts.number(warmup.getAsLong()), Counts.number(before.getAsLong())),
          recipe.fullName());
    } else if (BigDecimal.valueOf(warmup.getAsLong())
            .compareTo(MOST_WARMUP.multiply(BigDecimal.valueOf(steps)))
        > 0) {
      put(
          Parameters.WARMUP_STEPS,
          whole(Math.max(1, steps / 10)),
          "a tenth of %s, rounded down".formatted(Counts.of(steps, "step")),
          "published recipes warm up for 3 to 10 % of the steps");
    }
  }
}
