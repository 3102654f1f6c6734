package dev.mixdown.pipelines.samples;

import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.uses.ManifestOrder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.transforms.mixing.Stratum;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How many samples each stratum of a dataset gave in the manifests that a stage continues, where
 * that number alone tells which records they were: the dataset is the same, and so is what orders
 * it. Then no set has to be looked at: a stratum just goes on where it stopped.
 */
final class Begun {
  /** The keys under which a manifest counts records that other manifests keep out. */
  private static final Set<String> LEFT_OUT = Set.of("hold_out", "exclude", "remove_duplicates");

  private final List<Consumed> continued;
  private final long epoch;
  private final ManifestSpec own;

  /** By manifest that is continued, what each of its strata that give something gave. */
  private final Map<String, long[]> given = new HashMap<>();

  /**
   * @param continued the newest first
   */
  Begun(List<Consumed> continued, ManifestSpec own, long epoch) {
    this.continued = continued;
    this.own = own;
    this.epoch = epoch;
  }

  /**
   * The samples that the strata of a dataset gave.
   *
   * @param version the dataset's
   * @param records by stratum, how many it has
   * @return empty where the number does not tell the records
   */
  Optional<Map<Stratum, Long>> of(String dataset, String version, Map<Stratum, Long> records) {
    Map<Stratum, Long> begun = new HashMap<>();
    for (Map.Entry<Stratum, Long> stratum : records.entrySet()) {
      Optional<Long> samples = of(dataset, version, stratum.getKey(), stratum.getValue());
      if (samples.isEmpty()) {
        return Optional.empty();
      }
      begun.put(stratum.getKey(), samples.get());
    }
    // A stratum that is not here any more gave records that other strata may have now.
    boolean allHere =
        continued.stream()
            .flatMap(c -> ManifestOrder.giving(c.manifest().manifest()).stream())
            .filter(s -> s.dataset().equals(dataset))
            .allMatch(s -> records.keySet().stream().anyMatch(own -> same(own, s)));
    return allHere ? Optional.of(begun) : Optional.empty();
  }

  private Optional<Long> of(String dataset, String version, Stratum stratum, long records) {
    for (Consumed one : continued) {
      Manifest manifest = one.manifest().manifest();
      List<Manifest.Stratum> giving = ManifestOrder.giving(manifest);
      for (int s = 0; s < giving.size(); s++) {
        if (same(stratum, giving.get(s))) {
          long samples = given(one)[s];
          return isAlike(manifest, dataset, version) && giving.get(s).records() == records
              ? first(one.manifest().uses(), giving.get(s), records).map(first -> first + samples)
              : Optional.empty();
        }
      }
      if (manifest.datasets().stream().anyMatch(d -> d.name().equals(dataset))
          && !isAlike(manifest, dataset, version)) {
        return Optional.empty();
      }
    }
    return Optional.of(0L);
  }

  private long[] given(Consumed one) {
    return given.computeIfAbsent(
        one.manifest().id(), id -> ManifestOrder.given(one.manifest().manifest(), one.samples()));
  }

  private static boolean same(Stratum own, Manifest.Stratum other) {
    return own.dataset().equals(other.dataset())
        && own.category().equals(other.category())
        && Objects.equals(own.level(), other.difficulty());
  }

  /** Whether a dataset is the same there, and ordered alike. */
  private boolean isAlike(Manifest manifest, String dataset, String version) {
    ManifestSpec spec = manifest.spec();
    return own.shuffle()
        && spec.shuffle()
        && spec.seed() == own.seed()
        && manifest.epoch() == epoch
        && Objects.equals(spec.identityField(), own.identityField())
        && Objects.equals(spec.categoryField(), own.categoryField())
        && Objects.equals(spec.difficultyField(), own.difficultyField())
        && Objects.equals(spec.filtering(), own.filtering())
        && spec.csv(dataset).equals(own.csv(dataset))
        && manifest.datasets().stream()
            .anyMatch(
                d ->
                    d.name().equals(dataset)
                        && d.version().equals(version)
                        && d.filtered().keySet().stream().noneMatch(LEFT_OUT::contains));
  }

  /** How many samples a stratum had given before the manifest's first; empty where not in order. */
  private static Optional<Long> first(Uses uses, Manifest.Stratum stratum, long records) {
    return uses.strata().stream()
        .filter(
            s -> s.dataset().equals(stratum.dataset()) && s.category().equals(stratum.category()))
        .flatMap(s -> s.passes().stream())
        .filter(pass -> Objects.equals(pass.difficulty(), stratum.difficulty()))
        .findFirst()
        .filter(pass -> pass.of() == records)
        .map(pass -> pass.pass() * records + pass.from());
  }
}
