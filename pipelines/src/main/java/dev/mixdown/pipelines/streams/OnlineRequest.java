package dev.mixdown.pipelines.streams;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.util.Optional;

/**
 * What a person asks for when a stream goes on.
 *
 * @param repository where the configs lie
 * @param choice the stage that is meant
 * @param output the folder that all stages' manifests and streams lie in
 * @param workspace where indexes are kept while a shard is not in the chain
 * @param format of the parts
 * @param full whether every record is parsed
 * @param maxRejected how many bad records a shard may have; empty for any number
 * @param sources where the manifests are found that are replayed or held out
 * @param runner how many workers read shards
 * @param singleWriter whether a person says that nobody else writes to the stream
 */
public record OnlineRequest(
    ReleaseRepository repository,
    StageChoice choice,
    String output,
    Workspace workspace,
    ManifestFormat format,
    boolean full,
    Optional<MaxRejected> maxRejected,
    RuleSources sources,
    RunnerSettings runner,
    boolean singleWriter) {}
