package dev.mixdown.recipes.adapting;

import java.util.List;

/**
 * How a published model is built: what its activations need depends on it.
 *
 * @param model whose {@code config.json} this is from
 * @param parameters of it
 * @param hidden the width of its layers
 * @param vocabulary the tokens that it knows
 */
record ModelShape(String model, long parameters, int hidden, int layers, int vocabulary) {
  private static final List<ModelShape> PUBLISHED =
      List.of(
          new ModelShape("SmolLM2 135M", 135_000_000L, 576, 30, 49_152),
          new ModelShape("SmolLM2 360M", 362_000_000L, 960, 32, 49_152),
          new ModelShape("Qwen2.5 0.5B", 494_000_000L, 896, 24, 151_936),
          new ModelShape("Llama 3.2 1B", 1_236_000_000L, 2048, 16, 128_256),
          new ModelShape("Qwen2.5 1.5B", 1_544_000_000L, 1536, 28, 151_936),
          new ModelShape("Llama 3.2 3B", 3_213_000_000L, 3072, 28, 128_256),
          new ModelShape("Mistral 7B", 7_242_000_000L, 4096, 32, 32_000),
          new ModelShape("Llama 3.1 8B", 8_030_000_000L, 4096, 32, 128_256),
          new ModelShape("Qwen2.5 14B", 14_770_000_000L, 5120, 48, 152_064),
          new ModelShape("Qwen2.5 32B", 32_764_000_000L, 5120, 64, 152_064),
          new ModelShape("Llama 3.1 70B", 70_554_000_000L, 8192, 80, 128_256),
          new ModelShape("Llama 3.1 405B", 405_853_000_000L, 16384, 126, 128_256));

  /** The published model whose size is nearest, as a ratio. */
  static ModelShape nearest(long parameters) {
    ModelShape nearest = PUBLISHED.get(0);
    for (ModelShape shape : PUBLISHED) {
      if (distance(shape.parameters, parameters) < distance(nearest.parameters, parameters)) {
        nearest = shape;
      }
    }
    return nearest;
  }

  private static double distance(long a, long b) {
    return Math.abs(Math.log((double) a / b));
  }
}
