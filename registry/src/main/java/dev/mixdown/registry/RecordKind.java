package dev.mixdown.registry;

import java.util.List;

/**
 * What records are of. Each kind has a folder of its own in a store.
 *
 * @param word what records of this kind carry under {@code kind}
 * @param folder its folder, seen from the store's
 * @param type what its records are in Java
 */
public record RecordKind<T extends StoredRecord>(String word, String folder, Class<T> type) {
  /** A dataset at one moment. */
  public static final RecordKind<DatasetVersion> VERSION =
      new RecordKind<>("dataset_version", "versions", DatasetVersion.class);

  /** A process that made something of dataset versions. */
  public static final RecordKind<RunRecord> RUN = new RecordKind<>("run", "runs", RunRecord.class);

  /** The ordered list of samples of one stage. */
  public static final RecordKind<ManifestRecord> MANIFEST =
      new RecordKind<>("manifest", "manifests", ManifestRecord.class);

  /** A model trained for some steps on some data. */
  public static final RecordKind<TrainingRecord> TRAINING =
      new RecordKind<>("training", "trainings", TrainingRecord.class);

  /** All kinds. */
  public static final List<RecordKind<?>> ALL = List.of(VERSION, RUN, MANIFEST, TRAINING);
}
