package dev.mixdown.pipelines.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.uses.ManifestOrder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.transforms.ordering.BlockQuotas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the mix goes along the positions of a manifest: what each dataset gives in each of some
 * stretches. It is computed as the planner did, block by block; no part is read.
 *
 * @param ends the position behind each stretch: the end of a block
 * @param datasets in the order of their names
 */
public record MixAlong(String manifestId, List<Long> ends, List<Series> datasets) {
  /** What one dataset gives in each stretch. */
  public record Series(String dataset, List<Long> samples) {}

  /**
   * Computes it.
   *
   * @param stretches how many at most; a manifest of fewer blocks has as many as those
   */
  public static MixAlong of(Manifest manifest, int stretches) {
    List<Manifest.Stratum> giving = ManifestOrder.giving(manifest);
    int block = manifest.spec().shuffleBlock();
    long blocks = (manifest.samples() + block - 1) / block;
    long steps = Math.min(stretches, blocks);
    BlockQuotas quotas = ManifestOrder.quotas(manifest);
    Map<String, List<Long>> samples = new TreeMap<>();
    giving.forEach(stratum -> samples.put(stratum.dataset(), new ArrayList<>()));
    List<Long> ends = new ArrayList<>();
    long[] before = new long[giving.size()];
    for (long step = 1; step <= steps; step++) {
      long end = Math.multiplyExact(step, blocks) / steps;
      while (quotas.hasNext() && quotas.position() / block < end) {
        quotas.next();
      }
      long[] given = quotas.given();
      Map<String, Long> sums = new HashMap<>();
      for (int i = 0; i < given.length; i++) {
        sums.merge(giving.get(i).dataset(), given[i] - before[i], Long::sum);
      }
      samples.forEach((name, series) -> series.add(sums.getOrDefault(name, 0L)));
      ends.add(Math.min(quotas.position(), manifest.samples()));
      before = given;
    }
    return new MixAlong(
        manifest.id(),
        ends,
        samples.entrySet().stream().map(s -> new Series(s.getKey(), s.getValue())).toList());
  }

  /** The document of it. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("manifest_id", manifestId);
    document.set("ends", Json.tree(ends));
    ArrayNode list = document.putArray("datasets");
    for (Series series : datasets) {
      list.addObject().put("dataset", series.dataset()).set("samples", Json.tree(series.samples()));
    }
    return document;
  }
}
