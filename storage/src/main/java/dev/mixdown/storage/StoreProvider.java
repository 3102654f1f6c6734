package dev.mixdown.storage;

import java.util.Map;
import java.util.Set;

/**
 * Opens the stores of some schemes. Providers are found by {@link java.util.ServiceLoader}, so that
 * the package of each store stands on this one.
 */
public interface StoreProvider {
  /** The schemes, in lower case, of the paths that its stores keep. */
  Set<String> schemes();

  /**
   * What a process's environment says of where these stores are, in variables of the same names.
   * Nothing in it is secret.
   *
   * @throws IllegalArgumentException when a variable has a value that it may not have
   */
  Map<String, String> settings(Map<String, String> environment);

  /**
   * Opens a store for these schemes. It connects when it is first asked for a file.
   *
   * @param settings as {@link #settings} gives them
   */
  Store open(Map<String, String> settings);
}
