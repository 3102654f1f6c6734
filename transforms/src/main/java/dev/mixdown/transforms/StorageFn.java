package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * A step that reads or writes files: through a storage of its own, whose connections are let go
 * when the runner is done with the step.
 */
abstract class StorageFn<I, O> extends DoFn<I, O> {
  /** Of this step alone: the runner copies steps, and each copy connects for itself. */
  final Storage storage;

  StorageFn(Storage storage) {
    this.storage = storage;
  }

  /** For the runner. */
  @Teardown
  public final void closeStorage() {
    storage.close();
  }
}
