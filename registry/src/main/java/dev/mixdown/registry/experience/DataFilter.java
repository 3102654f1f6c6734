package dev.mixdown.registry.experience;

import dev.mixdown.registry.catalog.Catalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on the same data as a manifest: those whose manifest was made of the same dataset versions;
 * or, with a share, those whose manifest gave at least that share of the manifest's samples, by
 * identity. Where the identities of a job's manifest are not known, its versions count as if all of
 * their records had been given.
 *
 * @param samples of the manifest that is compared with: how many each version gave
 * @param share from 0 to 1; null for the same versions
 * @param byIdentity what tells the share of other manifests
 */
public record DataFilter(Map<String, Long> samples, @Nullable Double share, Shares byIdentity) {
  /** Tells which share of the manifest's samples another manifest gave. */
  public interface Shares {
    /** From 0 to 1; empty where it cannot be said by identity. */
    OptionalDouble of(String manifest) throws IOException;
  }

  /** Of some jobs, those on such data. */
  List<String> of(Catalog catalog, List<String> jobs) throws IOException {
    Map<String, Set<String>> versions = versions(catalog);
    Map<String, String> manifests = share == null ? Map.of() : manifests(catalog);
    List<String> same = new ArrayList<>();
    for (String job : jobs) {
      if (isSame(manifests.get(job), versions.getOrDefault(job, Set.of()))) {
        same.add(job);
      }
    }
    return same;
  }

  private boolean isSame(@Nullable String manifest, Set<String> versions) throws IOException {
    if (share != null && manifest != null) {
      OptionalDouble held = byIdentity.of(manifest);
      if (held.isPresent()) {
        return held.getAsDouble() >= share;
      }
    }
    return isSame(versions);
  }

  /** The manifests that jobs follow. */
  private static Map<String, String> manifests(Catalog catalog) {
    Map<String, String> manifests = new HashMap<>();
    catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT uuid, manifest FROM mixdown_jobs WHERE manifest IS NOT NULL")
                    .map(
                        (row, context) -> manifests.put(row.getString(1), row.getString(2)) == null)
                    .list());
    return manifests;
  }

  /** Whether a job's versions are such data. */
  boolean isSame(Set<String> versions) {
    if (share == null) {
      return versions.equals(samples.keySet());
    }
    long total = samples.values().stream().mapToLong(Long::longValue).sum();
    long held =
        samples.entrySet().stream()
            .filter(version -> versions.contains(version.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return total > 0 && held >= share * total;
  }

  /** The versions of each job: those of its manifest, else those that were found out. */
  private static Map<String, Set<String>> versions(Catalog catalog) {
    Map<String, Set<String>> ofManifests = new HashMap<>();
    Map<String, Set<String>> ofJobs = new HashMap<>();
    return catalog
        .database()
        .read(
            handle -> {
              handle
                  .createQuery("SELECT manifest, version FROM mixdown_manifest_datasets")
                  .map((row, context) -> add(ofManifests, row.getString(1), row.getString(2)))
                  .list();
              handle
                  .createQuery("SELECT uuid, version FROM mixdown_job_versions")
                  .map((row, context) -> add(ofJobs, row.getString(1), row.getString(2)))
                  .list();
              handle
                  .createQuery("SELECT uuid, manifest FROM mixdown_jobs WHERE manifest IS NOT NULL")
                  .map(
                      (row, context) -> {
                        Set<String> known = ofManifests.get(row.getString(2));
                        if (known != null) {
                          ofJobs.put(row.getString(1), known);
                        }
                        return known != null;
                      })
                  .list();
              return ofJobs;
            });
  }

  private static boolean add(Map<String, Set<String>> sets, String key, String value) {
    return Objects.requireNonNull(sets.computeIfAbsent(key, k -> new HashSet<>())).add(value);
  }
}
