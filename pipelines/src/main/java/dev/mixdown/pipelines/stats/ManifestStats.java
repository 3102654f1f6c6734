package dev.mixdown.pipelines.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest uses of its data, counted from its rows.
 *
 * @param manifestId the manifest's id
 * @param stage its stage
 * @param samples of all groups
 * @param groups by dataset and category, in the order of the manifest's strata
 */
public record ManifestStats(String manifestId, String stage, long samples, List<Group> groups) {
  /**
   * What is used of the records of one category of a dataset.
   *
   * @param records as many as there are
   * @param samples that the manifest has of them
   * @param asked the share of all samples that was asked for, from 0 to 1; empty without shares
   * @param uses how many records are used never, once, twice and so on
   * @param bytes of its samples; empty where some lie in compressed shards or in Parquet, whose
   *     lengths a manifest does not have
   */
  public record Group(
      String dataset,
      String category,
      long records,
      long samples,
      Optional<BigDecimal> asked,
      List<Long> uses,
      OptionalLong bytes) {
    /** How many records are used that often, or more often still. */
    public long usedAtLeast(int times) {
      return uses.stream().skip(times).mapToLong(Long::longValue).sum();
    }

    /** How many records are used exactly that often. */
    public long used(int times) {
      return times < uses.size() ? uses.get(times) : 0;
    }

    private ObjectNode json(long total) {
      ObjectNode json = Json.object().put("dataset", dataset).put("category", category);
      json.put("records", records).put("samples", samples);
      json.set("requested_share", Json.tree(asked.orElse(null)));
      json.put("achieved_share", total == 0 ? 0 : (double) samples / total);
      ArrayNode times = json.putArray("uses");
      for (int t = 0; t < uses.size(); t++) {
        if (uses.get(t) > 0) {
          times.addObject().put("times", t).put("records", uses.get(t));
        }
      }
      json.set("bytes", Json.tree(bytes.isPresent() ? bytes.getAsLong() : null));
      json.set(
          "mean_bytes",
          Json.tree(
              bytes.isPresent() && samples > 0 ? (double) bytes.getAsLong() / samples : null));
      return json;
    }
  }

  /** Counts a manifest's rows. */
  public static ManifestStats of(Storage storage, ManifestFolder folder) throws IOException {
    Manifest manifest = folder.manifest();
    Counts counts = new Counts();
    manifest.strata().forEach(s -> counts.of(s.dataset(), s.category()).add(s));
    for (Manifest.Part part : manifest.parts()) {
      PartReader.read(storage, StoragePath.resolve(folder.path(), part.path()), counts);
    }
    return new ManifestStats(manifest.id(), manifest.stage(), manifest.samples(), counts.groups());
  }

  /** The document that {@code stats --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("manifest_id", manifestId).put("stage", stage);
    document.put("samples", samples);
    ArrayNode list = document.putArray("groups");
    groups.forEach(group -> list.add(group.json(samples)));
    return document;
  }

  /** The groups while they are being counted. */
  private static final class Counts implements PartReader.Visitor {
    private final Map<List<String>, Count> counts = new LinkedHashMap<>();
    private final RecordUses uses = new RecordUses();
    private String dataset = "";
    private String category = "";
    private @Nullable Count last;

    Count of(String itsDataset, String itsCategory) {
      return counts.computeIfAbsent(List.of(itsDataset, itsCategory), key -> new Count());
    }

    @Override
    public void visit(PartReader.Sample sample) {
      Count count = last;
      if (count == null
          || !sample.dataset().equals(dataset)
          || !sample.category().equals(category)) {
        dataset = sample.dataset();
        category = sample.category();
        count = of(dataset, category);
        last = count;
      }
      count.add(uses.add(sample.shard(), sample.record()), sample.length());
    }

    List<Group> groups() {
      List<Group> groups = new ArrayList<>();
      counts.forEach((key, count) -> groups.add(count.group(key.get(0), key.get(1))));
      return groups;
    }
  }

  /** A group while it is being counted. */
  private static final class Count {
    private long records;
    private long samples;
    private Optional<BigDecimal> asked = Optional.empty();
    private boolean measured = true;
    private long bytes;

    /** How many records are used once, twice and so on, from 0 for once. */
    private long[] used = new long[4];

    /** Levels of one dataset and category are one group. */
    void add(Manifest.Stratum stratum) {
      records += stratum.records();
      if (stratum.requestedShare() != null) {
        asked = Optional.of(asked.orElse(BigDecimal.ZERO).add(stratum.requestedShare()));
      }
    }

    /**
     * @param before how often the sample's record was used before
     */
    void add(int before, int length) {
      samples++;
      measured &= length >= 0;
      bytes += length;
      if (before == used.length) {
        used = Arrays.copyOf(used, before * 2);
      }
      if (before > 0) {
        used[before - 1]--;
      }
      used[before]++;
    }

    Group group(String dataset, String category) {
      long[] uses = new long[used.length + 1];
      System.arraycopy(used, 0, uses, 1, used.length);
      uses[0] = records - LongStream.of(used).sum();
      return new Group(
          dataset,
          category,
          records,
          samples,
          asked,
          LongStream.of(uses).boxed().toList(),
          measured ? OptionalLong.of(bytes) : OptionalLong.empty());
    }
  }
}
