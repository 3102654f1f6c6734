package dev.mixdown.storage.objects;

import dev.mixdown.storage.Store;
import dev.mixdown.storage.StoreProvider;
import java.util.Map;
import java.util.Set;

/** Opens {@code s3://} and {@code obs://}. */
public final class ObjectStores implements StoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ObjectStores() {}

  @Override
  public Set<String> schemes() {
    return Set.of(StoreSettings.S3, StoreSettings.OBS);
  }

  @Override
  public Map<String, String> settings(Map<String, String> environment) {
    return StoreSettings.variables(environment);
  }

  @Override
  public Store open(Map<String, String> settings) {
    return new ObjectStore(settings);
  }
}
