package dev.mixdown.pipelines.streams;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.OnlineChecks;
import dev.mixdown.configs.online.OnlineRules;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.samples.SampleRules.Policy;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.ManifestSpecs;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.stream.StreamPlanner;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A stage whose data keeps arriving, as its config says it now.
 *
 * @param resolution with what the stream itself holds out as its rule for held-out records
 * @param rules when increments are cut
 * @param asked what the stream would be if it began now
 * @param notes what has no effect here
 */
public record OnlineStage(
    Resolution resolution, OnlineRules rules, StreamDocument asked, List<String> notes) {
  /** The key of the stage that is online without saying so. */
  public static final String KEY = "online_learning";

  /**
   * Reads the config.
   *
   * @throws ConfigException where the stage is not online, or asks for what a stream cannot do
   */
  public static OnlineStage of(ReleaseRepository repository, StageChoice choice)
      throws IOException {
    Resolution resolution = repository.resolve(choice);
    DatasetConfig config = resolution.config();
    Problems problems = new Problems();
    if (!isOnline(resolution)) {
      problems.add(
          config.file(),
          "stage \"%s\" is not an online stage; add \"online\": {} to its stage_config, or name a stage that has it"
              .formatted(resolution.arm()));
      problems.throwIfAny();
    }
    OnlineChecks.check(config, problems);
    problems.throwIfAny();
    OnlineRules rules = config.mix().online().orElse(OnlineRules.DEFAULT);
    return new OnlineStage(
        resolution.with(config.with(config.mix().with(rules(config.mix(), rules)))),
        rules,
        document(resolution),
        OnlineChecks.notes(config));
  }

  /** Whether a stage is one. */
  public static boolean isOnline(Resolution stage) {
    return stage.config().mix().online().isPresent() || stage.stage().equals(KEY);
  }

  /** The rules for samples: held-out records are left out, whatever a manifest does. */
  private static SampleRules rules(MixSettings mix, OnlineRules online) {
    HoldOut own =
        online.holdOut().equals(HoldOut.NONE) ? mix.samples().holdOut() : online.holdOut();
    return new SampleRules(
        Optional.empty(),
        List.of(),
        List.of(),
        new HoldOut(own.auto(), own.against(), Policy.EXCLUDE, own.allowed()),
        mix.samples().content());
  }

  private static StreamDocument document(Resolution stage) {
    MixSettings mix = stage.config().mix();
    return StreamDocument.of(
        stage.arm(),
        StreamPlanner.VERSION,
        mix.seed(),
        mix.shuffleBlock(),
        mix.shuffle(),
        mix.augment(),
        mix.identityField().orElse(null),
        mix.categoryField().orElse(null),
        ManifestSpecs.of(stage.config()).filtering());
  }

  /** Its config. */
  public DatasetConfig config() {
    return resolution.config();
  }

  /** Where its stream lies. */
  public StreamFolder folder(Storage storage, String output) {
    return StreamFolder.of(storage, output, resolution);
  }

  /**
   * The stream as it is there, or as it begins now.
   *
   * @throws ConfigException where the config changes what never changes
   */
  public StreamDocument begin(StreamFolder folder) throws IOException {
    StreamDocument there = folder.begin(asked);
    refuseChanges(folder, there);
    return there;
  }

  /** Refuses a config that changes what never changes in a stream. */
  public void refuseChanges(StreamFolder folder, StreamDocument there) {
    Problems problems = new Problems();
    for (String change : there.changes(asked)) {
      problems.add(
          config().file(),
          "the stream in %s cannot change so: %s; change it back, or begin another stream with another --output"
              .formatted(folder.path(), change));
    }
    problems.throwIfAny();
  }
}
