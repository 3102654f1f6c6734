package dev.mixdown.registry.experience;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.JobReport.MetricsDigest;
import dev.mixdown.registry.JobsEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Catalogs;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.experience.BestPractices.Practice;
import dev.mixdown.registry.experience.MetricDirections.Direction;
import dev.mixdown.registry.experience.Recommendations.Tally;
import dev.mixdown.registry.experience.SimilarJobs.Similar;
import dev.mixdown.registry.experience.Suggestions.Suggestion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every answer beside the one that an obvious program gives. */
class ExperienceTest {
  private static final String LONG_AGO = "2026-01-01 00:00:00.000000";
  private static final Set<String> KNOWN = Set.of("sft_basic", "grpo_basic", "dpo_basic");

  @TempDir Path folder;

  private Catalogs catalogs;
  private Registry registry;
  private final List<JobReport> reports = new ArrayList<>();

  @BeforeEach
  void begin() {
    catalogs = new Catalogs(folder);
    registry = catalogs.registry("registry");
  }

  /** A job: columns as key and value, one after the other. */
  private ObjectNode job(String uuid, String status, String recipe, Object... columns) {
    ObjectNode row = Json.object().put("uuid", uuid).put("name", "n-" + uuid).put("status", status);
    row.put(
        "algorithm", recipe.startsWith("sft") ? "SFT" : recipe.startsWith("dpo") ? "DPO" : "GRPO");
    row.put("recipe_id", recipe).put("created_at", "2026-02-01 00:00:00.000000");
    row.put("updated_at", "2026-02-01 00:00:00.000000");
    for (int i = 0; i < columns.length; i += 2) {
      row.set((String) columns[i], Json.tree(columns[i + 1]));
    }
    reports.add(JobReport.whole(uuid, row, null, List.of(), null));
    return row;
  }

  /** What the last job measured. */
  private void measured(String metric, double... values) {
    List<String> columns = List.of("extra_metrics", "step");
    MetricsDigest digest = new MetricsDigest();
    List<List<@Nullable JsonNode>> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      ObjectNode extra = Json.object();
      if (Double.isFinite(values[i])) {
        extra.put(metric, values[i]);
      } else {
        extra.put(metric, Double.toString(values[i]));
      }
      List<@Nullable JsonNode> row = new ArrayList<>(List.of(extra, Json.tree(i * 10L)));
      digest.add(columns, row);
      rows.add(row);
    }
    JobReport last = reports.remove(reports.size() - 1);
    reports.add(
        JobReport.whole(
            last.uuid(),
            last.row(),
            new Metrics(0, new MetricsDigest().value(), columns, rows, digest.value()),
            last.versions(),
            last.manifest()));
  }

  private void onData(@Nullable String manifest, String... versions) {
    JobReport last = reports.remove(reports.size() - 1);
    reports.add(
        JobReport.whole(
            last.uuid(),
            last.row(),
            last.metrics(),
            Arrays.stream(versions).map(v -> new Used("d-" + v, v, null)).toList(),
            manifest));
  }

  private Catalog catalog() throws IOException {
    return catalog(DatabaseAddress.of(folder.resolve("catalog.db").toString(), Optional.empty()));
  }

  private Catalog catalog(DatabaseAddress address) throws IOException {
    registry.add(JobsEntry.of(reports, "2026-02-02T00:00:00Z", null));
    return catalogs.current(address, registry);
  }

  private static Recommendations recommended(Catalog catalog, @Nullable String algorithm) {
    return Recommendations.of(
        catalog, new Recommendations.Request(algorithm, KNOWN, KNOWN, 1, 5, LONG_AGO));
  }

  @Test
  void the_lower_bound_is_wilsons() {
    // By R's prop.test(x, n, correct = FALSE).
    assertThat(Wilson.low(1, 1), closeTo(0.2065, 0.0001));
    assertThat(Wilson.low(92, 100), closeTo(0.8500, 0.0001));
    assertThat(Wilson.low(0, 10), is(0.0));
    assertThat(Wilson.low(0, 0), is(0.0));
    assertThat(Wilson.low(10, 10), closeTo(0.7225, 0.0001));
  }

  @Test
  void one_of_one_does_not_come_before_92_of_100_and_failed_jobs_count() throws IOException {
    job("a1", "COMPLETED", "dpo_basic");
    for (int i = 0; i < 100; i++) {
      job("b" + i, i < 92 ? "COMPLETED" : "FAILED", "grpo_basic", "learning_rate", 1e-6);
    }
    try (Catalog catalog = catalog()) {
      List<Tally> recipes = recommended(catalog, null).recipes();
      assertThat(recipes.stream().map(Tally::recipe).toList(), contains("grpo_basic", "dpo_basic"));
      assertThat(recipes.get(0).successRate(), is(92.0));
      assertThat(recipes.get(0).failed(), is(8L));
      assertThat(recipes.get(1).successRate(), is(100.0));
    }
  }

  @Test
  void stale_cancelled_and_unknown_jobs_count_as_neither_completed_nor_failed() throws IOException {
    job("a1", "COMPLETED", "sft_basic");
    job(
        "a2",
        "RUNNING",
        "sft_basic",
        "updated_at",
        "2025-06-01 00:00:00.000000",
        "created_at",
        "2025-06-01 00:00:00.000000");
    job("a3", "RUNNING", "sft_basic");
    job("a4", "CANCELLED", "sft_basic");
    job("a5", "GRADUATED", "sft_basic");
    job("a6", "COMPLETED", "nobodys_recipe");
    try (Catalog catalog = catalog()) {
      Recommendations found = recommended(catalog, null);
      Tally tally = found.recipes().get(0);
      assertThat(tally.total(), is(4L));
      assertThat(tally.stale(), is(1L));
      assertThat(tally.cancelled(), is(1L));
      assertThat(tally.successRate(), is(100.0));
      assertThat(found.stale(), contains("a2"));
      assertThat(found.uncounted(), contains("a5"));
      assertThat(found.unknownRecipes(), contains("nobodys_recipe"));
    }
  }

  @Test
  void without_a_completed_job_the_answer_says_so() throws IOException {
    job("a1", "FAILED", "sft_basic");
    try (Catalog catalog = catalog()) {
      assertThat(
          recommended(catalog, null).emptiness().orElseThrow(),
          containsString("no job of any recipe has been completed"));
    }
  }

  @Test
  void recommendations_are_those_of_an_obvious_program_on_both_databases() throws IOException {
    Random random = new Random(17);
    for (int i = 0; i < 400; i++) {
      List<Object> columns = new ArrayList<>();
      if (random.nextInt(6) > 0) {
        columns.addAll(
            List.of(
                "learning_rate",
                random.nextInt(9) == 0 ? 0.0 : Math.pow(10, -7 + 3 * random.nextDouble())));
      }
      if (random.nextInt(6) > 0) {
        columns.addAll(List.of("batch_size", 1 << random.nextInt(10)));
      }
      job(
          "j" + i,
          List.of("COMPLETED", "FAILED", "RUNNING", "CANCELLED", "ODD").get(random.nextInt(5)),
          List.of("sft_basic", "grpo_basic", "dpo_basic").get(random.nextInt(3)),
          columns.toArray());
    }
    for (DatabaseAddress address : catalogs.empty()) {
      try (Catalog catalog = catalog(address)) {
        for (Tally tally : recommended(catalog, null).recipes()) {
          List<ObjectNode> mine =
              reports.stream()
                  .map(JobReport::row)
                  .filter(row -> row.get("recipe_id").asText().equals(tally.recipe()))
                  .filter(row -> !row.get("status").asText().equals("ODD"))
                  .toList();
          List<ObjectNode> completed =
              mine.stream().filter(r -> r.get("status").asText().equals("COMPLETED")).toList();
          assertThat(tally.total(), is((long) mine.size()));
          assertThat(tally.completed(), is((long) completed.size()));
          double[] rates =
              completed.stream()
                  .filter(r -> r.has("learning_rate"))
                  .mapToDouble(r -> r.get("learning_rate").doubleValue())
                  .toArray();
          assertThat(
              tally.learningRate().getAsDouble(),
              closeTo(Arrays.stream(rates).average().orElseThrow(), 1e-15));
          double geometric =
              Math.exp(
                  Arrays.stream(rates).filter(r -> r > 0).map(Math::log).average().orElseThrow());
          assertThat(
              tally.typicalLearningRate().getAsDouble(), closeTo(geometric, geometric * 1e-9));
        }
      }
    }
  }

  private static BestPractices best(Catalog catalog, String metric, boolean last, int limit)
      throws IOException {
    return BestPractices.of(
        catalog,
        new BestPractices.Request(
            "grpo_basic",
            metric,
            MetricDirections.standard().of(metric).orElseThrow(),
            last,
            limit,
            null));
  }

  @Test
  void a_loss_is_better_lower_a_reward_higher_and_some_are_neither() {
    Map<String, Optional<Direction>> expected = new LinkedHashMap<>();
    for (String metric :
        List.of(
            "loss",
            "policy_loss",
            "eval/loss",
            "perplexity",
            "kl_divergence",
            "reward_loss",
            "step_time")) {
      expected.put(metric, Optional.of(Direction.LOWER));
    }
    for (String metric :
        List.of(
            "reward_mean",
            "f1",
            "accuracy",
            "eval_accuracy",
            "Reward",
            "tokens_per_second",
            "win_rate")) {
      expected.put(metric, Optional.of(Direction.HIGHER));
    }
    for (String metric :
        List.of("reward_std", "entropy", "learning_rate", "grad_norm_actor", "zeal")) {
      expected.put(metric, Optional.empty());
    }
    expected.forEach(
        (metric, direction) ->
            assertThat(metric, MetricDirections.standard().of(metric), is(direction)));
  }

  @Test
  void the_best_jobs_are_those_of_an_obvious_program() throws IOException {
    Random random = new Random(23);
    Map<String, double[]> values = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      String status = random.nextInt(4) == 0 ? "FAILED" : "COMPLETED";
      job("j%02d".formatted(i), status, "grpo_basic", "learning_rate", 1e-6 * (i + 1));
      double[] loss = new double[random.nextInt(4)];
      for (int s = 0; s < loss.length; s++) {
        loss[s] =
            random.nextInt(15) == 0
                ? (random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY)
                : Math.round(random.nextDouble() * 10) / 10.0;
      }
      if (loss.length > 0) {
        measured("loss", loss);
      }
      if (status.equals("COMPLETED")) {
        values.put("j%02d".formatted(i), loss);
      }
    }
    Comparator<Map.Entry<String, Double>> order =
        Comparator.comparingDouble((Map.Entry<String, Double> e) -> e.getValue())
            .thenComparing(Map.Entry::getKey);
    try (Catalog catalog = catalog()) {
      for (boolean last : List.of(false, true)) {
        Map<String, Double> expected = new HashMap<>();
        long notFinite = 0;
        for (Map.Entry<String, double[]> job : values.entrySet()) {
          double[] all = job.getValue();
          if (Arrays.stream(all).anyMatch(v -> !Double.isFinite(v))) {
            notFinite++;
          } else if (all.length > 0) {
            expected.put(
                job.getKey(), last ? all[all.length - 1] : Arrays.stream(all).min().orElseThrow());
          }
        }
        BestPractices found = best(catalog, "loss", last, 10);
        assertThat(
            found.best().stream().map(p -> p.job().uuid()).toList(),
            equalTo(
                expected.entrySet().stream()
                    .sorted(order)
                    .limit(10)
                    .map(Map.Entry::getKey)
                    .toList()));
        assertThat(found.compared(), is((long) expected.size()));
        assertThat(found.notFinite(), is(notFinite));
        assertThat(found.unfinished(), is(60L - values.size()));
        assertThat(
            found.unmeasured(), is(values.values().stream().filter(v -> v.length == 0).count()));
        Practice first = found.best().get(0);
        assertThat(first.config().config().get("algorithm").asText(), is("grpo"));
        assertThat(first.config().config().has("learning_rate"), is(true));
      }
    }
  }

  @Test
  void same_data_are_jobs_on_the_same_versions_or_on_a_share_of_them() throws IOException {
    String a = Samples.hash("a");
    String b = Samples.hash("b");
    String c = Samples.hash("c");
    job("both", "COMPLETED", "grpo_basic");
    measured("f1", 0.1);
    onData(null, a, b);
    job("first", "COMPLETED", "grpo_basic");
    measured("f1", 0.2);
    onData(null, a);
    job("more", "COMPLETED", "grpo_basic");
    measured("f1", 0.3);
    onData(null, a, b, c);
    job("none", "COMPLETED", "grpo_basic");
    measured("f1", 0.4);
    try (Catalog catalog = catalog()) {
      Map<String, Long> samples = Map.of(a, 90L, b, 10L);
      assertThat(
          onSame(catalog, new DataFilter(samples, null, m -> OptionalDouble.empty())),
          contains("both"));
      assertThat(
          onSame(catalog, new DataFilter(samples, 1.0, m -> OptionalDouble.empty())),
          containsInAnyOrder("both", "more"));
      assertThat(
          onSame(catalog, new DataFilter(samples, 0.9, m -> OptionalDouble.empty())),
          containsInAnyOrder("both", "more", "first"));
    }
  }

  @Test
  void a_share_is_one_of_samples_by_identity_where_that_is_known() throws IOException {
    String a = Samples.hash("a");
    job("little", "COMPLETED", "grpo_basic");
    measured("f1", 0.1);
    onData("00000000000000000001", a);
    job("most", "COMPLETED", "grpo_basic");
    measured("f1", 0.2);
    onData("00000000000000000002");
    job("unknown", "COMPLETED", "grpo_basic");
    measured("f1", 0.3);
    onData("00000000000000000003", a);
    DataFilter.Shares shares =
        manifest ->
            manifest.endsWith("1")
                ? OptionalDouble.of(0.1)
                : manifest.endsWith("2") ? OptionalDouble.of(0.95) : OptionalDouble.empty();
    try (Catalog catalog = catalog()) {
      assertThat(
          onSame(catalog, new DataFilter(Map.of(a, 100L), 0.9, shares)),
          containsInAnyOrder("most", "unknown"));
      assertThat(
          onSame(catalog, new DataFilter(Map.of(a, 100L), null, shares)),
          containsInAnyOrder("little", "unknown"));
    }
  }

  private static List<String> onSame(Catalog catalog, DataFilter filter) throws IOException {
    return BestPractices.of(
            catalog,
            new BestPractices.Request("grpo_basic", "f1", Direction.HIGHER, false, 9, filter))
        .best()
        .stream()
        .map(practice -> practice.job().uuid())
        .toList();
  }

  private static TrainingParameters config(String json) throws IOException {
    return TrainingParameters.of((ObjectNode) Json.value(json));
  }

  private void three(String recipe, double rate, Object... columns) {
    for (int i = 0; i < 3; i++) {
      List<Object> all = new ArrayList<>(List.of("learning_rate", rate, "kl_coef", 0.02));
      all.addAll(Arrays.asList(columns));
      job("j" + i, "COMPLETED", recipe, all.toArray());
      measured("reward_mean", 0.5 + i);
    }
  }

  private Suggestions suggested(Catalog catalog, String recipe, String config, int least)
      throws IOException {
    BestPractices best =
        BestPractices.of(
            catalog,
            new BestPractices.Request(recipe, "reward_mean", Direction.HIGHER, false, 3, null));
    return Suggestions.of(config(config), best, least);
  }

  @Test
  void a_suggestion_has_the_words_that_people_know_and_its_evidence() throws IOException {
    three("grpo_basic", 6.5e-7, "batch_size", 256);
    try (Catalog catalog = catalog()) {
      Suggestions found =
          suggested(
              catalog,
              "grpo_basic",
              "{\"learning_rate\": 1e-05, \"batch_size\": 200, \"kl_coef\": 0.02}",
              3);
      Suggestion rate = found.suggestions().get(0);
      assertThat(
          rate.reason(), is("learning_rate: 1e-05 -> 6.5e-07, the best jobs average 6.50e-07"));
      assertThat(rate.jobs(), containsInAnyOrder("j0", "j1", "j2"));
      assertThat(rate.mean(), is(6.5e-7));
      // 200 is within 30 % of 256, and the KL coefficient is the same.
      assertThat(found.suggestions().size(), is(1));
    }
  }

  @Test
  void zero_and_nothing_break_no_suggestion() throws IOException {
    three("grpo_basic", 0.0, "batch_size", 0);
    try (Catalog catalog = catalog()) {
      assertThat(
          suggested(
                  catalog,
                  "grpo_basic",
                  "{\"learning_rate\": 0, \"batch_size\": 0, \"kl_coef\": 0}",
                  3)
              .suggestions()
              .stream()
              .map(Suggestion::reason)
              .toList(),
          contains("kl_coef: 0 -> 0.02, the best jobs average 0.02"));
      assertThat(
          suggested(catalog, "grpo_basic", "{}", 3).suggestions().stream()
              .map(Suggestion::reason)
              .toList(),
          contains("kl_coef: none -> 0.02, the best jobs average 0.02"));
    }
  }

  @Test
  void what_the_algorithm_does_not_use_is_left_alone_and_few_jobs_suggest_nothing()
      throws IOException {
    three("sft_basic", 1e-5);
    try (Catalog catalog = catalog()) {
      assertThat(
          suggested(
                  catalog,
                  "sft_basic",
                  "{\"algorithm\": \"sft\", \"kl_coef\": 5, \"learning_rate\": 1e-5}",
                  3)
              .suggestions(),
          empty());
      Suggestions few = suggested(catalog, "dpo_basic", "{}", 3);
      assertThat(few.suggestions(), empty());
      assertThat(
          few.refused().orElseThrow(),
          is(
              "0 completed jobs of dpo_basic have reward_mean; 3 are needed (--min-jobs asks for fewer)"));
    }
  }

  @Test
  void similarity_is_gowers_as_an_obvious_program_has_it_on_both_databases() throws IOException {
    Random random = new Random(31);
    List<String> columns =
        List.of(
            "learning_rate",
            "batch_size",
            "num_epochs",
            "max_steps",
            "context_length",
            "kl_coef",
            "rollout_n",
            "lora_enabled",
            "lora_rank",
            "num_gpus");
    Set<String> logarithmic =
        Set.of("learning_rate", "batch_size", "max_steps", "context_length", "num_gpus");
    for (int i = 0; i < 80; i++) {
      List<Object> values = new ArrayList<>();
      for (String column : columns) {
        if (random.nextInt(5) > 0) {
          values.add(column);
          values.add(
              switch (column) {
                case "learning_rate" ->
                    random.nextInt(8) == 0 ? 0.0 : Math.pow(10, -7 + 4 * random.nextDouble());
                case "lora_enabled" -> random.nextInt(2);
                case "kl_coef" -> random.nextDouble();
                default -> 1 + random.nextInt(64);
              });
        }
      }
      job(
          "j%02d".formatted(i),
          random.nextInt(5) == 0 ? "FAILED" : "COMPLETED",
          List.of("sft_basic", "grpo_basic").get(random.nextInt(2)),
          values.toArray());
    }
    TrainingParameters reference =
        config(
            "{\"algorithm\": \"grpo\", \"learning_rate\": 1e-5, \"batch_size\": 500, \"kl_coef\":"
                + " 0.1, \"lora_enabled\": true, \"lora_rank\": 8, \"num_epochs\": 2}");
    Map<String, Double> expected = gower(reference, columns, logarithmic);
    List<String> order =
        expected.entrySet().stream()
            .sorted(
                Comparator.comparingDouble((Map.Entry<String, Double> e) -> -e.getValue())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    for (DatabaseAddress address : catalogs.empty()) {
      try (Catalog catalog = catalog(address)) {
        SimilarJobs found = SimilarJobs.of(catalog, reference, null, 100);
        assertThat(found.compared(), is((long) expected.size()));
        assertThat(found.jobs().stream().map(s -> s.job().uuid()).toList(), equalTo(order));
        for (Similar similar : found.jobs()) {
          assertThat(similar.similarity(), closeTo(expected.get(similar.job().uuid()), 1e-9));
          assertThat(similar.differing().size() <= 3, is(true));
        }
        assertThat(
            SimilarJobs.of(catalog, reference, Algorithm.SFT, 5).jobs().stream()
                .allMatch(s -> "sft".equals(s.job().algorithm())),
            is(true));
      }
    }
  }

  private Map<String, Double> gower(
      TrainingParameters reference, List<String> columns, Set<String> logarithmic) {
    Map<String, Map<String, Double>> jobs = new TreeMap<>();
    Map<String, String> algorithms = new HashMap<>();
    for (JobReport report : reports) {
      ObjectNode row = report.row();
      if (!row.get("status").asText().equals("COMPLETED")) {
        continue;
      }
      boolean sft = row.get("algorithm").asText().equals("SFT");
      Map<String, Double> values = new HashMap<>();
      for (String column : columns) {
        boolean unused =
            (sft && (column.equals("kl_coef") || column.equals("rollout_n")))
                || (column.equals("lora_rank") && row.path("lora_enabled").asInt(1) == 0);
        if (row.has(column) && !unused) {
          double value = row.get(column).doubleValue();
          if (!logarithmic.contains(column)) {
            values.put(column, value);
          } else if (value > 0) {
            values.put(column, Math.log(value));
          }
        }
      }
      jobs.put(report.uuid(), values);
      algorithms.put(report.uuid(), row.get("algorithm").asText());
    }
    Map<String, Double> similarities = new HashMap<>();
    jobs.forEach(
        (uuid, values) -> {
          double sum = algorithms.get(uuid).equals("GRPO") ? 0 : 1;
          int terms = 1;
          for (String column : columns) {
            Double ours = reference.numbers().get(column);
            Double theirs = values.get(column);
            if (ours != null && theirs != null) {
              double mine = logarithmic.contains(column) ? Math.log(ours) : ours;
              double[] all =
                  jobs.values().stream()
                      .filter(v -> v.containsKey(column))
                      .mapToDouble(v -> v.get(column))
                      .toArray();
              double range =
                  Arrays.stream(all).max().orElseThrow() - Arrays.stream(all).min().orElseThrow();
              sum +=
                  column.equals("lora_enabled")
                      ? (mine == theirs ? 0 : 1)
                      : Math.min(1, Math.abs(mine - theirs) / range);
              terms++;
            }
          }
          similarities.put(uuid, 1 - sum / terms);
        });
    return similarities;
  }

  @Test
  void a_cost_is_that_of_ended_jobs_of_the_size_and_scales_with_samples() throws IOException {
    registry.add(
        Samples.manifest("manifest01", "run-1", Samples.version("d", "x", "2026-01-01T00:00:00Z")));
    for (int i = 1; i <= 4; i++) {
      job(
          "j" + i,
          i == 4 ? "FAILED" : "COMPLETED",
          "grpo_basic",
          "num_gpus",
          8,
          "num_epochs",
          1,
          "model_path",
          "/models/base-17B",
          "started_at",
          "2026-02-01 00:00:00.000000",
          "completed_at",
          "2026-02-01 0%d:00:00.000000".formatted(i));
      onData(i < 3 ? "manifest01" : null);
    }
    job(
        "other",
        "COMPLETED",
        "grpo_basic",
        "num_gpus",
        8,
        "model_path",
        "/models/base-7B",
        "started_at",
        "2026-02-01 00:00:00.000000",
        "completed_at",
        "2026-02-09 00:00:00.000000");
    try (Catalog catalog = catalog()) {
      Cost cost =
          Cost.of(
                  catalog,
                  new Cost.Request("grpo_basic", ModelSize.parse("17B"), 16, null, 1, null))
              .orElseThrow();
      assertThat(cost.jobs(), is(4L));
      assertThat(cost.completed(), is(3L));
      assertThat(cost.median(), closeTo(20, 1e-9));
      assertThat(cost.high(), closeTo(29.6, 1e-9));
      // Ten samples took 8 and 16 hours; a hundred samples twice take twenty times as many.
      Cost scaled =
          Cost.of(catalog, new Cost.Request("grpo_basic", ModelSize.parse("17B"), 16, 100L, 2, 2.0))
              .orElseThrow();
      assertThat(scaled.scaled(), is(true));
      assertThat(scaled.median(), closeTo(240, 1e-9));
      assertThat(scaled.json().at("/p50/price").asDouble(), closeTo(480, 1e-9));
      assertThat(
          Cost.of(
              catalog, new Cost.Request("grpo_basic", ModelSize.parse("70B"), 8, null, 1, null)),
          is(Optional.empty()));
    }
  }

  @Test
  void a_clone_says_where_it_came_from_and_what_was_overridden() throws IOException {
    job(
        "j1",
        "FAILED",
        "sft_basic",
        "learning_rate",
        1e-5,
        "kl_coef",
        0.02,
        "lora_enabled",
        0,
        "lora_rank",
        8,
        "config",
        Json.value("{\"learning_rate\": 2e-5, \"optimizer\": {\"name\": \"adamw\"}}"));
    onData("manifest01");
    try (Catalog catalog = catalog()) {
      Problems problems = new Problems("the config");
      ClonedJob cloned =
          ClonedJob.of(
              new CatalogJobs(catalog).find("j1"),
              catalog.job("j1").orElseThrow(),
              Overrides.parse(List.of("optimizer.name=muon", "batch_size=64"), problems),
              Instant.parse("2026-03-01T00:00:00Z"));
      assertThat(
          cloned.config().toString(),
          equalTo(
              ("{\"algorithm\":\"sft\",\"learning_rate\":0.00001,\"lora_enabled\":false,\"recipe\":\"sft_basic\",\"optimizer\":{\"name\":\"muon\"},\"batch_size\":64,\"cloned_from\":\"j1\",\"cloned_at\":\"2026-03-01T00:00:00Z\",\"overrides\":{\"optimizer.name\":\"muon\",\"batch_size\":64},\"manifest_id\":\"manifest01\"}")));
      assertThat(
          cloned.notes(),
          contains(
              "learning_rate is 0.00001 in its column, which counts, and 0.00002 in its config",
              "job j1 did not complete: its status is failed"));
    }
  }
}
