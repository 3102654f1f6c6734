package dev.mixdown.registry.catalog;

import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RecipeEntry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.RunEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes runs, manifests and recipes into the catalog. */
final class EntryWriter implements AutoCloseable {
  private final Rows runs;
  private final Rows uses;
  private final Rows manifests;
  private final Rows datasets;
  private final Rows recipes;

  EntryWriter(Connection connection) throws SQLException {
    runs =
        new Rows(
            connection,
            "mixdown_runs",
            "id, job, state, outcome, stage, variant, started_at, ended_at, error, recipe");
    uses = new Rows(connection, "mixdown_uses", "run, direction, dataset, id");
    manifests =
        new Rows(
            connection,
            "mixdown_manifests",
            "id, uri, stage, variant, epoch, seed, samples, created_at, run");
    datasets =
        new Rows(connection, "mixdown_manifest_datasets", "manifest, dataset, version, samples");
    recipes = new Rows(connection, "mixdown_recipes", "id, recipe, version, sha256, registered_at");
  }

  void add(RegistryEntry entry) throws SQLException {
    if (entry instanceof RunEntry run) {
      add(run);
    } else if (entry instanceof ManifestEntry manifest) {
      add(manifest);
    } else if (entry instanceof RecipeEntry recipe) {
      recipes.add(
          recipe.id(), recipe.recipe(), recipe.version(), recipe.sha256(), recipe.registeredAt());
    }
  }

  private void add(RunEntry run) throws SQLException {
    runs.add(
        run.id(),
        run.job(),
        run.state(),
        run.outcome(),
        run.stage(),
        run.variant(),
        run.startedAt(),
        run.endedAt(),
        run.error(),
        run.recipe() == null ? null : run.recipe().path("id").asText());
    for (RunEntry.Input input : run.inputs()) {
      uses.add(run.id(), "input", input.dataset(), input.version());
    }
    for (RunEntry.Output output : run.outputs()) {
      uses.add(run.id(), "output", "", output.manifestId());
    }
  }

  private void add(ManifestEntry manifest) throws SQLException {
    manifests.add(
        manifest.id(),
        manifest.uri(),
        manifest.stage(),
        manifest.variant(),
        manifest.epoch(),
        manifest.seed(),
        manifest.samples(),
        manifest.createdAt(),
        manifest.run());
    for (ManifestEntry.Share share : manifest.datasets()) {
      datasets.add(manifest.id(), share.name(), share.version(), share.samples());
    }
  }

  /** Writes what waits. */
  void flush() throws SQLException {
    for (Rows rows : all()) {
      rows.flush();
    }
  }

  private List<Rows> all() {
    return List.of(runs, uses, manifests, datasets, recipes);
  }

  @Override
  public void close() throws SQLException {
    for (Rows rows : all()) {
      rows.close();
    }
  }
}
