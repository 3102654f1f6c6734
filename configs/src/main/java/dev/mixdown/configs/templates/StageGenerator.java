package dev.mixdown.configs.templates;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.review.ConfigReview;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stage's dataset config from an existing one. Its datasets stay as they are; the settings
 * come from a template and from what is asked for, and {@code meta.x_filled_in} says which came
 * from where.
 */
public final class StageGenerator {
  private static final String NOTES = "x_filled_in";

  private final ReleaseRepository repository;
  private final LocalDateTime now;

  public StageGenerator(ReleaseRepository repository, LocalDateTime now) {
    this.repository = repository;
    this.now = now;
  }

  /**
   * A config in the making.
   *
   * @param warnings what is probably not meant, each with its place in the text
   */
  public record Generated(String text, DatasetConfig config, List<Problem> warnings) {}

  /**
   * Makes a config.
   *
   * @param base the config whose datasets it takes
   * @param stage its stage
   * @param chosen the template that a person chose; its settings win over the base's
   * @param ratio the {@code data_ratio}; empty for that of the base or template
   * @param output where it is going to lie, for messages
   * @throws ConfigException when base or result cannot be used
   */
  public Generated generate(
      String base,
      String stage,
      Optional<Template> chosen,
      Map<String, BigDecimal> ratio,
      String output)
      throws IOException {
    DatasetConfig old = base(base);
    Map<String, @Nullable Object> root = copy(old.root().plain());
    Map<String, @Nullable Object> meta = copy(root.get("meta"));
    Map<String, @Nullable Object> settings = copy(meta.get("stage_config"));
    Map<String, @Nullable Object> notes = new LinkedHashMap<>();
    note(meta, notes, "stage", stage, "as asked for");
    note(meta, notes, "release_name", releaseName(stage), "from the stage and today's date");
    note(meta, notes, "created_at", Timestamps.text(now), "now");
    Optional<Template> template = chosen.or(() -> Template.of(stage));
    template.ifPresent(t -> fill(t, chosen.isPresent(), old, meta, settings, notes));
    if (!ratio.isEmpty()) {
      note(settings, notes, "stage_config.", "data_ratio", ratio, "as asked for");
    }
    if (!settings.containsKey("sampling_strategy")) {
      note(settings, notes, "stage_config.", "sampling_strategy", "balanced", "the usual one");
    }
    meta.put("stage_config", settings);
    meta.put(NOTES, notes);
    root.put("meta", meta);
    return reviewed(text(root), output);
  }

  private DatasetConfig base(String base) throws IOException {
    String file = repository.locate(base);
    Problems problems = new Problems();
    boolean there = !StoragePath.isSupported(file) || repository.exists(file);
    Optional<DatasetConfig> config = there ? repository.config(file, problems) : Optional.empty();
    if (!there) {
      problems.add(
          file, "there is no such file; name the config to take datasets from with --base-config");
    }
    problems.throwIfAny();
    return config.orElseThrow();
  }

  /** Takes a template's settings: all of them, or only those that the base does not have. */
  private static void fill(
      Template template,
      boolean chosen,
      DatasetConfig old,
      Map<String, @Nullable Object> meta,
      Map<String, @Nullable Object> settings,
      Map<String, @Nullable Object> notes) {
    Map<String, @Nullable Object> from = copy(template.read().plain().get("meta"));
    String origin = "template " + template.word();
    if (chosen || !meta.containsKey("description")) {
      note(meta, notes, "description", from.get("description"), origin);
    }
    copy(from.get("stage_config"))
        .forEach(
            (key, value) -> {
              Object own = key.equals("data_ratio") ? served(copy(value), old) : value;
              if ((chosen || !settings.containsKey(key)) && own != null) {
                note(settings, notes, "stage_config.", key, own, origin);
              }
            });
  }

  /**
   * The part of a template's ratios that the datasets can serve, adding to 1 again; null when there
   * are datasets for which it has no ratio.
   */
  private static @Nullable Map<String, @Nullable Object> served(
      Map<String, @Nullable Object> ratios, DatasetConfig config) {
    Set<String> categories =
        config.enabled().stream()
            .map(d -> Categories.of(d, ratios.keySet()))
            .collect(Collectors.toSet());
    Map<String, @Nullable Object> served = new LinkedHashMap<>(ratios);
    served.keySet().retainAll(categories);
    if (!served.keySet().containsAll(categories)) {
      return null;
    }
    return served.size() == ratios.size() ? ratios : scaled(served);
  }

  /** Ratios to four digits, of which the last takes what is left to 1. */
  private static Map<String, @Nullable Object> scaled(Map<String, @Nullable Object> ratios) {
    BigDecimal sum =
        ratios.values().stream()
            .map(BigDecimal.class::cast)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    Map<String, @Nullable Object> scaled = new LinkedHashMap<>();
    BigDecimal left = BigDecimal.ONE;
    for (Map.Entry<String, @Nullable Object> ratio : ratios.entrySet()) {
      boolean last = scaled.size() == ratios.size() - 1;
      BigDecimal part =
          last ? left : ((BigDecimal) ratio.getValue()).divide(sum, 4, RoundingMode.HALF_EVEN);
      left = left.subtract(part);
      scaled.put(ratio.getKey(), part.stripTrailingZeros());
    }
    return scaled;
  }

  private static void note(
      Map<String, @Nullable Object> target,
      Map<String, @Nullable Object> notes,
      String key,
      @Nullable Object value,
      String origin) {
    note(target, notes, "", key, value, origin);
  }

  private static void note(
      Map<String, @Nullable Object> target,
      Map<String, @Nullable Object> notes,
      String prefix,
      String key,
      @Nullable Object value,
      String origin) {
    target.put(key, value);
    notes.put(prefix + key, origin);
  }

  /** {@code custom_experiment} on 23 September 2025 is {@code CustomExperiment_20250923}. */
  private String releaseName(String stage) {
    return Arrays.stream(stage.split("[_\\s-]+", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining())
        + "_"
        + DateTimeFormatter.BASIC_ISO_DATE.format(now);
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys.
  private static Map<String, @Nullable Object> copy(@Nullable Object object) {
    return object instanceof Map<?, ?> map
        ? new LinkedHashMap<>((Map<String, @Nullable Object>) map)
        : new LinkedHashMap<>();
  }

  /** The config as people like to read it: settings by line, and a line for each dataset. */
  private static String text(Map<String, @Nullable Object> root) {
    return root.entrySet().stream()
        .map(e -> "  " + Json.spaced(e.getKey()) + ": " + value(e.getKey(), e.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private static String value(String key, @Nullable Object value) {
    if (key.equals("dataset_index") && value instanceof List<?> datasets) {
      return datasets.stream()
          .map(dataset -> "    " + Json.spaced(dataset))
          .collect(Collectors.joining(",\n", "[\n", "\n  ]"));
    }
    return value == null ? "null" : Json.text(Json.tree(value)).replace("\n", "\n  ");
  }

  private Generated reviewed(String text, String output) {
    Problems errors = new Problems();
    Problems warnings = new Problems();
    Optional<DatasetConfig> config =
        repository.config(text.getBytes(StandardCharsets.UTF_8), output, errors);
    config.ifPresent(c -> ConfigReview.review(c, errors, warnings));
    errors.throwIfAny();
    return new Generated(text, config.orElseThrow(), warnings.list());
  }
}
