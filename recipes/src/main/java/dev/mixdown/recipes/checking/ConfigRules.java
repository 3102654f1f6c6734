package dev.mixdown.recipes.checking;

import static dev.mixdown.recipes.Parameters.BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.KL_COEF;
import static dev.mixdown.recipes.Parameters.LORA_ENABLED;
import static dev.mixdown.recipes.Parameters.MAX_STEPS;
import static dev.mixdown.recipes.Parameters.NUM_EPOCHS;
import static dev.mixdown.recipes.Parameters.WARMUP_STEPS;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.SizeClass;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks a training config by itself; the rules' sources stand in docs/recipes.md. */
public final class ConfigRules {
  private static final List<Band> BANDS = Band.published();

  private final Algorithm algorithm;
  private final SizeClass size;
  private final Parameters parameters = Parameters.standard();
  private final KnownParameters known;
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
    this.known = new KnownParameters(config);
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
    known.values().forEach(this::type);
    findings.addAll(new BatchRules(algorithm, known).findings());
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

  private void kl() {
    if (!algorithm.hasRollouts()) {
      return;
    }
    Optional<BigDecimal> kl = known.number(KL_COEF);
    Optional<BigDecimal> loss = known.number("kl_loss_coef");
    if (kl.isPresent() && kl.get().signum() == 0 && loss.map(l -> l.signum() == 0).orElse(true)) {
      findings.add(
          Finding.warning(
              "idle-reference",
              KL_COEF,
              "kl_coef is 0: a trainer that keeps the reference model all the same keeps it for nothing"));
    }
    boolean both =
        kl.map(k -> k.signum() > 0).orElse(false) && loss.map(l -> l.signum() > 0).orElse(false);
    if (both || (known.isTrue("use_kl_loss") && known.isTrue("use_kl_in_reward"))) {
      findings.add(
          Finding.warning(
              "two-kl-terms",
              KL_COEF,
              "the KL divergence counts in the reward and in the loss; use one of them"));
    }
  }

  private void bands() {
    boolean lora = known.isTrue(LORA_ENABLED);
    known
        .values()
        .forEach(
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
    OptionalLong warmup = known.whole(WARMUP_STEPS);
    OptionalLong steps = known.whole(MAX_STEPS);
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
    OptionalLong steps = known.whole(MAX_STEPS);
    OptionalLong batch = known.whole(BATCH_SIZE);
    Optional<BigDecimal> epochs = known.number(NUM_EPOCHS);
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
