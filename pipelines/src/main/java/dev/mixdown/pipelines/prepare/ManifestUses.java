package dev.mixdown.pipelines.prepare;

import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.transforms.identities.SetDigest;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.uses.WrittenPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a manifest uses, as it is published: from its layout, and from what its parts have. */
final class ManifestUses {
  private ManifestUses() {}

  static Uses of(String manifestId, StagePlan plan, Layout layout, List<WrittenPart> parts) {
    Map<String, String> versions = new HashMap<>();
    for (InspectedDataset dataset : plan.datasets()) {
      versions.put(dataset.entry().name(), dataset.version());
    }
    int[] rowStrata = layout.rowStrata();
    int count = rowStrata[rowStrata.length - 1] + 1;
    SetDigest[] digests = new SetDigest[count];
    Arrays.fill(digests, SetDigest.NONE);
    for (WrittenPart part : parts) {
      for (Uses.PartStratum its : part.uses().strata()) {
        digests[its.stratum()] = digests[its.stratum()].plus(SetDigest.of(its.digest()));
      }
    }
    List<Uses.Stratum> strata = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      List<Layout.PlacedStratum> levels = new ArrayList<>();
      for (int s = 0; s < rowStrata.length; s++) {
        if (rowStrata[s] == number) {
          levels.add(layout.strata().get(s));
        }
      }
      String dataset = levels.get(0).stratum().dataset();
      strata.add(
          new Uses.Stratum(
              dataset,
              levels.get(0).stratum().category(),
              versions.getOrDefault(dataset, ""),
              levels.stream().mapToLong(Layout.PlacedStratum::records).sum(),
              levels.stream().mapToLong(Layout.PlacedStratum::quota).sum(),
              levels.stream().flatMap(level -> passes(level).stream()).toList(),
              digests[number].toString()));
    }
    return new Uses(
        Uses.SCHEMA_VERSION,
        manifestId,
        plan.resolution().config().mix().identityField().orElse(null),
        strata,
        parts.stream().map(WrittenPart::uses).toList(),
        Map.of());
  }

  private static List<Uses.Pass> passes(Layout.PlacedStratum placed) {
    List<Uses.Pass> passes = new ArrayList<>();
    long from = placed.skipped();
    long left = placed.quota();
    for (int p = placed.firstPass(); p < placed.firstPass() + placed.passes(); p++) {
      long of = placed.inPass(p);
      long to = Math.min(of, from + left);
      passes.add(new Uses.Pass(placed.stratum().level(), p, from, to, of));
      left -= to - from;
      from = 0;
    }
    return passes;
  }
}
