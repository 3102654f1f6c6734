package dev.mixdown.recipes.adapting;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.recipes.adapting.MicroBatches.Published;
import dev.mixdown.recipes.adapting.PlanException.Alternative;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Divides a batch among GPUs. All GPUs are used; as few of them share a model as its memory and the
 * batch allow; the micro batch is the largest that fits and divides, and accumulation takes the
 * rest. Where no whole numbers do this, it is refused.
 */
final class PlanSearch {
  /** Tensor parallelism goes no further than the GPUs of one machine. */
  private static final List<Integer> TENSOR = List.of(1, 2, 4, 8);

  /** Stages have the same number of layers, or, as those of Llama 3.1 405B, nearly. */
  private static final List<Integer> PIPELINE = List.of(1, 2, 4, 8, 16);

  /** As many as are looked at for alternatives. */
  private static final int MOST_GPUS = 8192;

  /** As many batches are tried, each way. */
  private static final long MOST_TRIES = 100_000;

  private final MemoryEstimate estimate;
  private final Optional<Published> published;
  private final Fixed fixed;
  private final Rollouts rollouts;
  private final List<Sharing> sharings;

  /** How many GPUs share a model. */
  private record Sharing(int tensor, int pipeline) {
    int gpus() {
      return tensor * pipeline;
    }
  }

  /** What a person says, and the search does not decide. */
  record Fixed(
      OptionalLong micro, OptionalLong accumulation, OptionalInt tensor, OptionalInt pipeline) {}

  /**
   * What answers to prompts ask for.
   *
   * @param answers to each prompt; 1 without rollouts
   * @param grouped whether a batch holds all answers to a prompt
   * @param prompts of a rollout; 0 without one
   * @param followBatch whether there are {@code prompts} for each sequence of a batch, and not in
   *     all
   */
  record Rollouts(long answers, boolean grouped, long prompts, boolean followBatch) {
    static final Rollouts NONE = new Rollouts(1, false, 0, false);

    private boolean fit(long batch, int data) {
      long all = prompts % data * (answers % data) % data * ((followBatch ? batch : 1) % data);
      return fitBatch(batch) && all % data == 0;
    }

    private boolean fitBatch(long batch) {
      return !grouped || batch % answers == 0;
    }
  }

  PlanSearch(MemoryEstimate estimate, Fixed fixed, Rollouts rollouts) {
    this.estimate = estimate;
    this.published = MicroBatches.published(estimate);
    this.fixed = fixed;
    this.rollouts = rollouts;
    this.sharings = sharings(fixed, ModelShape.nearest(estimate.size().total()).layers());
  }

  /**
   * The plan.
   *
   * @throws PlanException when there is none, with the nearest numbers for which there is one
   */
  ParallelPlan plan(int gpus, long batch) {
    Optional<ParallelPlan> plan = find(gpus, batch);
    if (plan.isPresent()) {
      return plan.get();
    }
    List<Alternative> alternatives = new ArrayList<>();
    nearestGpus(gpus, batch, alternatives);
    nearestBatches(gpus, batch, alternatives);
    throw new PlanException(reason(gpus, batch) + advice(gpus, alternatives), alternatives);
  }

  private Optional<ParallelPlan> find(int gpus, long batch) {
    for (Sharing sharing : sharings) {
      if (gpus % sharing.gpus() == 0) {
        Optional<ParallelPlan> plan = divide(gpus, sharing.tensor(), sharing.pipeline(), batch);
        if (plan.isPresent()) {
          return plan;
        }
      }
    }
    return Optional.empty();
  }

  /** The ways to share a model, with the fewest GPUs first. */
  private static List<Sharing> sharings(Fixed fixed, int layers) {
    List<Integer> tensors =
        fixed.tensor().isPresent() ? List.of(fixed.tensor().getAsInt()) : TENSOR;
    List<Integer> pipelines =
        fixed.pipeline().isPresent()
            ? List.of(fixed.pipeline().getAsInt())
            : PIPELINE.stream().filter(pipeline -> 2 * pipeline <= layers).toList();
    List<Sharing> sharings = new ArrayList<>();
    for (int tensor : tensors) {
      for (int pipeline : pipelines) {
        sharings.add(new Sharing(tensor, pipeline));
      }
    }
    sharings.sort(Comparator.comparingInt(Sharing::gpus).thenComparingInt(Sharing::pipeline));
    return sharings;
  }

  private Optional<ParallelPlan> divide(int gpus, int tensor, int pipeline, long batch) {
    int data = gpus / tensor / pipeline;
    if (batch % data != 0 || !rollouts.fit(batch, data)) {
      return Optional.empty();
    }
    long each = batch / data;
    long holds = estimate.micro(tensor, pipeline, data);
    long most = Math.min(holds, published.map(Published::micro).orElse(holds));
    long micro;
    if (fixed.micro().isPresent()) {
      micro = fixed.micro().getAsLong();
    } else if (fixed.accumulation().isPresent()) {
      micro =
          each % fixed.accumulation().getAsLong() == 0
              ? each / fixed.accumulation().getAsLong()
              : 0;
    } else {
      micro = largestDivisor(each, most);
    }
    // What is said by hand may be too much for the estimate: it is only an estimate.
    boolean byHand = fixed.micro().isPresent() || fixed.accumulation().isPresent();
    if (micro < 1 || each % micro != 0 || (holds < 1 && !byHand)) {
      return Optional.empty();
    }
    long accumulation = each / micro;
    if (fixed.accumulation().isPresent() && fixed.accumulation().getAsLong() != accumulation) {
      return Optional.empty();
    }
    return Optional.of(
        new ParallelPlan(gpus, tensor, pipeline, data, micro, accumulation, batch, micro <= holds));
  }

  private static long largestDivisor(long number, long most) {
    for (long divisor = Math.min(number, most); divisor > 0; divisor--) {
      if (number % divisor == 0) {
        return divisor;
      }
    }
    return 0;
  }

  private void nearestGpus(int gpus, long batch, List<Alternative> alternatives) {
    TreeSet<Integer> candidates = new TreeSet<>();
    for (int data = 1; data <= Math.min(batch, MOST_GPUS); data++) {
      if (batch % data == 0) {
        for (Sharing sharing : sharings) {
          candidates.add(data * sharing.gpus());
        }
      }
    }
    first(candidates.headSet(gpus, false).descendingSet(), n -> find(n, batch))
        .ifPresent(fewer -> alternatives.add(new Alternative(fewer, batch)));
    first(candidates.tailSet(gpus + 1), n -> find(n, batch))
        .ifPresent(more -> alternatives.add(new Alternative(more, batch)));
  }

  private static Optional<Integer> first(
      Set<Integer> candidates, Function<Integer, Optional<ParallelPlan>> find) {
    return candidates.stream().filter(n -> find.apply(n).isPresent()).findFirst();
  }

  private void nearestBatches(int gpus, long batch, List<Alternative> alternatives) {
    if (!fitsSomehow(estimate, gpus)) {
      return;
    }
    for (long smaller = batch - 1; smaller >= Math.max(1, batch - MOST_TRIES); smaller--) {
      if (find(gpus, smaller).isPresent()) {
        alternatives.add(new Alternative(gpus, smaller));
        break;
      }
    }
    for (long larger = batch + 1; larger <= batch + MOST_TRIES; larger++) {
      if (find(gpus, larger).isPresent()) {
        alternatives.add(new Alternative(gpus, larger));
        break;
      }
    }
  }

  private String reason(int gpus, long batch) {
    if (!rollouts.fitBatch(batch)) {
      return "batch_size %d does not hold whole groups of rollout_n = %d answers"
          .formatted(batch, rollouts.answers());
    }
    if (!fitsSomehow(estimate, gpus)) {
      return "%s does not fit on %s (estimated: parameters, optimiser and activations)%s"
          .formatted(
              MicroBatches.title(estimate),
              Counts.of(gpus, "GPU"),
              fitsSomehow(estimate.withLora(), gpus)
                  ? ", but with LoRA it does (--set lora_enabled=true)"
                  : "");
    }
    List<String> said = new ArrayList<>();
    fixed.micro().ifPresent(n -> said.add("micro_batch_size " + n));
    fixed.accumulation().ifPresent(n -> said.add("gradient_accumulation_steps " + n));
    fixed.tensor().ifPresent(n -> said.add("tensor_parallel_size " + n));
    fixed.pipeline().ifPresent(n -> said.add("pipeline_parallel_size " + n));
    return "batch_size %d cannot be divided among %s%s: micro batch x data-parallel GPUs x accumulation has to be %d%s"
        .formatted(
            batch,
            Counts.of(gpus, "GPU"),
            said.isEmpty() ? "" : " with " + String.join(" and ", said),
            batch,
            rollouts.prompts() > 0
                ? ", and the %d answers of a rollout have to be divided among them too"
                    .formatted(
                        rollouts.prompts()
                            * rollouts.answers()
                            * (rollouts.followBatch() ? batch : 1))
                : "");
  }

  private boolean fitsSomehow(MemoryEstimate needed, int gpus) {
    return sharings.stream()
        .filter(sharing -> gpus % sharing.gpus() == 0)
        .anyMatch(
            sharing ->
                needed.micro(sharing.tensor(), sharing.pipeline(), gpus / sharing.gpus()) > 0);
  }

  private static String advice(int gpus, List<Alternative> alternatives) {
    if (alternatives.isEmpty()) {
      return "; no number of GPUs up to %s holds it: GPUs with more memory are needed (--memory)"
          .formatted(Counts.number(MOST_GPUS));
    }
    String ways =
        alternatives.stream()
            .map(a -> a.gpus() == gpus ? "--set batch_size=" + a.batchSize() : "--gpus " + a.gpus())
            .collect(Collectors.joining(", or "));
    return "; what does fit: " + ways;
  }
}
