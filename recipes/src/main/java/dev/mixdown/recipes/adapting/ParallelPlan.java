package dev.mixdown.recipes.adapting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;

/**
 * How a batch is divided: micro batch x data-parallel groups x accumulation is the batch, exactly.
 *
 * @param tensor GPUs that share each layer
 * @param pipeline GPUs that share the layers
 * @param data groups of GPUs, each with the whole model
 * @param micro sequences that a group takes at once
 * @param accumulation how often, before parameters are changed
 * @param fits whether the memory is enough, as far as it can be estimated
 */
public record ParallelPlan(
    int gpus,
    int tensor,
    int pipeline,
    int data,
    long micro,
    long accumulation,
    long batch,
    boolean fits) {
  /** The plan as documents have it. */
  ObjectNode json() {
    return Json.object()
        .put("gpus", gpus)
        .put("tensor_parallel_size", tensor)
        .put("pipeline_parallel_size", pipeline)
        .put("data_parallel_size", data)
        .put("micro_batch_size", micro)
        .put("gradient_accumulation_steps", accumulation)
        .put("batch_size", batch);
  }

  /** For people: {@code 2 x 8 x 8 = 128}. */
  public String product() {
    return "%d x %d x %d = %d".formatted(micro, data, accumulation, batch);
  }
}
