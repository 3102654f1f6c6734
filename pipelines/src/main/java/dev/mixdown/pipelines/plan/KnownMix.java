package dev.mixdown.pipelines.plan;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.match.MatchedDataset;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.match.ShardMatcher;
import dev.mixdown.pipelines.samples.ResolvedRules;
import dev.mixdown.pipelines.samples.Selection;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Reach;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.MixException;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stage's mix as far as it is known without reading any data.
 *
 * @param records how many records each dataset has, where the ledger knows all of its shards
 * @param mix the mix, where the ledger knows everything
 * @param notes why it is not known, and what a user may want to know of it
 */
public record KnownMix(
    Resolution resolution, Map<String, Long> records, Optional<Mix> mix, List<Note> notes) {

  /** Looks up what the ledger of a workspace knows. */
  public static KnownMix of(
      ReleaseRepository repository, Resolution resolution, Workspace workspace, Reach reach)
      throws IOException {
    ShardMatcher matcher =
        new ShardMatcher(
            reach, repository.folder(), resolution.config().mix(), true, false, Optional.empty());
    MatchedStage stage;
    try {
      stage = matcher.match(resolution.config());
    } catch (IOException e) {
      // It reads no data: a store that does not answer is no reason to show nothing.
      return new KnownMix(
          resolution,
          Map.of(),
          Optional.empty(),
          List.of(Note.of("the data could not be looked at: " + Causes.text(e))));
    }
    List<MatchedDataset> matched = stage.datasets();
    List<InspectedDataset> known =
        new Inspections(workspace, RunnerSettings.DIRECT, Progress.NONE).known(matched);
    Map<String, Long> records = new LinkedHashMap<>();
    List<String> unread = new ArrayList<>();
    for (int d = 0; d < matched.size(); d++) {
      String name = matched.get(d).entry().name();
      if (matched.get(d).shards().isEmpty()) {
        continue;
      }
      if (known.get(d).shards().size() == matched.get(d).shards().size()) {
        records.put(name, known.get(d).records());
      } else {
        unread.add(name);
      }
    }
    List<Note> notes = new ArrayList<>();
    stage.problems().forEach(problem -> notes.add(Note.of(problem.toString())));
    if (!unread.isEmpty()) {
      notes.add(
          Note.of(
              "not read yet: %s; \"mixdown plan %s\" reads them"
                  .formatted(String.join(", ", unread), resolution.arguments())));
    }
    if (dependsOnOthers(resolution.config().mix())) {
      notes.add(
          Note.of(
              "the mix depends on other manifests; \"mixdown plan %s\" looks at them"
                  .formatted(resolution.arguments())));
    }
    if (!notes.isEmpty()) {
      return new KnownMix(resolution, records, Optional.empty(), notes);
    }
    try {
      StagePlan plan =
          StagePlan.of(
              resolution,
              new InspectedStage(known, List.of(), stage.notes(), Map.of()),
              ResolvedRules.NONE,
              Selection.ALL);
      return new KnownMix(resolution, records, Optional.of(plan.mix()), plan.notes());
    } catch (MixException | DataException e) {
      return new KnownMix(
          resolution, records, Optional.empty(), List.of(Note.of(String.valueOf(e.getMessage()))));
    }
  }

  /** Whether counts of records alone do not tell the mix. */
  private static boolean dependsOnOthers(MixSettings settings) {
    SampleRules rules = settings.samples();
    return rules.continued().isPresent()
        || !rules.exclude().isEmpty()
        || !rules.replay().isEmpty()
        || rules.holdOut().policy() == SampleRules.Policy.EXCLUDE;
  }

  /** How many samples a dataset gives; empty where that is not known. */
  public Optional<Long> samples(String dataset) {
    return mix.map(m -> m.samples(dataset));
  }
}
