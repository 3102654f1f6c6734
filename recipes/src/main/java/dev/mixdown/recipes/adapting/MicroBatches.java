package dev.mixdown.recipes.adapting;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.recipes.Algorithm;
import java.util.List;
import java.util.Optional;

/**
 * The micro batches of published recipes: as many sequences as one GPU takes at once. For every
 * other size, context and memory there is an estimate ({@link MemoryEstimate}).
 */
final class MicroBatches {
  /** 80 GB, as GPUs have it. */
  private static final long GB80 = 80L << 30;

  /**
   * A published micro batch.
   *
   * @param parameters of the model; others that are no more than a fifth larger or smaller count
   *     too
   */
  record Published(
      long parameters,
      Algorithm algorithm,
      boolean lora,
      long context,
      long memory,
      long micro,
      String source) {}

  private static final List<Published> PUBLISHED =
      List.of(
          new Published(
              7_000_000_000L,
              Algorithm.SFT,
              false,
              2048,
              GB80,
              16,
              "Zephyr 7B, alignment-handbook"),
          new Published(
              8_000_000_000L, Algorithm.SFT, false, 4096, GB80, 1, "Tülu 3 8B, open-instruct"),
          new Published(
              7_000_000_000L, Algorithm.SFT, false, 32768, GB80, 2, "OpenR1-Distill 7B, open-r1"),
          new Published(
              7_000_000_000L, Algorithm.DPO, false, 1024, GB80, 8, "Zephyr 7B, alignment-handbook"),
          new Published(
              8_000_000_000L,
              Algorithm.PRETRAIN,
              false,
              8192,
              GB80,
              1,
              "Llama 3 8B, Megatron-Bridge"),
          new Published(
              70_000_000_000L,
              Algorithm.PRETRAIN,
              false,
              8192,
              GB80,
              1,
              "Llama 3 70B, Megatron-Bridge"));

  private MicroBatches() {}

  /** What is published for a model on such a GPU; of several, that of the nearest size. */
  static Optional<Published> published(MemoryEstimate estimate) {
    return PUBLISHED.stream()
        .filter(cell -> cell.algorithm() == estimate.algorithm())
        .filter(cell -> cell.lora() == estimate.lora())
        .filter(cell -> cell.context() == estimate.context())
        .filter(cell -> cell.memory() == estimate.memory())
        .filter(
            cell -> Math.abs(cell.parameters() - estimate.size().total()) * 5 <= cell.parameters())
        .min(
            (a, b) ->
                Long.compare(
                    Math.abs(a.parameters() - estimate.size().total()),
                    Math.abs(b.parameters() - estimate.size().total())));
  }

  /** What a cell is of, for people: {@code 70B full fine-tuning at 4,096 tokens on 80 GB}. */
  static String title(MemoryEstimate estimate) {
    return "%s %s at %s tokens on %s"
        .formatted(
            estimate.size().text(),
            estimate.lora() ? "with LoRA" : "full fine-tuning",
            Counts.number(estimate.context()),
            GpuMemory.text(estimate.memory()));
  }
}
