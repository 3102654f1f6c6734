package dev.mixdown.recipes.checking;

import static dev.mixdown.recipes.Parameters.ACCUMULATION;
import static dev.mixdown.recipes.Parameters.BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.KL_COEF;
import static dev.mixdown.recipes.Parameters.LORA_ENABLED;
import static dev.mixdown.recipes.Parameters.MAX_STEPS;
import static dev.mixdown.recipes.Parameters.MICRO_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.MINI_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.NUM_EPOCHS;
import static dev.mixdown.recipes.Parameters.NUM_GPUS;
import static dev.mixdown.recipes.Parameters.PIPELINE_PARALLEL;
import static dev.mixdown.recipes.Parameters.ROLLOUT_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.ROLLOUT_N;
import static dev.mixdown.recipes.Parameters.TENSOR_PARALLEL;
import static dev.mixdown.recipes.Parameters.WARMUP_STEPS;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.SizeClass;
import dev.mixdown.recipes.diff.ImportanceTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks a training config by itself. Parameters are found at its top, or by other names and in
 * objects of it where no two may be meant: {@code optim.lr} is the learning rate.
 */
public final class ConfigRules {
  /** Below this, published work found that training suffers. */
  private static final long LEAST_BATCH = 32;

  private static final List<Band> BANDS = Band.published();

  private final Algorithm algorithm;
  private final SizeClass size;
  private final Parameters parameters = Parameters.standard();
  private final Map<String, Node> values;
  private final Node.Mapping config;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param size of the model
   * @param config to train with
   */
  public ConfigRules(Algorithm algorithm, SizeClass size, Node.Mapping config) {
    this.algorithm = algorithm;
    this.size = size;
    this.config = config;
    this.values = found(config, parameters);
  }

  /** The known parameters of a config. */
  private static Map<String, Node> found(Node.Mapping config, Parameters parameters) {
    Map<String, Node> found = new LinkedHashMap<>();
    Set<String> twice = new HashSet<>();
    nested(config, parameters, ImportanceTable.standard(), found, twice);
    twice.forEach(found::remove);
    config
        .values()
        .forEach((name, value) -> parameters.find(name).ifPresent(p -> found.put(name, value)));
    return found;
  }

  private static void nested(
      Node.Mapping config,
      Parameters parameters,
      ImportanceTable names,
      Map<String, Node> found,
      Set<String> twice) {
    config
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof Node.Mapping inner) {
                nested(inner, parameters, names, found, twice);
                return;
              }
              String known =
                  parameters.find(name).isPresent() ? name : names.parameter(name).orElse(name);
              if (parameters.find(known).isPresent() && found.put(known, value) != null) {
                twice.add(known);
              }
            });
  }

  /** What is wrong, or unusual, in the order of the rules. */
  public List<Finding> findings() {
    return findings(OptionalLong.empty());
  }

  /**
   * The same, with what follows from the data's size.
   *
   * @param samples that there are to train on, where that is known
   */
  public List<Finding> findings(OptionalLong samples) {
    values.forEach(this::type);
    batch();
    rollouts();
    kl();
    bands();
    warmup();
    samples.ifPresent(this::epochs);
    config.values().forEach(this::use);
    return List.copyOf(findings);
  }

  private void type(String name, Node value) {
    parameters
        .find(name)
        .flatMap(parameter -> parameter.problem(value))
        .ifPresent(problem -> findings.add(Finding.error("bounds", name, name + " " + problem)));
  }

  private OptionalLong whole(String name) {
    Node value = values.get(name);
    Optional<Long> number = value == null ? Optional.empty() : value.wholeNumber();
    return number.filter(n -> n > 0).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private Optional<BigDecimal> number(String name) {
    return values.get(name) instanceof Node.Decimal number
        ? Optional.of(number.value())
        : Optional.empty();
  }

  private boolean isTrue(String name) {
    return values.get(name) instanceof Node.Bool bool && bool.value();
  }

  private void batch() {
    OptionalLong batch = whole(BATCH_SIZE);
    if (batch.isEmpty()) {
      if (!values.containsKey(BATCH_SIZE)) {
        findings.add(
            Finding.error("no-batch", BATCH_SIZE, "there is no batch_size; set the global batch"));
      }
      return;
    }
    long all = batch.getAsLong();
    long data = dataParallel();
    OptionalLong micro = whole(MICRO_BATCH_SIZE);
    if (micro.isPresent() && data > 0 && all % (micro.getAsLong() * data) != 0) {
      findings.add(
          Finding.error(
              "fractional-accumulation",
              ACCUMULATION,
              "batch_size %d / (micro_batch_size %d x %d data-parallel GPUs) is %s steps of accumulation; it has to be a whole number"
                  .formatted(
                      all,
                      micro.getAsLong(),
                      data,
                      BigDecimal.valueOf(all)
                          .divide(
                              BigDecimal.valueOf(micro.getAsLong() * data), 3, RoundingMode.DOWN)
                          .stripTrailingZeros()
                          .toPlainString())));
    }
    OptionalLong mini = whole(MINI_BATCH_SIZE);
    if (mini.isPresent() && mini.getAsLong() > all) {
      findings.add(
          Finding.error(
              "mini-batch",
              MINI_BATCH_SIZE,
              "mini_batch_size %d is larger than batch_size %d".formatted(mini.getAsLong(), all)));
    }
    if (all < LEAST_BATCH) {
      findings.add(
          Finding.warning(
              "small-batch",
              BATCH_SIZE,
              "batch_size %d is below %d; published recipes have 64 or more"
                  .formatted(all, LEAST_BATCH)));
    }
  }

  /** Groups of GPUs with the whole model; 0 where that is not known, or no whole number. */
  private long dataParallel() {
    OptionalLong gpus = whole(NUM_GPUS);
    long shared = whole(TENSOR_PARALLEL).orElse(1) * whole(PIPELINE_PARALLEL).orElse(1);
    if (gpus.isEmpty()) {
      return 0;
    }
    if (gpus.getAsLong() % shared != 0) {
      findings.add(
          Finding.error(
              "parallel-sizes",
              NUM_GPUS,
              "num_gpus %d cannot be divided by tensor_parallel_size x pipeline_parallel_size, %d"
                  .formatted(gpus.getAsLong(), shared)));
      return 0;
    }
    return gpus.getAsLong() / shared;
  }

  private void rollouts() {
    if (!algorithm.hasRollouts()) {
      return;
    }
    OptionalLong answers = whole(ROLLOUT_N);
    if (algorithm.comparesAnswers() && answers.isPresent() && answers.getAsLong() < 2) {
      findings.add(
          Finding.error(
              "group-of-one",
              ROLLOUT_N,
              "rollout_n %d: %s compares the answers to a prompt, so it needs at least 2"
                  .formatted(answers.getAsLong(), algorithm.word())));
    }
    OptionalLong batch = whole(BATCH_SIZE);
    if (algorithm.comparesAnswers()
        && answers.isPresent()
        && batch.isPresent()
        && batch.getAsLong() % answers.getAsLong() != 0) {
      findings.add(
          Finding.error(
              "whole-groups",
              BATCH_SIZE,
              "batch_size %d cannot be divided by rollout_n %d"
                  .formatted(batch.getAsLong(), answers.getAsLong())));
    }
    OptionalLong prompts = whole(ROLLOUT_BATCH_SIZE);
    long data = whole(NUM_GPUS).isPresent() ? dataParallelQuietly() : 0;
    if (answers.isPresent()
        && prompts.isPresent()
        && data > 0
        && answers.getAsLong() * prompts.getAsLong() % data != 0) {
      findings.add(
          Finding.error(
              "rollout-division",
              ROLLOUT_BATCH_SIZE,
              "rollout_n %d x rollout_batch_size %d cannot be divided among %d data-parallel GPUs"
                  .formatted(answers.getAsLong(), prompts.getAsLong(), data)));
    }
  }

  private long dataParallelQuietly() {
    long shared = whole(TENSOR_PARALLEL).orElse(1) * whole(PIPELINE_PARALLEL).orElse(1);
    long gpus = whole(NUM_GPUS).orElse(0);
    return gpus % shared == 0 ? gpus / shared : 0;
  }

  private void kl() {
    if (!algorithm.hasRollouts()) {
      return;
    }
    Optional<BigDecimal> kl = number(KL_COEF);
    Optional<BigDecimal> loss = number("kl_loss_coef");
    if (kl.isPresent() && kl.get().signum() == 0 && loss.map(l -> l.signum() == 0).orElse(true)) {
      findings.add(
          Finding.warning(
              "idle-reference",
              KL_COEF,
              "kl_coef is 0: a trainer that keeps the reference model all the same keeps it for nothing"));
    }
    boolean both =
        kl.map(k -> k.signum() > 0).orElse(false) && loss.map(l -> l.signum() > 0).orElse(false);
    if (both || (isTrue("use_kl_loss") && isTrue("use_kl_in_reward"))) {
      findings.add(
          Finding.warning(
              "two-kl-terms",
              KL_COEF,
              "the KL divergence counts in the reward and in the loss; use one of them"));
    }
  }

  private void bands() {
    boolean lora = isTrue(LORA_ENABLED);
    values.forEach(
        (name, value) -> {
          Optional<Band> band =
              BANDS.stream().filter(b -> b.isOf(name, algorithm, lora, size)).findFirst();
          if (band.isPresent()
              && value instanceof Node.Decimal number
              && !band.get().has(number.value())) {
            findings.add(
                Finding.warning(
                    "published-band",
                    name,
                    "%s %s is outside of what is published for %s%s, %s: %s to %s (%s)"
                        .formatted(
                            name,
                            number.written(),
                            algorithm.word(),
                            band.get().lora().isEmpty()
                                ? ""
                                : lora ? " with LoRA" : " of all parameters",
                            band.get().sizes().isEmpty() ? "any size" : size.range(),
                            band.get().low().written(),
                            band.get().high().written(),
                            band.get().sources())));
          }
        });
  }

  private void warmup() {
    OptionalLong warmup = whole(WARMUP_STEPS);
    OptionalLong steps = whole(MAX_STEPS);
    if (warmup.isPresent() && steps.isPresent() && warmup.getAsLong() >= steps.getAsLong()) {
      findings.add(
          Finding.warning(
              "warm-up",
              WARMUP_STEPS,
              "warmup_steps %s are all of the %s: the learning rate never reaches its value"
                  .formatted(
                      Counts.number(warmup.getAsLong()), Counts.of(steps.getAsLong(), "step"))));
    }
  }

  /**
   * Epochs and steps may both be said; then they have to say the same of the data that there is.
   */
  private void epochs(long samples) {
    OptionalLong steps = whole(MAX_STEPS);
    OptionalLong batch = whole(BATCH_SIZE);
    Optional<BigDecimal> epochs = number(NUM_EPOCHS);
    if (steps.isEmpty() || batch.isEmpty() || epochs.isEmpty() || samples == 0) {
      return;
    }
    BigDecimal asked = epochs.get().multiply(BigDecimal.valueOf(samples));
    BigDecimal taken = BigDecimal.valueOf(steps.getAsLong() * batch.getAsLong());
    BigDecimal apart = asked.subtract(taken).abs();
    // A last batch that is not full is no contradiction.
    if (apart.compareTo(BigDecimal.valueOf(batch.getAsLong())) > 0) {
      findings.add(
          Finding.warning(
              "epochs-and-steps",
              MAX_STEPS,
              "max_steps %s x batch_size %d are %s samples, but num_epochs %s of %s are %s; with these data, max_steps is %s"
                  .formatted(
                      Counts.number(steps.getAsLong()),
                      batch.getAsLong(),
                      Counts.number(taken.longValue()),
                      epochs.get().toPlainString(),
                      Counts.of(samples, "sample"),
                      Counts.number(asked.longValue()),
                      Counts.number(
                          asked
                              .divide(
                                  BigDecimal.valueOf(batch.getAsLong()), 0, RoundingMode.CEILING)
                              .longValue()))));
    }
  }

  private void use(String name, Node value) {
    Optional<Parameter> parameter = parameters.find(name);
    if (parameter.isPresent() && !parameter.get().isUsedBy(algorithm)) {
      findings.add(
          Finding.notice("unused", name, "%s is not used by %s".formatted(name, algorithm.word())));
    } else if (parameter.isEmpty() && !(value instanceof Node.Mapping)) {
      DidYouMean.nearest(name, parameters.names(), 2)
          .ifPresent(
              near ->
                  findings.add(
                      Finding.notice(
                          "unknown",
                          name,
                          "%s is not known; did you mean \"%s\"?".formatted(name, near))));
    }
  }
}
