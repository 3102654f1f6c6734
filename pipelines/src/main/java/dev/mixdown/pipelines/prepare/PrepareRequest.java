package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.Optional;

/**
 * What a person asks for when preparing or planning a stage.
 *
 * @param repository where the configs lie
 * @param choice the stage that is meant
 * @param workspace where indexes and the ledger are kept
 * @param epoch which of the orders, from 0
 * @param format of the parts
 * @param full whether every record is parsed
 * @param skipBad whether bad records are left out
 * @param maxRejected how many may be
 * @param recipe what the stage will be trained by, where that was said
 * @param sources where the manifests are found that the rules for samples name
 * @param remix what is changed of the config to go on from a manifest; empty for the config as it
 *     is
 */
public record PrepareRequest(
    ReleaseRepository repository,
    StageChoice choice,
    Workspace workspace,
    long epoch,
    ManifestFormat format,
    boolean full,
    boolean skipBad,
    MaxRejected maxRejected,
    RunnerSettings runner,
    Optional<PlannedRecipe> recipe,
    RuleSources sources,
    Optional<RemixChoice> remix) {
  /** Which config applies, with what a remix changes of it. */
  Resolution resolve() throws IOException {
    Resolution resolution = repository.resolve(choice);
    return remix.map(change -> change.of(resolution.unnamed())).orElse(resolution);
  }

  /** The same, going on from a manifest with another mix. */
  public PrepareRequest remixing(RemixChoice change) {
    return with(choice, Optional.of(change));
  }

  /** The same of another stage. */
  PrepareRequest of(StageChoice other) {
    return with(other, remix);
  }

  private PrepareRequest with(StageChoice other, Optional<RemixChoice> change) {
    return new PrepareRequest(
        repository,
        other,
        workspace,
        epoch,
        format,
        full,
        skipBad,
        maxRejected,
        runner,
        recipe,
        sources,
        change);
  }
}
