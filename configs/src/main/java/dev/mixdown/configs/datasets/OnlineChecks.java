package dev.mixdown.configs.datasets;

import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stream cannot do of what a config may ask of a manifest: whatever needs to know how much
 * data there will be in all.
 */
public final class OnlineChecks {
  private static final BigDecimal MUCH = new BigDecimal("0.5");

  private OnlineChecks() {}

  /** Reports every setting that has no meaning for a stream. */
  public static void check(DatasetConfig config, Problems problems) {
    MixSettings mix = config.mix();
    mix.strategy()
        .filter(s -> s != Strategy.BALANCED && s != Strategy.STRATIFIED && s != Strategy.UNIFORM)
        .ifPresent(
            s ->
                add(
                    config,
                    problems,
                    "sampling_strategy",
                    "sampling_strategy %s needs to know how much data there is in all, which a stream never does; use balanced, stratified or uniform"
                        .formatted(s.word())));
    mix.totalClips()
        .ifPresent(
            total ->
                add(
                    config,
                    problems,
                    "total_clips",
                    "total_clips has no meaning for a stream, which has no end; remove it"));
    if (!mix.weightUnit().equals(MixSettings.RECORDS)) {
      add(
          config,
          problems,
          "weight_unit",
          "a stream counts records; set weight_unit to \"records\", or remove it");
    }
    if (mix.difficultyProgression()) {
      add(
          config,
          problems,
          "difficulty_progression",
          "easy before hard has no meaning for a stream, which has no end; set difficulty_progression to false");
    }
    for (DatasetEntry entry : config.enabled()) {
      entry
          .difficultyLevel()
          .ifPresent(
              level ->
                  problems.add(
                      entry.node().find("difficulty_level").orElse(entry.node()),
                      "a stream has no difficulty levels; remove difficulty_level of dataset \"%s\""
                          .formatted(entry.name())));
    }
    if (mix.samples().continued().isPresent()
        || !mix.samples().exclude().isEmpty()
        || !mix.samples().replay().isEmpty()) {
      add(
          config,
          problems,
          "samples",
          "samples.continue, exclude and replay are for manifests; a stream replays what online.replay names");
    }
    boolean twice =
        !mix.samples().holdOut().equals(HoldOut.NONE)
            && mix.online().filter(online -> !online.holdOut().against().isEmpty()).isPresent();
    if (twice) {
      add(
          config,
          problems,
          "samples",
          "hold_out stands in samples and in online; keep the one in online");
    }
  }

  private static void add(DatasetConfig config, Problems problems, String key, String message) {
    Optional<Node> at = Optional.ofNullable(config.sources().get(key));
    if (at.isPresent()) {
      problems.add(at.get(), message);
    } else {
      problems.add(config.file(), message);
    }
  }

  /** What has no effect in a stream, and what is unusual, for people. */
  public static List<String> notes(DatasetConfig config) {
    List<String> notes = new ArrayList<>();
    for (DatasetEntry entry : config.enabled()) {
      if (entry.duplicate().compareTo(BigDecimal.ONE) > 0) {
        notes.add(
            "dataset \"%s\": duplicate %s has no effect in a stream; records come again by shortage or replay"
                .formatted(entry.name(), entry.duplicate().toPlainString()));
      }
    }
    if (config.mix().maxClipsPerDataset().isPresent()) {
      notes.add("max_clips_per_dataset has no effect in a stream");
    }
    config
        .mix()
        .online()
        .ifPresent(
            online ->
                online.replay().stream()
                    .filter(replay -> replay.share().compareTo(MUCH) > 0)
                    .forEach(
                        replay ->
                            notes.add(
                                "replay of %s has a share of %s: more than half of what a trainer sees is old"
                                    .formatted(replay.from(), replay.share().toPlainString()))));
    return notes;
  }
}
