package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.problems.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A stage's data, with what is in it.
 *
 * @param heldOut as far as it can be read
 * @param notes what a user may want to know of how it was listed and read
 * @param metrics what the job that read shards counted
 */
public record InspectedStage(
    List<InspectedDataset> datasets,
    List<InspectedHeldOut> heldOut,
    List<Note> notes,
    Map<String, Long> metrics) {
  /** The same, with more datasets. */
  public InspectedStage and(List<InspectedDataset> more) {
    List<InspectedDataset> all = new ArrayList<>(datasets);
    all.addAll(more);
    return new InspectedStage(List.copyOf(all), heldOut, notes, metrics);
  }

  /** The same, with more notes. */
  public InspectedStage with(List<Note> more) {
    List<Note> all = new ArrayList<>(notes);
    all.addAll(more);
    return new InspectedStage(datasets, heldOut, List.copyOf(all), metrics);
  }
}
