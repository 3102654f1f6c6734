package dev.mixdown.pipelines.remix;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the proof of a remixed manifest again, and compares it with the one that lies there. */
public final class RemixCheck {
  private final Workspace workspace;
  private final RunnerSettings runner;
  private final Registry registry;

  /**
   * @param registry which knows the manifests before, where they lie in another output folder
   */
  public RemixCheck(Workspace workspace, RunnerSettings runner, Registry registry) {
    this.workspace = workspace;
    this.runner = runner;
    this.registry = registry;
  }

  /** What is wrong with the proof of a manifest; nothing where it is no remix. */
  public List<DataProblem> problems(ManifestFolder manifest) throws IOException {
    String file = StoragePath.resolve(manifest.path(), Remix.FILE);
    Optional<byte[]> bytes = workspace.storage().read(file);
    if (bytes.isEmpty()) {
      return List.of();
    }
    Remix there;
    try {
      there = Remix.read(bytes.get());
    } catch (IOException e) {
      return List.of(
          DataProblem.of(
              file,
              "the proof cannot be used%s; run the same mixdown remix again"
                  .formatted(Causes.inBrackets(e))));
    }
    List<DataProblem> problems = new ArrayList<>();
    List<Consumed> continued =
        new RuleSources(Optional.of(manifest.output()), registry, workspace)
            .continued(manifest.manifest(), problem -> problems.add(DataProblem.of(file, problem)));
    if (!problems.isEmpty()) {
      return problems;
    }
    if (continued.isEmpty()) {
      return List.of(DataProblem.of(file, "there is a proof, but the manifest continues no other"));
    }
    try {
      Remix now =
          new RemixProof(workspace, runner, Progress.NONE)
              .of(UsedManifest.of(workspace.storage(), manifest), continued);
      return isSame(there, now)
          ? List.of()
          : List.of(
              DataProblem.of(
                  file,
                  "the proof is not the one that the manifests and their data give; run the same mixdown remix again"));
    } catch (DataException e) {
      return e.problems();
    }
  }

  /** Whether two proofs say the same of all datasets whose shards are still there. */
  private static boolean isSame(Remix there, Remix now) {
    Set<String> unknown = new HashSet<>(there.unknown());
    unknown.addAll(now.unknown());
    return known(there, unknown).equals(known(now, unknown));
  }

  private static Remix known(Remix remix, Set<String> unknown) {
    return new Remix(
        remix.schemaVersion(),
        remix.manifestId(),
        remix.continued(),
        remix.strata().stream().filter(s -> !unknown.contains(s.dataset())).toList(),
        List.of(),
        remix.about(),
        Map.of());
  }
}
