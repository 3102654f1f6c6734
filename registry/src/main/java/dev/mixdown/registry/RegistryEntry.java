package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** A statement of a registry: made once, and never changed. */
public sealed interface RegistryEntry
    permits DatasetVersion,
        RunEntry,
        ManifestEntry,
        TrainingEntry,
        RecipeEntry,
        JobsEntry,
        CallEntry {
  /** Its name in the registry, and of its file. */
  String id();

  /** What it is of. */
  @JsonIgnore
  EntryKind<?> entryKind();

  /**
   * The entry without what only who looks at it alone wants to know, and which may be long. This is
   * what an index keeps.
   */
  @JsonIgnore
  RegistryEntry summary();
}
