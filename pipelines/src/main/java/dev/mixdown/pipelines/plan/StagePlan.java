package dev.mixdown.pipelines.plan;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Notes;
import dev.mixdown.pipelines.samples.Replays;
import dev.mixdown.pipelines.samples.ResolvedRules;
import dev.mixdown.pipelines.samples.Selection;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.mixing.Given;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.MixException;
import dev.mixdown.transforms.mixing.ReplayMix;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.mixing.Supply;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.ShardToPlace;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stage with its mix: what is to be prepared, decided down to every stratum's quota, before
 * anything is written.
 *
 * @param datasets in the index's order
 * @param heldOut what must not be trained on, as far as it can be read
 * @param notes what a user may want to know of how it came out
 * @param metrics what the job that read shards counted
 * @param rules what is done with samples that other manifests gave
 * @param selection which records may be given because of that
 */
public record StagePlan(
    Resolution resolution,
    List<InspectedDataset> datasets,
    List<InspectedHeldOut> heldOut,
    Mix mix,
    List<Note> notes,
    Map<String, Long> metrics,
    ResolvedRules rules,
    Selection selection) {

  /**
   * Decides the mix.
   *
   * @throws DataException when two shards have the same content
   * @throws MixException when the mix cannot be made
   */
  public static StagePlan of(
      Resolution asked, InspectedStage inspected, ResolvedRules rules, Selection selection) {
    List<InspectedDataset> datasets =
        inspected.datasets().stream().map(d -> d.without(selection.leftOut(d.shards()))).toList();
    refuseSameContent(datasets);
    List<InspectedDataset> replays =
        selection.replays().stream().map(d -> d.without(selection.leftOut(d.shards()))).toList();
    MixSettings settings = settings(asked, datasets);
    Resolution resolution = asked.with(asked.config().with(settings));
    List<Supply> supplies = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      supplies.add(supply(dataset, supplies.size(), settings, selection, problems));
    }
    try {
      if (!problems.isEmpty()) {
        throw new MixException(problems);
      }
      Mix mix =
          ReplayMix.plan(
              settings,
              supplies,
              replays.stream().map(StagePlan::replayed).toList(),
              rules.asked().replay().stream().map(SampleRules.Replay::share).toList());
      List<Note> notes = new ArrayList<>(Notes.ofConfig(resolution));
      notes.addAll(inspected.notes());
      notes.addAll(Notes.ofCounts(datasets));
      mix.warnings().forEach(warning -> notes.add(Note.of(warning)));
      return new StagePlan(
          resolution,
          Stream.concat(datasets.stream(), replays.stream()).toList(),
          inspected.heldOut(),
          mix,
          List.copyOf(notes),
          inspected.metrics(),
          rules,
          selection);
    } catch (MixException e) {
      throw e.in(resolution.config().file());
    }
  }

  /** The same plan, with more notes. */
  public StagePlan with(List<String> more) {
    List<Note> all = new ArrayList<>(notes);
    more.forEach(note -> all.add(Note.of(note)));
    return new StagePlan(
        resolution, datasets, heldOut, mix, List.copyOf(all), metrics, rules, selection);
  }

  /** What a stage asks for, with the levels that its data uses. */
  public static MixSettings settings(Resolution stage, List<InspectedDataset> datasets) {
    return stage.config().mix().withLevelsFor(levels(datasets));
  }

  /** The levels that datasets and records use. */
  private static List<String> levels(List<InspectedDataset> datasets) {
    List<String> levels = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      dataset.entry().fixedLevel().ifPresent(levels::add);
      for (InspectedShard shard : dataset.shards()) {
        for (Inspection.Group group : shard.inspection().groups()) {
          if (group.level() != null) {
            levels.add(group.level());
          }
        }
      }
    }
    return levels;
  }

  private static void refuseSameContent(List<InspectedDataset> datasets) {
    Map<String, String> owners = new HashMap<>();
    List<DataProblem> problems = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      for (InspectedShard shard : dataset.shards()) {
        if (shard.inspection().stored() + shard.inspection().rejectedRecords() == 0) {
          // Nothing is in it that could count twice.
          continue;
        }
        String here = "%s (dataset \"%s\")".formatted(shard.file().path(), dataset.entry().name());
        String first = owners.putIfAbsent(shard.inspection().sha256(), here);
        if (first != null) {
          problems.add(
              new DataProblem(
                  shard.file().path(),
                  -1,
                  -1,
                  "has the same content as %s; in dataset \"%s\" it would count twice: remove one, and use duplicate to repeat records"
                      .formatted(first, dataset.entry().name())));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  private static Supply supply(
      InspectedDataset dataset,
      int order,
      MixSettings settings,
      Selection selection,
      List<String> problems) {
    DatasetEntry entry = dataset.entry();
    Map<Stratum, Long> begun = selection.begunOf(entry.name());
    Map<Stratum, Supply.StratumSupply> groups = new TreeMap<>();
    for (InspectedShard shard : dataset.shards()) {
      for (Inspection.Group group : shard.inspection().groups()) {
        Stratum stratum = stratum(entry, settings, group);
        if (stratum.level() != null && stratum.difficulty() < 0) {
          problems.add(
              "dataset \"%s\" has records of difficulty \"%s\" in %s, which difficulty_levels does not name%s"
                  .formatted(
                      entry.name(),
                      stratum.level(),
                      shard.file().path(),
                      DidYouMean.hint(stratum.level(), settings.difficultyLevels())));
        }
        groups.merge(
            stratum,
            new Supply.StratumSupply(
                stratum.category(),
                stratum.level(),
                stratum.difficulty(),
                0,
                units(settings, group),
                group.records(),
                Given.NONE),
            StagePlan::together);
      }
      for (SelectedShard.Group part : selection.parts(shard)) {
        Stratum stratum = stratum(entry, settings, shard.inspection().groups().get(part.group()));
        groups.merge(
            stratum,
            new Supply.StratumSupply(
                stratum.category(),
                stratum.level(),
                stratum.difficulty(),
                part.records(),
                BigDecimal.ZERO,
                0,
                Given.times(part.given(), part.records())),
            StagePlan::together);
      }
    }
    begun.forEach(
        (stratum, samples) ->
            groups.computeIfPresent(
                stratum, (s, supply) -> supply.with(Given.inOrder(samples, supply.records()))));
    if (groups.isEmpty()) {
      String category = Categories.of(entry, settings);
      groups.put(
          Stratum.of(entry.name(), category),
          new Supply.StratumSupply(category, null, -1, 0, BigDecimal.ZERO));
    }
    return new Supply(
        entry.name(),
        order,
        entry.duplicate(),
        entry.weight(),
        entry.priority(),
        List.copyOf(groups.values()),
        whyEmpty(dataset),
        selection.gone().getOrDefault(entry.name(), 0L),
        false);
  }

  /** What comes again, as a supply of its own. */
  private static Supply replayed(InspectedDataset replay) {
    return new Supply(
        replay.entry().name(),
        0,
        replay.entry().duplicate(),
        Optional.empty(),
        replay.entry().priority(),
        List.of(
            new Supply.StratumSupply(
                Replays.CATEGORY, null, -1, replay.records(), BigDecimal.ZERO)),
        "nothing of it was given",
        0,
        true);
  }

  private static Supply.StratumSupply together(Supply.StratumSupply a, Supply.StratumSupply b) {
    return new Supply.StratumSupply(
        a.category(),
        a.level(),
        a.difficulty(),
        a.records() + b.records(),
        a.units().add(b.units()),
        a.measured() + b.measured(),
        a.given().plus(b.given(), a.records(), b.records()));
  }

  private static String whyEmpty(InspectedDataset dataset) {
    if (dataset.rejectedRecords() > 0 && dataset.stored() == 0) {
      return "all its %,d records are bad and were left out".formatted(dataset.rejectedRecords());
    }
    if (!dataset.leftOut().isEmpty()) {
      return "all its %,d records are left out (%s)"
          .formatted(dataset.stored(), String.join(", ", dataset.filtered().keySet()));
    }
    return dataset.stored() > 0
        ? "filtering leaves out all its %,d records".formatted(dataset.stored())
        : "its files have no records";
  }

  /** The stratum of a group of a shard's records. */
  public static Stratum stratum(DatasetEntry entry, MixSettings settings, Inspection.Group group) {
    String category =
        group.category() == null
            ? Categories.of(entry, settings)
            : settings.dataRatio().containsKey(group.category())
                ? group.category()
                : Categories.OTHERS;
    Stratum stratum = Stratum.of(entry.name(), category);
    String level = level(entry, settings, group);
    return level == null ? stratum : stratum.at(level, settings.difficultyLevels().indexOf(level));
  }

  private static @Nullable String level(
      DatasetEntry entry, MixSettings settings, Inspection.Group group) {
    if (!settings.difficultyProgression()) {
      return null;
    }
    Optional<String> fixed = entry.fixedLevel();
    if (fixed.isPresent()) {
      return settings.difficultyLevels().contains(fixed.get()) ? fixed.get() : null;
    }
    return group.level();
  }

  private static BigDecimal units(MixSettings settings, Inspection.Group group) {
    return switch (settings.weightUnit()) {
      case MixSettings.RECORDS -> BigDecimal.valueOf(group.records());
      case MixSettings.BYTES -> BigDecimal.valueOf(group.bytes());
      default -> group.units();
    };
  }

  /** All shards as the manifest numbers them: by dataset, then fingerprint. */
  public List<InspectedShard> shards() {
    return datasets.stream()
        .flatMap(dataset -> dataset.shards().stream())
        .sorted(
            Comparator.comparing((InspectedShard shard) -> shard.matched().dataset())
                .thenComparing(shard -> shard.inspection().sha256()))
        .toList();
  }

  /** The shards that give something, as the placing steps see them. */
  public List<ShardToPlace> toPlace(Layout layout, Workspace workspace) {
    MixSettings settings = resolution.config().mix();
    Map<Stratum, Integer> numbers = new HashMap<>();
    layout.strata().forEach(placed -> numbers.put(placed.stratum(), numbers.size()));
    Map<String, Integer> shardNumbers = new HashMap<>();
    shards().forEach(s -> shardNumbers.put(Selection.key(s), shardNumbers.size()));
    List<ShardToPlace> toPlace = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      int datasetNumber = layout.datasets().indexOf(dataset.entry().name());
      if (datasetNumber < 0) {
        continue;
      }
      RecordsBefore before = new RecordsBefore();
      for (int i = 0; i < dataset.shards().size(); i++) {
        InspectedShard shard = dataset.shards().get(i);
        List<SelectedShard.Group> groups = selection.parts(shard);
        int[] strata = new int[groups.size()];
        int[] given = new int[groups.size()];
        long[][] first = new long[groups.size()][];
        for (int g = 0; g < strata.length; g++) {
          given[g] = groups.get(g).given();
          strata[g] =
              numbers.getOrDefault(
                  stratum(
                      dataset.entry(),
                      settings,
                      shard.inspection().groups().get(groups.get(g).group())),
                  -1);
          first[g] =
              strata[g] < 0 || layout.shuffle()
                  ? new long[0]
                  : before.ofPasses(layout.strata().get(strata[g]), strata[g]);
        }
        long samples = 0;
        for (int g = 0; g < strata.length; g++) {
          if (strata[g] >= 0) {
            Layout.PlacedStratum placed = layout.strata().get(strata[g]);
            samples += groups.get(g).records() * (placed.quota() / placed.records() + 1);
            before.add(strata[g], given[g], groups.get(g).records());
          }
        }
        toPlace.add(
            new ShardToPlace(
                Objects.requireNonNull(shardNumbers.get(Selection.key(shard))),
                selection
                    .of(shard)
                    .map(SelectedShard::index)
                    .orElseGet(() -> workspace.index(shard.inspection().sha256(), shard.spec())),
                datasetNumber,
                i,
                strata,
                given,
                first,
                samples));
      }
    }
    return toPlace;
  }
}
