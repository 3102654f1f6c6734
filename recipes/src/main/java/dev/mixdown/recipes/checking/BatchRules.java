package dev.mixdown.recipes.checking;

import static dev.mixdown.recipes.Parameters.ACCUMULATION;
import static dev.mixdown.recipes.Parameters.BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.MICRO_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.MINI_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.NUM_GPUS;
import static dev.mixdown.recipes.Parameters.PIPELINE_PARALLEL;
import static dev.mixdown.recipes.Parameters.ROLLOUT_BATCH_SIZE;
import static dev.mixdown.recipes.Parameters.ROLLOUT_N;
import static dev.mixdown.recipes.Parameters.TENSOR_PARALLEL;

import dev.mixdown.recipes.Algorithm;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The rules on what is divided by what: batches, micro batches, GPUs and answers. */
final class BatchRules {
  /** Below this, published work found that training suffers. */
  private static final long LEAST_BATCH = 32;

  private final Algorithm algorithm;
  private final KnownParameters known;
  private final List<Finding> findings = new ArrayList<>();

  /** Groups of GPUs with the whole model; 0 where that is not known, or no whole number. */
  private final long data;

  BatchRules(Algorithm algorithm, KnownParameters known) {
    this.algorithm = algorithm;
    this.known = known;
    this.data = dataParallel();
    batch();
    rollouts();
  }

  List<Finding> findings() {
    return findings;
  }

  private long dataParallel() {
    long gpus = known.whole(NUM_GPUS).orElse(0);
    long shared = known.whole(TENSOR_PARALLEL).orElse(1) * known.whole(PIPELINE_PARALLEL).orElse(1);
    if (gpus % shared == 0) {
      return gpus / shared;
    }
    findings.add(
        Finding.error(
            "parallel-sizes",
            NUM_GPUS,
            "num_gpus %d cannot be divided by tensor_parallel_size x pipeline_parallel_size, %d"
                .formatted(gpus, shared)));
    return 0;
  }

  private void batch() {
    OptionalLong batch = known.whole(BATCH_SIZE);
    if (batch.isEmpty()) {
      if (!known.has(BATCH_SIZE)) {
        findings.add(
            Finding.error("no-batch", BATCH_SIZE, "there is no batch_size; set the global batch"));
      }
      return;
    }
    long all = batch.getAsLong();
    OptionalLong micro = known.whole(MICRO_BATCH_SIZE);
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
    OptionalLong mini = known.whole(MINI_BATCH_SIZE);
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

  private void rollouts() {
    if (!algorithm.hasRollouts()) {
      return;
    }
    OptionalLong answers = known.whole(ROLLOUT_N);
    if (algorithm.comparesAnswers() && answers.isPresent() && answers.getAsLong() < 2) {
      findings.add(
          Finding.error(
              "group-of-one",
              ROLLOUT_N,
              "rollout_n %d: %s compares the answers to a prompt, so it needs at least 2"
                  .formatted(answers.getAsLong(), algorithm.word())));
    }
    OptionalLong batch = known.whole(BATCH_SIZE);
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
    OptionalLong prompts = known.whole(ROLLOUT_BATCH_SIZE);
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
}
