package dev.mixdown.configs.datasets;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Carried;
import dev.mixdown.configs.syntax.Node;
import java.util.List;
import java.util.Map;
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
 * @param heldOut what must not be trained on, in the order of the file
 * @param tasks the tasks asked for; with none, the datasets of all tasks are taken
 * @param sources where each setting of the stage that the file has stands, by its flat name
 * @param notes what is left out or has no effect, with its place
 * @param carried what mixdown does not use
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
    List<DatasetEntry> datasets,
    List<HeldOut> heldOut,
    List<String> tasks,
    Map<String, Node> sources,
    List<Problem> notes,
    Carried carried) {

  /** The datasets that count. */
  public List<DatasetEntry> enabled() {
    return datasets.stream().filter(DatasetEntry::enabled).toList();
  }

  /** The same with other settings. */
  public DatasetConfig with(MixSettings settings) {
    return with(settings, datasets);
  }

  /** The same with other settings and other entries of the index. */
  public DatasetConfig with(MixSettings settings, List<DatasetEntry> entries) {
    return new DatasetConfig(
        file,
        root,
        stage,
        releaseName,
        version,
        consumerVersion,
        bundleVersions,
        settings,
        entries,
        heldOut,
        tasks,
        sources,
        notes,
        carried);
  }
}
