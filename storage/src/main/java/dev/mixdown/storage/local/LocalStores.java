package dev.mixdown.storage.local;

import dev.mixdown.storage.Store;
import dev.mixdown.storage.StoreProvider;
import java.util.Map;
import java.util.Set;

/** Opens paths of this machine, with {@code file://} or without a scheme. */
public final class LocalStores implements StoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public LocalStores() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public Map<String, String> settings(Map<String, String> environment) {
    return Map.of();
  }

  @Override
  public Store open(Map<String, String> settings) {
    return new LocalFiles();
  }
}
