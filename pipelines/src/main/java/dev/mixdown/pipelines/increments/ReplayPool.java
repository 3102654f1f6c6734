package dev.mixdown.pipelines.increments;

import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Csv;
import dev.mixdown.registry.streams.Increment.Part;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.SetDigest;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.mixing.Ranking;
import dev.mixdown.transforms.stream.OrderHeader.Group;
import dev.mixdown.transforms.stream.RecordOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Records that come again, in the order of one pass over them: what a manifest gave, or what a
 * stream gave before an increment. Every record is there once.
 */
final class ReplayPool {
  private final Storage storage;
  private final long seed;
  private final long seq;
  private final long pass;
  private final RecordOrder order;
  private final SetDigest.Sum digest = new SetDigest.Sum();
  private final List<Shard> shards = new ArrayList<>();
  private final Map<Shard, Integer> shardNumbers = new HashMap<>();
  private final List<BitSet> there = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final Map<Group, Integer> groupNumbers = new HashMap<>();
  private final Map<String, Ranking> rankings = new HashMap<>();

  private ReplayPool(Chain chain, long seq, String stratum, long pass) {
    this.storage = chain.folder().storage();
    this.seed = chain.document().seed();
    this.seq = seq;
    this.pass = pass;
    this.order = new RecordOrder(List.of(stratum));
  }

  /**
   * What the stream gave before an increment.
   *
   * @param from the first position that counts
   * @param only which of the rows count
   */
  static ReplayPool ofStream(
      Chain chain, String stratum, long pass, long from, Predicate<PartReader.Sample> only)
      throws IOException {
    ReplayPool pool = new ReplayPool(chain, chain.state().seq() + 1, stratum, pass);
    for (long seq = chain.state().seq(); seq > 0; seq--) {
      Increment increment = chain.increment(seq);
      if (increment.positions().to() <= from) {
        break;
      }
      for (Part part : increment.parts()) {
        PartReader.read(
            chain.folder().storage(),
            chain.folder().file(part.path()),
            sample -> {
              if (sample.position() >= from && !sample.replay() && only.test(sample)) {
                pool.add(increment.shards().get(sample.shard()), sample);
              }
            });
      }
    }
    return pool;
  }

  /** What a manifest gave. */
  static ReplayPool ofManifest(Chain chain, String stratum, long pass, ManifestFolder manifest)
      throws IOException {
    ReplayPool pool = new ReplayPool(chain, chain.state().seq() + 1, stratum, pass);
    List<Shard> shards = new ArrayList<>();
    for (Manifest.Shard shard : manifest.manifest().shards()) {
      ManifestSpec.Csv csv =
          manifest.manifest().spec().dataset(shard.dataset()).map(d -> d.csv()).orElse(null);
      shards.add(
          new Shard(
              shard.dataset(),
              shard.uri(),
              shard.sha256(),
              shard.bytes(),
              shard.records(),
              shard.format(),
              csv(csv)));
    }
    for (Manifest.Part part : manifest.manifest().parts()) {
      PartReader.read(
          chain.folder().storage(),
          StoragePath.resolve(manifest.path(), part.path()),
          sample -> pool.add(shards.get(sample.shard()), sample));
    }
    return pool;
  }

  private static @Nullable Csv csv(ManifestSpec.@Nullable Csv csv) {
    return csv == null ? null : new Csv(csv.delimiter(), csv.quote(), csv.header());
  }

  private void add(Shard shard, PartReader.Sample sample) {
    Integer known = shardNumbers.putIfAbsent(shard, shards.size());
    if (known == null) {
      shards.add(shard);
      there.add(new BitSet());
    }
    int number = known == null ? shards.size() - 1 : known;
    if (there.get(number).get(sample.record())) {
      return;
    }
    there.get(number).set(sample.record());
    Group group = new Group(sample.dataset(), sample.category());
    Integer named = groupNumbers.putIfAbsent(group, groups.size());
    if (named == null) {
      groups.add(group);
    }
    Ranking ranking =
        rankings.computeIfAbsent(
            sample.dataset(), dataset -> Ranking.ofPass(seed, seq, dataset, pass));
    order.add(
        0,
        ranking.value(sample.identity()),
        number,
        named == null ? groups.size() - 1 : named,
        sample.record(),
        sample.offset(),
        sample.length(),
        sample.identity());
    digest.add(sample.identity(), 1);
  }

  /** How many records it has. */
  long size() {
    return order.size();
  }

  /** A digest of their identities. */
  String digest() {
    return digest.digest().toString();
  }

  /** Writes the order. */
  void write(String path) throws IOException {
    order.write(storage, path, shards, groups);
  }
}
