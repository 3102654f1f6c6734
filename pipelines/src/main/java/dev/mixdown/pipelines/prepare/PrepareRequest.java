package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.util.Optional;

/**
 * What a person asks for when preparing or planning a stage.
 *
 * @param repository where the configs lie
 * @param stage the stage that is named, if one is
 * @param variant the variant that is named, if one is
 * @param workspace where indexes and the ledger are kept
 * @param epoch which of the orders, from 0
 * @param format of the parts
 * @param full whether every record is parsed
 * @param skipBad whether bad records are left out
 */
public record PrepareRequest(
    ReleaseRepository repository,
    Optional<String> stage,
    Optional<String> variant,
    String workspace,
    long epoch,
    ManifestFormat format,
    boolean full,
    boolean skipBad,
    RunnerSettings runner) {}
