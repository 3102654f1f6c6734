package dev.mixdown.pipelines.uses;

import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.transforms.ordering.BlockOrder;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.ordering.Target;
import dev.mixdown.transforms.ordering.Targets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a manifest's strata follow one another: arithmetic from its document, without any row. */
public final class ManifestOrder {
  /** How the names of datasets begin that are samples that come again. */
  public static final String REPLAY = "replay:";

  private ManifestOrder() {}

  /** The strata that give something. */
  public static List<Manifest.Stratum> giving(Manifest manifest) {
    return manifest.strata().stream().filter(stratum -> stratum.quota() > 0).toList();
  }

  /** The block quotas of the strata that give something, from the first block. */
  public static BlockQuotas quotas(Manifest manifest) {
    return new BlockQuotas(targets(manifest), manifest.samples(), manifest.spec().shuffleBlock());
  }

  /**
   * How many samples each of the strata that give something has among the first ones.
   *
   * @param samples from 0 to the manifest's
   */
  public static long[] given(Manifest manifest, long samples) {
    List<Manifest.Stratum> giving = giving(manifest);
    if (samples == manifest.samples()) {
      return giving.stream().mapToLong(Manifest.Stratum::quota).toArray();
    }
    int block = manifest.spec().shuffleBlock();
    BlockQuotas quotas = quotas(manifest);
    while (quotas.position() + block <= samples) {
      quotas.next();
    }
    long[] given = quotas.given();
    int inside = Math.toIntExact(samples - quotas.position());
    if (inside > 0) {
      int[] strata = new int[block];
      BlockOrder order =
          new BlockOrder(manifest.spec().seed(), manifest.epoch(), manifest.spec().shuffle());
      int unused = order.fill(quotas.position() / block, quotas.next(), strata);
      Arrays.stream(strata, 0, inside).forEach(s -> given[s]++);
    }
    return given;
  }

  /** How many of a manifest's first samples a dataset has. */
  public static long given(Manifest manifest, long samples, String dataset) {
    List<Manifest.Stratum> giving = giving(manifest);
    long[] given = given(manifest, samples);
    long sum = 0;
    for (int s = 0; s < given.length; s++) {
      sum += giving.get(s).dataset().equals(dataset) ? given[s] : 0;
    }
    return sum;
  }

  private static List<Target> targets(Manifest manifest) {
    ManifestSpec spec = manifest.spec();
    Map<String, Integer> order = new HashMap<>();
    Map<String, Priority> priorities = new HashMap<>();
    for (ManifestSpec.Dataset dataset : spec.datasets()) {
      order.put(dataset.name(), order.size());
      if (dataset.samplingPriority() != null) {
        priorities.put(dataset.name(), Priority.of(dataset.samplingPriority()));
      }
    }
    return Targets.of(
        giving(manifest).stream()
            .map(
                stratum ->
                    new Targets.Giving(
                        stratum.dataset(),
                        stratum.difficulty() == null
                            ? -1
                            : spec.difficultyLevels().indexOf(stratum.difficulty()),
                        stratum.quota(),
                        priorities.getOrDefault(stratum.dataset(), Priority.MEDIUM),
                        order.getOrDefault(stratum.dataset(), 0),
                        stratum.dataset().startsWith(REPLAY)))
            .toList(),
        Strategy.SEQUENTIAL.word().equals(spec.samplingStrategy()),
        spec.difficultyProgression());
  }
}
