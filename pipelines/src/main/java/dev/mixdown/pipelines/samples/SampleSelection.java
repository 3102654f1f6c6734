package dev.mixdown.pipelines.samples;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.pipelines.ManifestSpecs;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.pipelines.inspect.Results;
import dev.mixdown.pipelines.samples.ResolvedRules.Consumed;
import dev.mixdown.pipelines.samples.ResolvedRules.Named;
import dev.mixdown.pipelines.uses.ConsumedRuns;
import dev.mixdown.pipelines.uses.KeptList;
import dev.mixdown.pipelines.uses.ManifestOrder;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.RunsOf;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.selection.Selecting;
import dev.mixdown.transforms.selection.ShardToSelect;
import dev.mixdown.transforms.selection.SortedIdentities;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Applies a stage's rules to the records of its shards. Where a dataset did not change since the
 * manifest that is continued, arithmetic tells what is left of it; all else is a merge of sorted
 * identities, range by range, on as many workers as there are. What comes of it is kept in the
 * workspace under a digest of everything it depends on.
 */
public final class SampleSelection {
  private final Workspace workspace;
  private final Storage storage;
  private final RunnerSettings runner;
  private final DatasetConfig config;
  private final MixSettings settings;
  private final long epoch;

  /**
   * @param epoch which of the orders the stage is prepared in
   */
  public SampleSelection(
      Workspace workspace, RunnerSettings runner, DatasetConfig config, long epoch) {
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.runner = runner;
    this.config = config;
    this.settings = config.mix();
    this.epoch = epoch;
  }

  /**
   * Selects.
   *
   * @param datasets the stage's, in the order of its index
   * @param heldOut by shard, the numbers of the records that are left out because they are held out
   * @param stratumOf the stratum of a group of a dataset's shard
   */
  public Selection select(
      List<InspectedDataset> datasets,
      ResolvedRules rules,
      Map<InspectedShard, int[]> heldOut,
      BiFunction<DatasetEntry, Inspection.Group, Stratum> stratumOf)
      throws IOException {
    boolean ofAll = !rules.exclude().isEmpty() || settings.filtering().removeDuplicates();
    Map<String, SelectedShard> selected = new HashMap<>();
    if (ofAll || !heldOut.isEmpty()) {
      // What is left out comes first: what is then left of a dataset decides how it goes on.
      selected.putAll(merged(datasets, rules, heldOut, Set.of()));
    }
    if (rules.continued().isEmpty()) {
      return new Selection(selected, Map.of(), Map.of(), List.of(), List.of());
    }
    Begun begun = new Begun(rules.continued(), ManifestSpecs.of(config), epoch);
    Map<String, Map<Stratum, Long>> inOrder = new HashMap<>();
    Set<String> others = new HashSet<>();
    for (InspectedDataset dataset : datasets) {
      boolean whole =
          dataset.shards().stream()
              .map(shard -> selected.get(Selection.key(shard)))
              .allMatch(s -> s == null || s.leftOut().isEmpty());
      Optional<Map<Stratum, Long>> samples =
          whole
              ? begun.of(dataset.entry().name(), dataset.version(), records(dataset, stratumOf))
              : Optional.empty();
      samples.ifPresent(s -> inOrder.put(dataset.entry().name(), s));
      if (samples.isEmpty() && gaveSomething(rules, dataset.entry().name())) {
        others.add(dataset.entry().name());
      }
    }
    if (!others.isEmpty()) {
      selected.putAll(merged(datasets, rules, heldOut, others));
    }
    return new Selection(
        selected, inOrder, gone(datasets, rules, selected, others), List.of(), List.of());
  }

  private static Map<Stratum, Long> records(
      InspectedDataset dataset, BiFunction<DatasetEntry, Inspection.Group, Stratum> stratumOf) {
    Map<Stratum, Long> records = new HashMap<>();
    for (InspectedShard shard : dataset.shards()) {
      shard
          .inspection()
          .groups()
          .forEach(g -> records.merge(stratumOf.apply(dataset.entry(), g), g.records(), Long::sum));
    }
    return records;
  }

  private static boolean gaveSomething(ResolvedRules rules, String dataset) {
    return rules.continued().stream()
        .flatMap(c -> ManifestOrder.giving(c.manifest().manifest()).stream())
        .anyMatch(stratum -> stratum.dataset().equals(dataset));
  }

  /** By dataset, the samples of records that it does not have any more. */
  private static Map<String, Long> gone(
      List<InspectedDataset> datasets,
      ResolvedRules rules,
      Map<String, SelectedShard> selected,
      Set<String> others) {
    Map<String, Long> gone = new HashMap<>();
    for (InspectedDataset dataset : datasets) {
      String name = dataset.entry().name();
      if (!others.contains(name)) {
        continue;
      }
      long before =
          rules.continued().stream()
              .mapToLong(c -> ManifestOrder.given(c.manifest().manifest(), c.samples(), name))
              .sum();
      long here =
          dataset.shards().stream()
              .flatMap(s -> Optional.ofNullable(selected.get(Selection.key(s))).stream())
              .flatMap(s -> s.groups().stream())
              .mapToLong(g -> g.given() * g.records())
              .sum();
      gone.put(name, Math.max(0, before - here));
    }
    return gone;
  }

  /**
   * Looks at records range by range.
   *
   * @param counted the datasets whose uses are counted
   */
  private Map<String, SelectedShard> merged(
      List<InspectedDataset> datasets,
      ResolvedRules rules,
      Map<InspectedShard, int[]> heldOut,
      Set<String> counted)
      throws IOException {
    List<InspectedShard> shards =
        datasets.stream()
            .flatMap(d -> d.shards().stream())
            .sorted(
                Comparator.comparing((InspectedShard s) -> s.matched().dataset())
                    .thenComparing(s -> s.inspection().sha256()))
            .toList();
    String digest = digest(datasets, shards, rules, heldOut, counted);
    String kept = StoragePath.resolve(workspace.folder(), "samples/" + digest + ".json");
    Optional<List<SelectedShard>> known = KeptSelection.read(storage, kept);
    List<SelectedShard> selected =
        known.isPresent()
            ? known.get()
            : run(datasets, shards, rules, heldOut, counted, digest, kept);
    Map<String, SelectedShard> byKey = new HashMap<>();
    selected.forEach(s -> byKey.put(Selection.key(shards.get(s.number())), s));
    return byKey;
  }

  private List<SelectedShard> run(
      List<InspectedDataset> datasets,
      List<InspectedShard> shards,
      ResolvedRules rules,
      Map<InspectedShard, int[]> heldOut,
      Set<String> counted,
      String digest,
      String kept)
      throws IOException {
    List<String> names = datasets.stream().map(d -> d.entry().name()).toList();
    Map<String, Integer> precedence = precedence(datasets);
    Map<InspectedShard, String> hashes =
        tiesByHash() ? new TieHashes(workspace, runner).of(shards) : Map.of();
    List<ShardToSelect> toSelect = new ArrayList<>();
    long entries = 0;
    for (InspectedShard shard : shards) {
      String name = shard.matched().dataset();
      toSelect.add(
          toSelect(
              shard,
              toSelect.size(),
              names.indexOf(name),
              precedence.getOrDefault(name, 0),
              digest,
              hashes.getOrDefault(shard, ""),
              heldOut));
      entries += shard.inspection().records();
    }
    List<String> excluded = new ArrayList<>();
    for (Named<UsedManifest> source : rules.exclude()) {
      for (Uses.Part part : source.value().uses().parts()) {
        excluded.add(source.value().runs(part));
        entries += part.identities();
      }
    }
    List<RunsOf> used = new ArrayList<>();
    for (Consumed consumed : counted.isEmpty() ? List.<Consumed>of() : rules.continued()) {
      int[] groups =
          consumed.manifest().uses().strata().stream()
              .mapToInt(s -> counted.contains(s.dataset()) ? names.indexOf(s.dataset()) : -1)
              .toArray();
      for (String file : ConsumedRuns.files(workspace, consumed.manifest(), consumed.samples())) {
        used.add(new RunsOf(file, groups));
      }
      entries += consumed.samples();
    }
    Selecting selecting =
        new Selecting(
            toSelect,
            excluded,
            used,
            settings.filtering().removeDuplicates(),
            false,
            Selecting.rangeBits(entries));
    return run(selecting, kept);
  }

  private List<SelectedShard> run(Selecting selecting, String kept) throws IOException {
    sort(selecting.shards());
    Results<SelectedShard> results = new Results<>(workspace, SelectedShard.class);
    try {
      Map<String, Long> unused =
          runner.run(new SelectPipeline(storage, selecting, results), "select");
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    List<SelectedShard> selected =
        results.take().stream().sorted(Comparator.comparingInt(SelectedShard::number)).toList();
    KeptList.write(storage, kept, selected);
    return selected;
  }

  /**
   * Selects what a manifest gave, to come again.
   *
   * @param dataset the shards of the manifest
   * @param heldOut by shard, the numbers of the records that are left out because they are held out
   */
  public Map<String, SelectedShard> given(
      InspectedDataset dataset, Consumed consumed, Map<InspectedShard, int[]> heldOut)
      throws IOException {
    List<InspectedShard> shards =
        dataset.shards().stream()
            .sorted(Comparator.comparing((InspectedShard s) -> s.inspection().sha256()))
            .toList();
    StringBuilder text = new StringBuilder("replay 1 ");
    text.append(consumed.manifest().id()).append(' ').append(consumed.samples());
    for (InspectedShard shard : shards) {
      text.append('\n')
          .append(shard.spec().digest())
          .append(' ')
          .append(Arrays.toString(heldOut.getOrDefault(shard, new int[0])));
    }
    String digest = Digests.sha256(text.toString()).substring(0, 20);
    String kept = StoragePath.resolve(workspace.folder(), "samples/" + digest + ".json");
    Optional<List<SelectedShard>> known = KeptSelection.read(storage, kept);
    List<SelectedShard> selected =
        known.isPresent() ? known.get() : run(selecting(shards, consumed, heldOut, digest), kept);
    Map<String, SelectedShard> byKey = new HashMap<>();
    selected.forEach(s -> byKey.put(Selection.key(shards.get(s.number())), s));
    return byKey;
  }

  private Selecting selecting(
      List<InspectedShard> shards,
      Consumed consumed,
      Map<InspectedShard, int[]> heldOut,
      String digest)
      throws IOException {
    List<ShardToSelect> toSelect = new ArrayList<>();
    for (InspectedShard shard : shards) {
      toSelect.add(toSelect(shard, toSelect.size(), 0, 0, digest, "", heldOut));
    }
    int[] all = new int[consumed.manifest().uses().strata().size()];
    List<RunsOf> used = new ArrayList<>();
    for (String file : ConsumedRuns.files(workspace, consumed.manifest(), consumed.samples())) {
      used.add(new RunsOf(file, all));
    }
    long records = shards.stream().mapToLong(s -> s.inspection().records()).sum();
    return new Selecting(
        toSelect, List.of(), used, false, true, Selecting.rangeBits(records + consumed.samples()));
  }

  private ShardToSelect toSelect(
      InspectedShard shard,
      int number,
      int dataset,
      int precedence,
      String digest,
      String hashes,
      Map<InspectedShard, int[]> heldOut) {
    String index = workspace.index(shard.inspection().sha256(), shard.spec());
    long records = shard.inspection().stored() + shard.inspection().rejectedRecords();
    return new ShardToSelect(
        number,
        dataset,
        precedence,
        index,
        SortedIdentities.files(index, records),
        Math.toIntExact(records),
        StoragePath.resolve(
            workspace.folder(),
            "samples/%s/%s-%d".formatted(digest, shard.inspection().sha256(), number)),
        hashes,
        heldOut.getOrDefault(shard, new int[0]));
  }

  /** Sorts the records of those shards that are not sorted yet. */
  private void sort(List<ShardToSelect> shards) throws IOException {
    List<SortedIdentities.Shard> unsorted = new ArrayList<>();
    for (ShardToSelect shard : shards) {
      // The last file is written last.
      String last = shard.sorted().get(shard.sorted().size() - 1);
      if (storage.stat(last).isEmpty()) {
        unsorted.add(new SortedIdentities.Shard(shard.index(), shard.sorted()));
      }
    }
    if (!unsorted.isEmpty()) {
      new ParallelWork(workspace, runner).run("sort", unsorted, SortedIdentities::write);
    }
  }

  /** Whether records of one identity may differ, and it matters which of them comes first. */
  private boolean tiesByHash() {
    return settings.filtering().removeDuplicates() && settings.identityField().isPresent();
  }

  /** By dataset, its place among all by priority, then index order. */
  private static Map<String, Integer> precedence(List<InspectedDataset> datasets) {
    List<InspectedDataset> sorted = new ArrayList<>(datasets);
    sorted.sort(Comparator.comparing(d -> d.entry().priority()));
    Map<String, Integer> precedence = new HashMap<>();
    sorted.forEach(d -> precedence.put(d.entry().name(), precedence.size()));
    return precedence;
  }

  /** Everything that the selection depends on. */
  private String digest(
      List<InspectedDataset> datasets,
      List<InspectedShard> shards,
      ResolvedRules rules,
      Map<InspectedShard, int[]> heldOut,
      Set<String> counted) {
    StringBuilder text = new StringBuilder("1\n");
    precedence(datasets).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> text.append(e).append('\n'));
    for (InspectedShard shard : shards) {
      text.append(shard.matched().dataset())
          .append(' ')
          .append(shard.inspection().sha256())
          .append(' ')
          .append(shard.spec().digest())
          .append(' ')
          .append(Arrays.toString(heldOut.getOrDefault(shard, new int[0])))
          .append('\n');
    }
    rules.exclude().forEach(e -> text.append("exclude ").append(e.value().id()).append('\n'));
    if (!counted.isEmpty()) {
      rules
          .continued()
          .forEach(
              c ->
                  text.append("continue ")
                      .append(c.manifest().id())
                      .append(' ')
                      .append(c.samples())
                      .append('\n'));
      counted.stream().sorted().forEach(name -> text.append("of ").append(name).append('\n'));
    }
    text.append(settings.filtering().removeDuplicates()).append(tiesByHash() ? " by hash" : "");
    return Digests.sha256(text.toString()).substring(0, 20);
  }
}
