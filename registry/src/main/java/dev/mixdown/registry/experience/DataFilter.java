package dev.mixdown.registry.experience;

import dev.mixdown.registry.catalog.Catalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on the same data as a manifest: those whose manifest was made of the same dataset versions;
 * or, with a share, those whose versions hold at least that share of the manifest's samples.
 *
 * @param samples of the manifest that is compared with: how many each version gave
 * @param share from 0 to 1; null for the same versions
 */
public record DataFilter(Map<String, Long> samples, @Nullable Double share) {
  /** Of some jobs, those on such data. */
  List<String> of(Catalog catalog, List<String> jobs) {
    Map<String, Set<String>> versions = versions(catalog);
    List<String> same = new ArrayList<>();
    for (String job : jobs) {
      if (isSame(versions.getOrDefault(job, Set.of()))) {
        same.add(job);
      }
    }
    return same;
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
