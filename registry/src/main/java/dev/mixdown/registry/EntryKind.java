package dev.mixdown.registry;

import java.util.List;

/**
 * What entries are of. Each kind has a folder of its own in a registry.
 *
 * @param word what entries of this kind carry under {@code kind}
 * @param folder its folder, seen from the registry's
 * @param type what its entries are in Java
 */
public record EntryKind<T extends RegistryEntry>(String word, String folder, Class<T> type) {
  /** A dataset at one moment. */
  public static final EntryKind<DatasetVersion> VERSION =
      new EntryKind<>("dataset_version", "versions", DatasetVersion.class);

  /** A process that made something of dataset versions. */
  public static final EntryKind<RunEntry> RUN = new EntryKind<>("run", "runs", RunEntry.class);

  /** The ordered list of samples of one stage. */
  public static final EntryKind<ManifestEntry> MANIFEST =
      new EntryKind<>("manifest", "manifests", ManifestEntry.class);

  /** A model trained for some steps on some data. */
  public static final EntryKind<TrainingEntry> TRAINING =
      new EntryKind<>("training", "trainings", TrainingEntry.class);

  /** A training recipe of some version. */
  public static final EntryKind<RecipeEntry> RECIPE =
      new EntryKind<>("recipe", "recipes", RecipeEntry.class);

  /** What was told of jobs. */
  public static final EntryKind<JobsEntry> JOBS = new EntryKind<>("jobs", "jobs", JobsEntry.class);

  /** A call to the service that writes. */
  public static final EntryKind<CallEntry> CALL = new EntryKind<>("call", "calls", CallEntry.class);

  /** All kinds. */
  public static final List<EntryKind<?>> ALL =
      List.of(VERSION, RUN, MANIFEST, TRAINING, RECIPE, JOBS, CALL);
}
