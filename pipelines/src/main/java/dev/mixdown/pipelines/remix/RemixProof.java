package dev.mixdown.pipelines.remix;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.uses.ConsumedRuns;
import dev.mixdown.pipelines.uses.ManifestOrder;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.identities.Balance;
import dev.mixdown.transforms.identities.RunsOf;
import dev.mixdown.transforms.identities.SetDigest;
import dev.mixdown.transforms.identities.Tally;
import dev.mixdown.transforms.selection.Selecting;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.uses.UsesOfIndex;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Proves of a manifest that goes on from others that nothing is lost and nothing is there twice:
 * three collections of identities, what the dataset versions have, what was consumed and what is
 * given, are merged, range by range, on as many workers as there are. The proof is made from what
 * is published, and in the same way when it is checked.
 */
public final class RemixProof {
  private final Workspace workspace;
  private final Storage storage;
  private final RunnerSettings runner;
  private final Progress progress;

  public RemixProof(Workspace workspace, RunnerSettings runner, Progress progress) {
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.runner = runner;
    this.progress = progress;
  }

  /** A category of a dataset. */
  private record Key(String dataset, String category) {}

  /** The balances of one range. */
  private record Ranged(int range, Balance.OfRange balances) implements Serializable {}

  /**
   * Makes the proof.
   *
   * @param continued the manifests that it goes on from, the newest first
   * @throws DataException when it does not hold, or shards of the manifest are not as they were
   */
  public Remix of(UsedManifest manifest, List<Consumed> continued) throws IOException {
    Set<String> own = datasets(manifest);
    VersionRecords versions =
        new VersionRecords(
            workspace, new Inspections(workspace, runner, progress, "remix", manifest.id()));
    List<VersionRecords.Shard> shards = new ArrayList<>(versions.of(manifest.manifest(), own));
    Map<String, String> versionOf = new LinkedHashMap<>();
    own.forEach(dataset -> versionOf.put(dataset, version(manifest, dataset)));
    List<String> unknown = new ArrayList<>();
    for (Consumed one : continued) {
      for (String dataset : datasets(one.manifest())) {
        if (versionOf.putIfAbsent(dataset, version(one.manifest(), dataset)) != null) {
          continue;
        }
        try {
          shards.addAll(versions.of(one.manifest().manifest(), Set.of(dataset)));
        } catch (DataException e) {
          unknown.add(dataset);
        }
      }
    }
    unknown.forEach(versionOf::remove);
    Map<Key, Integer> strata = strata(manifest, shards);
    List<String> names = List.copyOf(versionOf.keySet());
    Balance.OfRange balances = balance(manifest, continued, shards, strata, names);
    check(manifest, continued, balances, strata, names);
    return new Remix(
        Remix.SCHEMA_VERSION,
        manifest.id(),
        new Remix.Continued(continued.get(0).manifest().id(), continued.get(0).samples()),
        strata(balances, strata, names, versionOf),
        unknown,
        Remix.ABOUT,
        Map.of());
  }

  /** The datasets of a manifest, without samples that come again. */
  private static Set<String> datasets(UsedManifest manifest) {
    Set<String> names = new LinkedHashSet<>();
    for (Manifest.Dataset dataset : manifest.manifest().datasets()) {
      if (!dataset.name().startsWith(ManifestOrder.REPLAY)) {
        names.add(dataset.name());
      }
    }
    return names;
  }

  private static String version(UsedManifest manifest, String dataset) {
    return manifest.manifest().datasets().stream()
        .filter(d -> d.name().equals(dataset))
        .map(Manifest.Dataset::version)
        .findFirst()
        .orElse("");
  }

  /** The numbers of strata: those of the manifest in its order, then what else the shards have. */
  private static Map<Key, Integer> strata(
      UsedManifest manifest, List<VersionRecords.Shard> shards) {
    Map<Key, Integer> numbers = new LinkedHashMap<>();
    for (Manifest.Stratum stratum : manifest.manifest().strata()) {
      if (!stratum.dataset().startsWith(ManifestOrder.REPLAY)) {
        numbers.putIfAbsent(new Key(stratum.dataset(), stratum.category()), numbers.size());
      }
    }
    for (VersionRecords.Shard shard : shards) {
      for (String category : shard.categories()) {
        numbers.putIfAbsent(new Key(shard.dataset(), category), numbers.size());
      }
    }
    return numbers;
  }

  private Balance.OfRange balance(
      UsedManifest manifest,
      List<Consumed> continued,
      List<VersionRecords.Shard> shards,
      Map<Key, Integer> strata,
      List<String> datasets)
      throws IOException {
    write(shards);
    List<RunsOf> version = new ArrayList<>();
    long entries = 0;
    for (VersionRecords.Shard shard : shards) {
      int[] numbers =
          shard.categories().stream()
              .mapToInt(category -> number(strata, shard.dataset(), category))
              .toArray();
      shard.files().files().forEach(file -> version.add(new RunsOf(file, numbers)));
      entries += shard.records();
    }
    List<RunsOf> consumed = new ArrayList<>();
    for (Consumed one : continued) {
      int[] numbers =
          one.manifest().uses().strata().stream()
              .mapToInt(stratum -> datasets.indexOf(stratum.dataset()))
              .toArray();
      for (String file : ConsumedRuns.files(workspace, one.manifest(), one.samples())) {
        consumed.add(new RunsOf(file, numbers));
      }
      entries += one.samples();
    }
    int[] numbers =
        manifest.uses().strata().stream()
            .mapToInt(stratum -> number(strata, stratum.dataset(), stratum.category()))
            .toArray();
    List<RunsOf> given =
        manifest.uses().parts().stream()
            .map(part -> new RunsOf(manifest.runs(part), numbers))
            .toList();
    entries += manifest.manifest().samples();
    Balance.Input input =
        new Balance.Input(
            version,
            consumed,
            given,
            strata.keySet().stream().mapToInt(key -> datasets.indexOf(key.dataset())).toArray(),
            datasets.size());
    int bits = Selecting.rangeBits(entries);
    if (bits == 0) {
      return Balance.ofRange(storage, input, 0, 0);
    }
    return new ParallelWork(workspace, runner)
            .results(
                "balance",
                Selecting.ranges(bits),
                Ranged.class,
                of -> String.valueOf(of.range()),
                (Storage where, Integer range) ->
                    new Ranged(range, Balance.ofRange(where, input, range, bits)))
            .stream()
            .map(Ranged::balances)
            .reduce(Balance.OfRange::plus)
            .orElseThrow();
  }

  /** The stratum's number; -1 for samples that come again. */
  private static int number(Map<Key, Integer> strata, String dataset, String category) {
    return strata.getOrDefault(new Key(dataset, category), -1);
  }

  /** Writes the identities of those shards that have none by group yet. */
  private void write(List<VersionRecords.Shard> shards) throws IOException {
    List<UsesOfIndex.Shard> missing = new ArrayList<>();
    for (VersionRecords.Shard shard : shards) {
      if (storage.stat(shard.files().last()).isEmpty()) {
        missing.add(shard.files());
      }
    }
    if (!missing.isEmpty()) {
      new ParallelWork(workspace, runner).run("group", missing, UsesOfIndex::write);
    }
  }

  private static List<Remix.Stratum> strata(
      Balance.OfRange balances,
      Map<Key, Integer> numbers,
      List<String> datasets,
      Map<String, String> versions) {
    List<Remix.Stratum> strata = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Key key : numbers.keySet()) {
      Balance balance = balances.strata().get(strata.size());
      long gone = balances.gone().get(datasets.indexOf(key.dataset())).count();
      strata.add(
          new Remix.Stratum(
              key.dataset(),
              key.category(),
              Objects.requireNonNull(versions.get(key.dataset())),
              balance.version().count(),
              balance.passes(),
              balance.consumed().count(),
              balance.given().count(),
              balance.leftOver().count(),
              seen.add(key.dataset()) && gone > 0 ? gone : null,
              new Remix.Digests(
                  balance.version().digest().toString(),
                  balance.consumed().digest().toString(),
                  balance.given().digest().toString(),
                  balance.leftOver().digest().toString())));
    }
    return strata;
  }

  /** Holds what the merge found against what the manifests say of themselves. */
  private static void check(
      UsedManifest manifest,
      List<Consumed> continued,
      Balance.OfRange balances,
      Map<Key, Integer> strata,
      List<String> datasets) {
    Map<String, Long> passes = passes(manifest, continued);
    Map<Key, Tally> said = new HashMap<>();
    for (Uses.Stratum stratum : manifest.uses().strata()) {
      said.put(
          new Key(stratum.dataset(), stratum.category()),
          new Tally(stratum.samples(), SetDigest.of(stratum.digest())));
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Key, Integer> stratum : strata.entrySet()) {
      Key key = stratum.getKey();
      String name = "%s/%s: ".formatted(key.dataset(), key.category());
      Balance balance = balances.strata().get(stratum.getValue());
      if (!balance.holds()) {
        problems.add(
            name
                + "%,d consumed, %,d given and %,d left over are not %,d times its %,d records, or %,d samples are of none of them"
                    .formatted(
                        balance.consumed().count(),
                        balance.given().count(),
                        balance.leftOver().count(),
                        balance.passes(),
                        balance.version().count(),
                        balance.foreign().count()));
      }
      if (balance.passes() > passes.getOrDefault(key.dataset(), 0L)) {
        problems.add(
            name
                + "a record is given %,d times, and the manifests have %,d passes"
                    .formatted(balance.passes(), passes.getOrDefault(key.dataset(), 0L)));
      }
      if (!balance.given().equals(said.getOrDefault(key, Tally.NONE))) {
        problems.add(name + "what is given is not what uses.json says");
      }
    }
    for (int d = 0; d < datasets.size(); d++) {
      String dataset = datasets.get(d);
      long merged = balances.gone().get(d).count();
      for (Map.Entry<Key, Integer> stratum : strata.entrySet()) {
        merged +=
            stratum.getKey().dataset().equals(dataset)
                ? balances.strata().get(stratum.getValue()).consumed().count()
                : 0;
      }
      long counted =
          continued.stream()
              .mapToLong(
                  one -> ManifestOrder.given(one.manifest().manifest(), one.samples(), dataset))
              .sum();
      if (merged != counted) {
        problems.add(
            "%s: %,d samples were consumed by the order of the manifests, and %,d by their identities"
                .formatted(dataset, counted, merged));
      }
    }
    if (!problems.isEmpty()) {
      String file = StoragePath.resolve(manifest.folder(), Remix.FILE);
      throw new DataException(
          "the proof of the manifest does not hold",
          problems.stream().map(problem -> DataProblem.of(file, problem)).toList());
    }
  }

  /** How many passes the manifests have of each dataset: no record may be given more often. */
  private static Map<String, Long> passes(UsedManifest manifest, List<Consumed> continued) {
    List<Uses> all = new ArrayList<>(List.of(manifest.uses()));
    continued.forEach(one -> all.add(one.manifest().uses()));
    Map<String, Long> passes = new HashMap<>();
    for (Uses uses : all) {
      for (Uses.Stratum stratum : uses.strata()) {
        for (Uses.Pass pass : stratum.passes()) {
          passes.merge(stratum.dataset(), pass.pass() + 1, Math::max);
        }
      }
    }
    return passes;
  }
}
