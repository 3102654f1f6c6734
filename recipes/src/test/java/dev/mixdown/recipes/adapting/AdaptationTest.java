package dev.mixdown.recipes.adapting;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeName;
import dev.mixdown.recipes.adapting.PlanException.Alternative;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes fitted to models and GPUs. */
class AdaptationTest {
  private static final RecipeLibrary LIBRARY = new RecipeLibrary(RecipeFile.builtIn(), List.of());

  private static Recipe recipe(String id) {
    return LIBRARY.find(RecipeName.parse(id)).recipe();
  }

  private static Adapted apply(String id, String size, int gpus, String... set) {
    return apply(recipe(id), size, gpus, OptionalLong.empty(), set);
  }

  private static Adapted apply(
      Recipe recipe, String size, int gpus, OptionalLong samples, String... set) {
    Problems problems = new Problems();
    Overrides overrides = Overrides.parse(List.of(set), problems);
    problems.throwIfAny();
    return Adaptation.of(
        recipe,
        new Adaptation.Request(
            Optional.of(ModelSize.parse(size)),
            OptionalInt.of(gpus),
            GpuMemory.USUAL,
            overrides,
            samples));
  }

  private static Change change(Adapted adapted, String name) {
    return adapted.changes().stream()
        .filter(c -> c.parameter().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Nine recipes, twelve sizes, full and LoRA, and of 1 to 512 GPUs those that fall on each pair:
   * every number of GPUs comes for many pairs.
   */
  @Test
  void a_plan_is_the_recipes_batch_exactly_or_is_refused_with_numbers_that_do_apply() {
    List<String> sizes =
        List.of(
            "135M", "350M", "0.5B", "1B", "1.5B", "3B", "7B", "8B", "14B", "32B", "70B", "405B");
    int plans = 0;
    int refusals = 0;
    int turn = 0;
    for (RecipeFile file : RecipeFile.builtIn()) {
      Recipe recipe = recipe(file.id());
      long batch = recipe.defaultConfig().values().get("batch_size").wholeNumber().orElseThrow();
      for (String size : sizes) {
        for (String lora : List.of("lora_enabled=true", "lora_enabled=false")) {
          turn++;
          for (int gpus = 1; gpus <= 512; gpus++) {
            if (Integer.bitCount(gpus) > 1 && gpus % 16 != turn % 16) {
              continue;
            }
            String what = recipe.id() + " " + size + " " + lora + " " + gpus;
            try {
              ParallelPlan plan = apply(recipe, size, gpus, OptionalLong.empty(), lora).plan();
              assertThat(what, plan.micro() * plan.data() * plan.accumulation(), is(batch));
              assertThat(what, plan.data() * plan.tensor() * plan.pipeline(), is(gpus));
              assertThat(what, plan.fits(), is(true));
              plans++;
            } catch (PlanException e) {
              assertThat(what, e.alternatives().isEmpty(), is(false));
              for (Alternative other : e.alternatives()) {
                String set = "batch_size=" + other.batchSize();
                ParallelPlan plan =
                    apply(recipe, size, other.gpus(), OptionalLong.empty(), lora, set).plan();
                assertThat(
                    what + " " + other,
                    plan.micro() * plan.data() * plan.accumulation(),
                    is(other.batchSize()));
              }
              refusals++;
            }
          }
        }
      }
    }
    assertThat(plans, greaterThan(1_000));
    assertThat(refusals, greaterThan(5_000));
  }

  @Test
  void models_of_7b_and_70b_have_other_micro_batches_and_the_same_batch() {
    ParallelPlan small = apply("sft_large_scale", "7B", 32).plan();
    ParallelPlan large = apply("sft_large_scale", "70B", 32).plan();
    assertThat(small.micro(), is(not(large.micro())));
    assertThat(small.batch(), is(large.batch()));
  }

  @Test
  void every_value_says_where_it_comes_from() {
    Adapted adapted = apply("sft_large_scale", "70B", 32, "weight_decay=0.1");
    assertThat(adapted.changes().size(), is(adapted.config().values().size()));
    for (Change change : adapted.changes()) {
      assertThat(change.parameter(), change.why().isBlank(), is(false));
      assertThat(change.parameter(), change.source().isBlank(), is(false));
    }
    Change micro = change(adapted, "micro_batch_size");
    assertThat(micro.values(), is("2 -> 8"));
    assertThat(micro.why(), is("70B full fine-tuning at 4,096 tokens on 80 GB"));
    assertThat(micro.source(), is("estimated: parameters, optimiser and activations"));
    assertThat(change(adapted, "weight_decay").source(), is("--set"));
    assertThat(change(adapted, "batch_size").why(), is("kept"));
  }

  @Test
  void a_published_micro_batch_wins_over_an_estimate_and_names_its_source() {
    Change micro =
        change(apply("general_chat_sft", "8B", 8, "context_length=4096"), "micro_batch_size");
    assertThat(micro.to().wholeNumber().get(), is(1L));
    assertThat(micro.source(), is("Tülu 3 8B, open-instruct"));
  }

  @ParameterizedTest
  @CsvSource({
    // Tülu 3: 5e-6 for 8B, 2e-6 for 70B.
    "general_chat_sft, 8B, lora_enabled=false, 2e-5",
    "general_chat_sft, 70B, lora_enabled=false, 2e-5 -> 8e-6",
    "general_chat_sft, 405B, lora_enabled=false, 2e-5 -> 8e-6",
    "general_chat_sft, 8B, lora_enabled=true, 2e-5 -> 2e-4",
    "dpo_basic, 7B, lora_enabled=true, 5e-7",
    "dpo_basic, 7B, lora_enabled=false, 5e-7 -> 5e-8",
    "grpo_large_scale, 7B, lora_enabled=false, 1e-7 -> 3e-7",
    "math_reasoning_grpo, 70B, lora_enabled=false, 1e-6 -> 3.3e-7",
    "general_chat_sft, 70B, learning_rate=7e-6, 2e-5 -> 7e-6"
  })
  void learning_rates_follow_size_and_lora_by_published_ratios(
      String id, String size, String set, String values) {
    Change change = change(apply(id, size, 128, set), "learning_rate");
    assertThat(change.values(), is(values));
    if (values.endsWith("3.3e-7")) {
      assertThat(change.why(), containsString("to two digits"));
    }
  }

  @Test
  void steps_and_warm_up_follow_the_samples() {
    Adapted adapted = apply(recipe("sft_large_scale"), "70B", 32, OptionalLong.of(100_001));
    assertThat(change(adapted, "max_steps").values(), is("10000 -> 391"));
    assertThat(change(adapted, "warmup_steps").values(), is("500 -> 20"));
    assertThat(change(adapted, "max_steps").source(), is("the manifest's samples"));
    Adapted basic = apply(recipe("sft_basic"), "350M", 4, OptionalLong.of(12_800));
    assertThat(change(basic, "max_steps").values(), is("300"));
    assertThat(change(basic, "warmup_steps").values(), is("100 -> 30"));
  }

  @Test
  void what_is_set_by_hand_wins_and_decides_the_rest() {
    ParallelPlan plan = apply("sft_basic", "7B", 8, "micro_batch_size=2").plan();
    assertThat(plan.product(), is("2 x 8 x 8 = 128"));
    plan =
        apply("sft_basic", "7B", 8, "gradient_accumulation_steps=4", "tensor_parallel_size=2")
            .plan();
    assertThat(plan.product(), is("8 x 4 x 4 = 128"));
    PlanException refused =
        assertThrows(PlanException.class, () -> apply("sft_basic", "7B", 8, "micro_batch_size=3"));
    assertThat(refused.getMessage(), containsString("with micro_batch_size 3"));
    assertThat(
        refused.alternatives(), is(List.of(new Alternative(8, 126), new Alternative(8, 129))));
  }

  @Test
  void a_rollout_keeps_its_number_of_batches() {
    Adapted adapted = apply("grpo_basic", "7B", 8, "batch_size=256");
    assertThat(change(adapted, "rollout_batch_size").values(), is("512 -> 1024"));
    PlanException refused =
        assertThrows(PlanException.class, () -> apply("grpo_basic", "7B", 8, "batch_size=100"));
    assertThat(refused.getMessage(), startsWith("batch_size 100 does not hold whole groups"));
  }

  @Test
  void a_model_that_does_not_fit_is_refused_with_numbers_of_gpus_that_hold_it() {
    PlanException refused =
        assertThrows(PlanException.class, () -> apply("sft_large_scale", "70B", 8));
    assertThat(refused.getMessage(), containsString("does not fit on 8 GPUs"));
    assertThat(refused.alternatives(), is(List.of(new Alternative(16, 256))));
    assertThat(refused.getMessage(), containsString("with LoRA it does"));
    apply("sft_large_scale", "70B", 8, "lora_enabled=true");
    PlanException never = assertThrows(PlanException.class, () -> apply("sft_basic", "100T", 8));
    assertThat(never.getMessage(), containsString("GPUs with more memory are needed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          learning_rat=1          | did you mean "learning_rate"?
          learning_rate=fast      | a number is expected
          learning_rate="1e-5"    | a number is expected
          learning_rate=0         | has to be above 0
          batch_size=-1           | may not be below 1
          batch_size=1.5          | a whole number is expected
          lora_enabled=yes        | true or false is expected
          optimizer.lr=1          | did you mean
          learning_rate.x=1       | has no "x" in it
          =5                      | a key, = and a value
          batch_size              | a key, = and a value
          batch_size={            | no valid YAML
          """)
  void a_value_that_cannot_be_set_has_its_own_message(String set, String message) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> apply("sft_basic", "7B", 8, set));
    assertThat(refused.getMessage(), containsString(message));
  }

  @Test
  void all_that_is_wrong_with_what_is_set_is_said_at_once() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> apply("sft_basic", "7B", 8, "learning_rat=1", "batch_size=x", "a.b=1"));
    assertThat(refused.problems().size(), is(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7B                       | 7000000000   | 7000000000
          7b                       | 7000000000   | 7000000000
          0.5B                     | 500000000    | 500000000
          350M                     | 350000000    | 350000000
          13B                      | 13000000000  | 13000000000
          17B                      | 17000000000  | 17000000000
          70,000,000,000           | 70000000000  | 70000000000
          7_000_000_000            | 7000000000   | 7000000000
          30B-A3B                  | 30000000000  | 3000000000
          Qwen3-30B-A3B-Instruct   | 30000000000  | 3000000000
          Llama-3.1-8B-Instruct    | 8000000000   | 8000000000
          meta-llama/Llama-3.2-1B  | 1000000000   | 1000000000
          Llama-4-Scout-17B-16E    | 17000000000  | 17000000000
          1T                       | 1000000000000 | 1000000000000
          """)
  void sizes_are_read_by_whole_words(String text, long total, long active) {
    ModelSize size = ModelSize.parse(text);
    assertThat(size.total(), is(total));
    assertThat(size.active(), is(active));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8x7B",
        "Mixtral-8x7B-v0.1",
        "7",
        "",
        "big",
        "B",
        "-7B5",
        "7B-and-8B",
        "0B",
        "3B-A30B",
        "999999999999999999999",
        "7GB"
      })
  void a_size_that_cannot_be_read_says_how_to_write_it(String text) {
    List<String> messages = new ArrayList<>();
    try {
      ModelSize.parse(text);
    } catch (IllegalArgumentException e) {
      messages.add(e.getMessage());
    }
    assertThat(text, messages.size(), is(1));
    if (text.contains("x7B")) {
      assertThat(messages.get(0), containsString("say the total"));
    }
  }
}
