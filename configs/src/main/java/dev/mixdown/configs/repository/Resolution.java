package dev.mixdown.configs.repository;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.syntax.Carried;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which config applies to a stage, and why.
 *
 * @param stage the stage's key; for a repository without stages, what the config calls itself
 * @param variant the arm, for an A/B stage
 * @param stageRule what decided the stage
 * @param variantRule what decided the variant; empty without one
 * @param configRule what decided the config
 * @param configName what a config that was named by hand is called; empty without one
 * @param config the config
 * @param catalog the stages, where the repository has any
 * @param notes what a user may want to know of how it was decided
 */
public record Resolution(
    String stage,
    Optional<String> variant,
    String stageRule,
    String variantRule,
    String configRule,
    Optional<String> configName,
    DatasetConfig config,
    Optional<StageCatalog> catalog,
    List<String> notes) {

  /** The stage, and the variant where there is one: {@code ab_testing/variant_a}. */
  public String arm() {
    return variant.map(v -> stage + "/" + v).orElse(stage);
  }

  /**
   * The stage's place below an output folder. A config named by hand and tasks have a place of
   * their own, so that two jobs never share what is current.
   */
  public String folder() {
    List<String> names = new ArrayList<>(List.of(arm()));
    configName.ifPresent(names::add);
    if (!config.tasks().isEmpty()) {
      names.add(String.join("+", config.tasks()));
    }
    return String.join("/", names);
  }

  /** What the repository says of this stage that mixdown does not use. */
  public Carried carried() {
    return config.carried().and(catalog.map(c -> c.carriedFor(stage)).orElse(Carried.NONE));
  }

  /** The same with another config. */
  public Resolution with(DatasetConfig other) {
    return new Resolution(
        stage, variant, stageRule, variantRule, configRule, configName, other, catalog, notes);
  }

  /** The same, as if the repository had decided the config: in the stage's own place. */
  public Resolution unnamed() {
    return new Resolution(
        stage,
        variant,
        stageRule,
        variantRule,
        configRule,
        Optional.empty(),
        config,
        catalog,
        notes);
  }

  /** The options by which a command means the same: {@code ab_testing --variant variant_a}. */
  public String arguments() {
    StringBuilder arguments = new StringBuilder(stage);
    variant.ifPresent(v -> arguments.append(" --variant ").append(v));
    configName.ifPresent(name -> arguments.append(" --config ").append(name));
    config.tasks().forEach(task -> arguments.append(" --task ").append(task));
    return arguments.toString();
  }
}
