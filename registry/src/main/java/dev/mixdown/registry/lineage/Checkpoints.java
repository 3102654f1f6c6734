package dev.mixdown.registry.lineage;

import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.StoragePath;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints that trainings made, by place and time: what lay at a place when somebody began
 * from it, and not what was written over it later.
 */
final class Checkpoints {
  private final Map<String, List<Made>> made = new HashMap<>();
  private final Map<String, List<String>> placesByName = new HashMap<>();

  /** A checkpoint, and when it was made. */
  private record Made(Node node, String time) {}

  /**
   * What a training, or a run, began from.
   *
   * @param note how it was found, where that is a guess
   */
  record Base(Node node, String note) {}

  /** A time in the machine's zone, as all others are, so that they can be compared. */
  static String moment(String time) {
    return Timestamps.parse(time).map(LocalDateTime::toString).orElse(time);
  }

  /**
   * Adds one. Those of one place come in the order in which they were made.
   *
   * @param time as {@link #moment} gives it
   */
  void add(String place, Node node, String time) {
    if (!made.containsKey(place)) {
      placesByName.computeIfAbsent(StoragePath.name(place), n -> new ArrayList<>()).add(place);
    }
    made.computeIfAbsent(place, p -> new ArrayList<>()).add(new Made(node, time));
  }

  /**
   * Finds what a training began from.
   *
   * @param written a place as it is written, or the name of a model
   * @param file the training's, which a place may be written as seen from
   * @param time when they began; null where that is not known
   */
  Base base(String written, @Nullable String file, @Nullable String time) {
    for (String place : places(written, file)) {
      if (made.containsKey(place)) {
        return new Base(
            then(place, time)
                .orElseGet(() -> elsewhere(place + "@before", "made before what is recorded")),
            "");
      }
    }
    return onlyPlaceThatEnds(written)
        .flatMap(place -> then(place, time))
        .map(node -> new Base(node, "by the end of its path"))
        .orElseGet(() -> new Base(elsewhere(written, "made elsewhere"), ""));
  }

  private static Node elsewhere(String written, String how) {
    return new Node(Node.Kind.CHECKPOINT, written, written, how);
  }

  /** The last that was made at a place up to a time. */
  private Optional<Node> then(String place, @Nullable String time) {
    String before = time == null ? null : moment(time);
    return made.getOrDefault(place, List.of()).stream()
        .filter(m -> before == null || m.time().compareTo(before) <= 0)
        .reduce((a, b) -> b)
        .map(Made::node);
  }

  /** A single name may as well be that of a model that everybody knows. */
  private Optional<String> onlyPlaceThatEnds(String written) {
    String end = "/" + written.replaceAll("^(\\./)+|/+$", "");
    if (end.indexOf('/', 1) < 0) {
      return Optional.empty();
    }
    List<String> fitting =
        placesByName.getOrDefault(StoragePath.name(written), List.of()).stream()
            .filter(place -> place.endsWith(end))
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  /** Where a checkpoint may lie that is written as seen from somewhere near a training's file. */
  private static List<String> places(String written, @Nullable String file) {
    List<String> places = new ArrayList<>(List.of(written));
    String folder = file;
    for (int up = 0; up < 3 && folder != null; up++) {
      folder = StoragePath.folder(folder);
      places.add(StoragePath.resolve(folder, written));
    }
    return places;
  }
}
