package dev.mixdown.recipes.checking;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.SizeClass;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule finds what it is for, and says so in its own words. */
class ConfigRulesTest {
  private static Node.Mapping config(String yaml) {
    return (Node.Mapping) YamlTree.read(yaml, "c.yaml", new Problems()).orElseThrow();
  }

  private static List<Finding> findings(Algorithm algorithm, String yaml, OptionalLong samples) {
    return new ConfigRules(algorithm, SizeClass.MEDIUM, config(yaml)).findings(samples);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SFT  | {batch_size: 128, learning_rate: 0}                          | error   | bounds | learning_rate is 0; it has to be above 0
          SFT  | {batch_size: 128, learning_rate: fast}                       | error   | bounds | a number is expected
          SFT  | {batch_size: 128, micro_batch_size: 4611686018427387904, num_gpus: 4} | error | bounds | may not be above 1000000000
          SFT  | {batch_size: 128, num_epochs: 1e9999}                      | error   | bounds | may not be above 1000000
          GRPO | {batch_size: 128, temperature: 0}                            | error   | bounds | temperature is 0
          SFT  | {learning_rate: 1e-5}                                        | error   | no-batch | there is no batch_size
          SFT  | {batch_size: 128, micro_batch_size: 3, num_gpus: 8}          | error   | fractional-accumulation | is 5.333 steps
          SFT  | {batch_size: 128, num_gpus: 6, tensor_parallel_size: 4, micro_batch_size: 1} | error | parallel-sizes | cannot be divided
          GRPO | {batch_size: 128, mini_batch_size: 256}                      | error   | mini-batch | larger than batch_size 128
          GRPO | {batch_size: 128, rollout_n: 1}                              | error   | group-of-one | at least 2
          GRPO | {batch_size: 100, rollout_n: 8}                              | error   | whole-groups | cannot be divided by rollout_n 8
          PPO  | {batch_size: 128, rollout_n: 1, rollout_batch_size: 100, num_gpus: 8} | error | rollout-division | among 8 data-parallel GPUs
          SFT  | {batch_size: 16}                                             | warning | small-batch | below 32
          GRPO | {batch_size: 128, kl_coef: 0}                                | warning | idle-reference | keeps it for nothing
          GRPO | {batch_size: 128, kl_coef: 0.01, kl_loss_coef: 0.001}        | warning | two-kl-terms | use one of them
          PPO  | {batch_size: 128, use_kl_loss: true, use_kl_in_reward: true} | warning | two-kl-terms | use one of them
          SFT  | {batch_size: 128, learning_rate: 1e-2}                       | warning | published-band | 5e-6 to 3e-4 (Tülu 3 8B 5e-6
          SFT  | {batch_size: 128, learning_rate: 1e-5, lora_enabled: true}   | warning | published-band | with LoRA
          SFT  | {batch_size: 128, optim: {lr: 1e-2}}                         | warning | published-band | learning_rate 1e-2
          GRPO | {batch_size: 128, kl_coef: 0.5}                              | warning | published-band | DeepSeekMath 0.04
          SFT  | {batch_size: 128, max_steps: 100, warmup_steps: 100}         | warning | warm-up | never reaches
          SFT  | {batch_size: 128, kl_coef: 0.02}                             | notice  | unused | kl_coef is not used by sft
          SFT  | {batch_size: 128, learning_rat: 1}                           | notice  | unknown | did you mean "learning_rate"?
          """)
  void a_rule_finds_what_it_is_for(
      Algorithm algorithm, String yaml, String level, String rule, String message) {
    List<Finding> found = findings(algorithm, yaml, OptionalLong.empty());
    Finding one = found.stream().filter(f -> f.rule().equals(rule)).findFirst().orElseThrow();
    assertThat(one.level().word(), is(level));
    assertThat(one.message(), containsString(message));
  }

  @Test
  void a_usual_config_has_no_findings() {
    String yaml =
        "{batch_size: 128, learning_rate: 1e-5, num_epochs: 3, micro_batch_size: 4, num_gpus: 8, own: {x: 1}}";
    assertThat(findings(Algorithm.SFT, yaml, OptionalLong.empty()), is(empty()));
  }

  @Test
  void epochs_and_steps_have_to_say_the_same_of_the_samples() {
    String yaml = "{batch_size: 100, num_epochs: 3, max_steps: 300}";
    assertThat(findings(Algorithm.SFT, yaml, OptionalLong.of(10_000)), is(empty()));
    // A last batch that is not full is no contradiction.
    assertThat(findings(Algorithm.SFT, yaml, OptionalLong.of(9_967)), is(empty()));
    Finding found = findings(Algorithm.SFT, yaml, OptionalLong.of(20_000)).get(0);
    assertThat(found.rule(), is("epochs-and-steps"));
    assertThat(
        found.message(),
        is(
            "max_steps 300 x batch_size 100 are 30,000 samples, but num_epochs 3 of 20,000 samples are 60,000; with these data, max_steps is 600"));
  }

  @Test
  void percentiles_are_those_of_the_sorted_lengths() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      long[] all =
          LongStream.generate(() -> random.nextInt(50))
              .limit(1 + random.nextInt(300))
              .sorted()
              .toArray();
      Lengths lengths = Lengths.NONE;
      for (long length : all) {
        lengths = lengths.plus(new Lengths(List.of(length), List.of(1L)));
      }
      for (int percent : new int[] {1, 50, 95, 99, 100}) {
        int rank = (int) Math.ceil(all.length * percent / 100.0);
        assertThat(lengths.percentile(percent), is(all[Math.max(0, rank - 1)]));
      }
    }
    assertThat(Lengths.NONE.percentile(99), is(0L));
  }

  @Test
  void long_records_and_few_samples_are_warned_of() {
    DataRequirements requirements = new DataRequirements(List.of(), List.of(), 1_000L);
    Lengths characters = new Lengths(List.of(100L, 9_000L), List.of(90L, 10L));
    DataFacts facts = new DataFacts(100, Map.of(), List.of(), characters, Lengths.NONE);
    DataRules rules =
        new DataRules(requirements, config("{context_length: 2048}"), new BigDecimal("4"));
    List<String> messages = rules.findings(facts, 100).stream().map(Finding::message).toList();
    assertThat(messages, hasItem("there are 100 samples; the recipe was made for 1,000 or more"));
    assertThat(
        messages,
        hasItem(
            "1 of 100 records has 2,250 tokens or more (9,000 characters at 4 for each token), and the context holds 2,048: what is longer is cut"));
    // Records that say it themselves are believed.
    DataFacts counted =
        new DataFacts(
            100, Map.of(), List.of(), characters, new Lengths(List.of(2_000L), List.of(100L)));
    assertThat(rules.findings(counted, 1_000), is(empty()));
    DataRules parts =
        new DataRules(
            requirements,
            config("{max_prompt_length: 512, max_response_length: 1024}"),
            new BigDecimal("4"));
    assertThat(parts.findings(counted, 1_000).get(0).rule(), is("context"));
  }
}
