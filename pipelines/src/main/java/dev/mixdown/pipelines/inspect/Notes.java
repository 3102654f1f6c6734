package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a user may want to know of a plan, in sentences. */
public final class Notes {
  /** A count that differs from an estimate by more than one in so many gets a note. */
  private static final long TENTH = 10;

  private Notes() {}

  /** What the config and the way to it give reason to say. */
  public static List<Note> ofConfig(Resolution resolution) {
    List<Note> notes = new ArrayList<>();
    resolution.notes().forEach(note -> notes.add(Note.of(note)));
    DatasetConfig config = resolution.config();
    config.notes().forEach(problem -> notes.add(Note.of(problem)));
    MixSettings mix = config.mix();
    mix.batchSize()
        .filter(batch -> mix.shuffleBlock() % batch != 0)
        .ifPresent(
            batch ->
                notes.add(
                    Note.of(
                        "shuffle_block %d is not a multiple of batch_size %d, so batches do not all have the exact mix; set shuffle_block to %d"
                            .formatted(
                                mix.shuffleBlock(),
                                batch,
                                (mix.shuffleBlock() + batch - 1) / batch * batch))));
    return notes;
  }

  /** What was counted in the datasets gives reason to say. */
  public static List<Note> ofCounts(List<InspectedDataset> datasets) {
    List<String> notes = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      rejected(dataset, notes);
      filtered(dataset, notes);
      estimated(dataset, notes);
    }
    return notes.stream().map(Note::of).toList();
  }

  private static void rejected(InspectedDataset dataset, List<String> notes) {
    long bad = dataset.rejectedRecords();
    if (bad > 0) {
      notes.add(
          "dataset \"%s\": %,d bad %s left out of %,d: %s"
              .formatted(
                  dataset.entry().name(),
                  bad,
                  bad == 1 ? "record was" : "records were",
                  dataset.stored() + bad,
                  reasons(dataset.rejected())));
    }
  }

  private static void filtered(InspectedDataset dataset, List<String> notes) {
    if (!dataset.leftOut().isEmpty()) {
      notes.add(
          "dataset \"%s\": %,d of %,d records are left out: %s"
              .formatted(
                  dataset.entry().name(),
                  dataset.stored() - dataset.records(),
                  dataset.stored(),
                  reasons(dataset.filtered())));
    } else if (!dataset.filtered().isEmpty()) {
      notes.add(
          "dataset \"%s\": filtering left out %,d of %,d records: %s"
              .formatted(
                  dataset.entry().name(),
                  dataset.stored() - dataset.records(),
                  dataset.stored(),
                  reasons(dataset.filtered())));
    }
  }

  /** Counts with their reasons: {@code 3 has no value..., 1 is larger...}. */
  static String reasons(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%,d %s", e.getValue(), e.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static void estimated(InspectedDataset dataset, List<String> notes) {
    DatasetEntry entry = dataset.entry();
    entry
        .estimatedClips()
        .filter(clips -> Math.abs(dataset.stored() - clips) > clips / (double) TENTH)
        .ifPresent(
            clips ->
                notes.add(
                    "dataset \"%s\" has %,d records, but estimated_clips says %,d"
                        .formatted(entry.name(), dataset.stored(), clips)));
  }
}
