package dev.mixdown.recipes.adapting;

import static dev.mixdown.recipes.adapting.ConfigDraft.whole;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.adapting.MicroBatches.Published;
import dev.mixdown.recipes.adapting.PlanSearch.Fixed;
import dev.mixdown.recipes.adapting.PlanSearch.Rollouts;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Divides a config's batch among GPUs, and puts the numbers into it. */
final class BatchDivision {
  /** What is taken for the memory of sequences where no length is said. */
  private static final long USUAL_CONTEXT = 2048;

  private static final String ESTIMATED = "estimated: parameters, optimiser and activations";

  private final Recipe recipe;
  private final ConfigDraft config;
  private final ModelSize size;

  BatchDivision(Recipe recipe, ConfigDraft config, ModelSize size) {
    this.recipe = recipe;
    this.config = config;
    this.size = size;
  }

  /**
   * Divides the batch.
   *
   * @param asked whether somebody asked for this number of GPUs
   * @param memory of one GPU
   */
  ParallelPlan divide(int gpus, boolean asked, long memory) {
    long batch = config.number(Parameters.BATCH_SIZE).orElseThrow();
    MemoryEstimate estimate =
        MemoryEstimate.of(size, recipe.algorithm(), config.lora(), context(), memory);
    ParallelPlan plan = new PlanSearch(estimate, fixed(), rollouts()).plan(gpus, batch);
    Optional<Published> published =
        MicroBatches.published(estimate)
            .filter(
                cell -> cell.micro() < estimate.micro(plan.tensor(), plan.pipeline(), plan.data()));
    String title = MicroBatches.title(estimate);
    config.put(
        Parameters.MICRO_BATCH_SIZE,
        impliedMicro(),
        whole(plan.micro()),
        title,
        published.map(Published::source).orElse(ESTIMATED));
    config.put(
        Parameters.ACCUMULATION,
        whole(plan.accumulation()),
        "batch_size stays %d: %s".formatted(batch, plan.product()),
        "computed");
    config.put(
        Parameters.NUM_GPUS,
        whole(recipe.recommendedGpus()),
        whole(gpus),
        asked ? "as asked for" : "as the recipe recommends",
        asked ? "--gpus" : recipe.fullName());
    sharing(Parameters.TENSOR_PARALLEL, plan.tensor(), "one GPU holds each layer");
    sharing(Parameters.PIPELINE_PARALLEL, plan.pipeline(), "one stage holds all layers");
    rolloutBatch(batch);
    if (!plan.fits()) {
      config.warn(
          "%s: a micro batch of %d may need more memory than there is (estimated)"
              .formatted(title, plan.micro()));
    }
    return plan;
  }

  private long context() {
    OptionalLong context = config.number(Parameters.CONTEXT_LENGTH);
    OptionalLong prompt = config.number(Parameters.MAX_PROMPT_LENGTH);
    OptionalLong response = config.number(Parameters.MAX_RESPONSE_LENGTH);
    if (context.isPresent()) {
      return context.getAsLong();
    }
    if (prompt.isPresent() && response.isPresent()) {
      return prompt.getAsLong() + response.getAsLong();
    }
    config.warn(
        "the config has no context_length; the memory is estimated for %s tokens"
            .formatted(Counts.number(USUAL_CONTEXT)));
    return USUAL_CONTEXT;
  }

  private void sharing(String name, int number, String whyOne) {
    config.put(
        name,
        whole(number),
        number == 1 ? whyOne : "the fewest that hold the model and divide the batch",
        ESTIMATED);
  }

  /** The recipe's own micro batch: what its batch leaves on the GPUs that it recommends. */
  private Node impliedMicro() {
    OptionalLong own = config.ownNumber(Parameters.MICRO_BATCH_SIZE);
    long batch = config.ownNumber(Parameters.BATCH_SIZE).orElse(0);
    long divisor = recipe.recommendedGpus() * config.ownNumber(Parameters.ACCUMULATION).orElse(1);
    if (own.isPresent()) {
      return whole(own.getAsLong());
    }
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
    return config.isSet(name) ? config.number(name) : OptionalLong.empty();
  }

  private OptionalInt fixedInt(String name) {
    OptionalLong fixed = fixed(name);
    return fixed.isPresent()
        ? OptionalInt.of((int) Math.min(1 << 16, fixed.getAsLong()))
        : OptionalInt.empty();
  }

  private Rollouts rollouts() {
    if (!recipe.algorithm().hasRollouts()) {
      return Rollouts.NONE;
    }
    long answers = config.number(Parameters.ROLLOUT_N).orElse(1);
    long batches = batchesOfRollout();
    long prompts = batches > 0 ? batches : config.number(Parameters.ROLLOUT_BATCH_SIZE).orElse(0);
    return new Rollouts(answers, recipe.algorithm().comparesAnswers(), prompts, batches > 0);
  }

  /**
   * How many of the recipe's batches a rollout has, which it keeps; 0 where it is no whole number.
   */
  private long batchesOfRollout() {
    long batch = config.ownNumber(Parameters.BATCH_SIZE).orElse(0);
    long rollout = config.ownNumber(Parameters.ROLLOUT_BATCH_SIZE).orElse(0);
    boolean whole = batch > 0 && rollout % batch == 0;
    return whole && !config.isSet(Parameters.ROLLOUT_BATCH_SIZE) ? rollout / batch : 0;
  }

  private void rolloutBatch(long batch) {
    long batches = batchesOfRollout();
    if (recipe.algorithm().hasRollouts() && batches > 0 && config.isSet(Parameters.BATCH_SIZE)) {
      config.put(
          Parameters.ROLLOUT_BATCH_SIZE,
          whole(batches * batch),
          "a rollout stays %s".formatted(Counts.of(batches, "batch", "batches")),
          recipe.fullName());
    }
  }
}
