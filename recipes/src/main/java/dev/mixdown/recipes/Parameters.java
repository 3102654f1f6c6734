package dev.mixdown.recipes;

import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of training configs that are known, by name: {@code parameters.yaml}. */
public final class Parameters {
  /** The names of those that code speaks of. */
  public static final String LEARNING_RATE = "learning_rate";

  public static final String BATCH_SIZE = "batch_size";
  public static final String MICRO_BATCH_SIZE = "micro_batch_size";
  public static final String ACCUMULATION = "gradient_accumulation_steps";
  public static final String NUM_EPOCHS = "num_epochs";
  public static final String MAX_STEPS = "max_steps";
  public static final String WARMUP_STEPS = "warmup_steps";
  public static final String CONTEXT_LENGTH = "context_length";
  public static final String MAX_PROMPT_LENGTH = "max_prompt_length";
  public static final String MAX_RESPONSE_LENGTH = "max_response_length";
  public static final String NUM_GPUS = "num_gpus";
  public static final String TENSOR_PARALLEL = "tensor_parallel_size";
  public static final String PIPELINE_PARALLEL = "pipeline_parallel_size";
  public static final String LORA_ENABLED = "lora_enabled";
  public static final String LORA_RANK = "lora_rank";
  public static final String LORA_ALPHA = "lora_alpha";
  public static final String KL_COEF = "kl_coef";
  public static final String ROLLOUT_N = "rollout_n";
  public static final String ROLLOUT_BATCH_SIZE = "rollout_batch_size";
  public static final String MINI_BATCH_SIZE = "mini_batch_size";

  /** Two whole numbers can be multiplied without a thought. */
  private static final Optional<BigDecimal> MOST = Optional.of(new BigDecimal(1_000_000_000));

  private static final String FILE = "parameters.yaml";
  private static final Parameters STANDARD = read();

  private final Map<String, Parameter> byName;

  private Parameters(Map<String, Parameter> byName) {
    this.byName = byName;
  }

  /** The table that comes with mixdown. */
  public static Parameters standard() {
    return STANDARD;
  }

  private static Parameters read() {
    Problems problems = new Problems(FILE);
    Optional<Node> root = YamlTree.read(BundledText.of(Parameters.class, FILE), FILE, problems);
    Map<String, Parameter> byName = new LinkedHashMap<>();
    Node.Mapping all = (Node.Mapping) root.orElseThrow();
    all.values()
        .forEach((name, node) -> byName.put(name, parameter(name, Fields.of(node, problems))));
    problems.throwIfAny();
    return new Parameters(byName);
  }

  private static Parameter parameter(String name, Fields fields) {
    Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    for (String word : fields.texts("algorithms")) {
      algorithms.add(Algorithm.of(word).orElseThrow());
    }
    String type = fields.requiredText("type").orElse("text");
    Parameter parameter =
        new Parameter(
            name,
            Parameter.Type.valueOf(type.toUpperCase(Locale.ROOT)),
            fields.signed("least"),
            fields.signed("above"),
            fields.signed("most").or(() -> type.equals("integer") ? MOST : Optional.empty()),
            algorithms);
    fields.refuseOthers();
    return parameter;
  }

  /** A parameter; empty where it is not known. */
  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The names of all. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
