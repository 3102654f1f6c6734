package dev.mixdown.configs;

import dev.mixdown.configs.tree.Node;
import java.util.List;
import java.util.Optional;

/**
 * A stage's dataset config: {@code stages/*.json} or {@code training_dataset.json}.
 *
 * @param file where it was read
 * @param root its tree, which knows the line of every value
 * @param stage {@code meta.stage}
 * @param releaseName {@code meta.release_name}
 * @param version {@code meta.version}
 * @param consumerVersion {@code meta.consumer_version}
 * @param bundleVersions {@code meta.bundle_versions}
 * @param mix {@code meta.stage_config}
 * @param datasets the {@code dataset_index}, in its order, with those that are not enabled
 */
public record DatasetConfig(
    String file,
    Node root,
    Optional<String> stage,
    Optional<String> releaseName,
    Optional<String> version,
    Optional<String> consumerVersion,
    List<String> bundleVersions,
    MixSettings mix,
    List<DatasetEntry> datasets) {

  /** The datasets that count. */
  public List<DatasetEntry> enabled() {
    return datasets.stream().filter(DatasetEntry::enabled).toList();
  }
}
