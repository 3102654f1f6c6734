package dev.mixdown.pipelines.arrivals;

import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.stream.OrderHeader.Group;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shard of which records arrive.
 *
 * @param uri of its file
 * @param strata by group of its index: whose records they are
 * @param groups by group of its index: what rows call their dataset and category
 * @param leftOut the records that do not arrive, though no filter leaves them out
 * @param counts by stratum: how many arrive
 * @param reasons how many do not, by reason
 */
public record Incoming(
    InspectedShard shard,
    String uri,
    List<String> strata,
    List<Group> groups,
    BitSet leftOut,
    Map<String, Long> counts,
    Map<String, Long> reasons) {
  /** The policy of held-out data left it out. */
  public static final String HELD_OUT = "held_out";

  /** Its path has brought it before. */
  public static final String KNOWN = "known";

  /** Another record with its identity came first. */
  public static final String DUPLICATE = "duplicate";

  /** How many records arrive. */
  public long arriving() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The dataset's name. */
  public String dataset() {
    return shard.matched().dataset();
  }

  /** The fingerprint of the file. */
  public String sha256() {
    return shard.inspection().sha256();
  }

  /** The same without more records. */
  public Incoming without(BitSet more, String reason, Map<String, Long> left) {
    BitSet all = (BitSet) leftOut.clone();
    all.or(more);
    TreeMap<String, Long> why = new TreeMap<>(reasons);
    long gone = (long) all.cardinality() - leftOut.cardinality();
    if (gone > 0) {
      why.merge(reason, gone, Long::sum);
    }
    return new Incoming(shard, uri, strata, groups, all, left, why);
  }
}
