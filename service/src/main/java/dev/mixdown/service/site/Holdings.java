package dev.mixdown.service.site;

import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.lineage.LineageGraph;
import java.util.List;

/**
 * What the files say, as it was read last. It changes as a whole: who holds one sees one moment.
 *
 * @param index all entries of the registry, in summary
 * @param graph what went into what
 * @param manifests below the output folder
 * @param trainings the newest first
 */
public record Holdings(
    RegistryIndex index,
    LineageGraph graph,
    List<PreparedManifest> manifests,
    List<TrainingEntry> trainings,
    RecipeLibrary recipes) {}
