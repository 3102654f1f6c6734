package dev.mixdown.recipes.adapting;

import dev.mixdown.recipes.Algorithm;

/**
 * What training needs of one GPU's memory, in bytes, estimated.
 *
 * <p>Mixed precision with Adam: 2 bytes of weights and 2 of gradients for each trained parameter,
 * and 12 of optimiser state, which data-parallel GPUs divide (Rajbhandari et al. 2020, ZeRO, stage
 * 1). With LoRA the base's weights alone count, 2 bytes each; adapters are small beside them. A
 * frozen reference model has 2 bytes for each parameter, and PPO trains a critic as large as the
 * model. Activations are those of one sequence with all of them computed again: 2 bytes for each
 * layer, token and unit, 34 for the layer at work (Korthikanti et al. 2022), and 6 for each token
 * and word of the vocabulary. A tenth of the memory is left for everything else.
 *
 * @param lora whether adapters are trained, and not the parameters
 * @param context tokens of a sequence
 * @param memory of one GPU
 * @param shape of the model, as far as it is known
 */
record MemoryEstimate(
    ModelSize size,
    Algorithm algorithm,
    boolean lora,
    long context,
    long memory,
    ModelShape shape) {
  private static final double USABLE = 0.9;

  /** The share of a model's parameters that LoRA trains, rounded up. */
  private static final double ADAPTERS = 0.02;

  static MemoryEstimate of(
      ModelSize size, Algorithm algorithm, boolean lora, long context, long memory) {
    return new MemoryEstimate(
        size, algorithm, lora, context, memory, ModelShape.nearest(size.active()));
  }

  /** The same with adapters. */
  MemoryEstimate withLora() {
    return new MemoryEstimate(size, algorithm, true, context, memory, shape);
  }

  /**
   * The most sequences that one GPU holds at once; 0 where the model itself does not fit.
   *
   * @param tensor GPUs that share each layer
   * @param pipeline GPUs that share the layers
   * @param data groups of GPUs that hold the model
   */
  long micro(int tensor, int pipeline, int data) {
    double left = memory * USABLE - states(tensor, pipeline, data);
    return left <= 0 ? 0 : (long) Math.min(1 << 20, left / activations(tensor));
  }

  private double states(int tensor, int pipeline, int data) {
    double parts = (double) tensor * pipeline;
    double trained = lora ? ADAPTERS * size.total() : size.total();
    int models = algorithm == Algorithm.PPO ? 2 : 1;
    double frozen = lora ? 2.0 * size.total() : 0;
    double reference = algorithm.keepsReference() && !lora ? 2.0 * size.total() : 0;
    return (models * (4 * trained + 12 * trained / data + frozen) + reference) / parts;
  }

  /** Of one sequence. All stages of a pipeline hold as many of them as there are stages. */
  private double activations(int tensor) {
    double layers = (double) context * shape.hidden() * (2.0 * shape.layers() + 34);
    double words = 6.0 * context * shape.vocabulary();
    return (layers + words) / tensor;
  }
}
