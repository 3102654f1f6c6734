package dev.mixdown.transforms.mixing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A mix that cannot be made as it was asked for: which stratum is why, and what would help. */
public final class MixException extends RuntimeException {
  private final transient List<String> problems;
  private final transient Optional<Shortage> shortage;
  private final transient List<Remedy> remedies;

  private MixException(List<String> problems, Optional<Shortage> shortage, List<Remedy> remedies) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
    this.shortage = shortage;
    this.remedies = List.copyOf(remedies);
  }

  public MixException(List<String> problems) {
    this(problems, Optional.empty(), List.of());
  }

  public MixException(String problem) {
    this(List.of(problem));
  }

  /** A total that cannot be met. */
  MixException(List<String> problems, Shortage shortage) {
    this(problems, Optional.of(shortage), List.of());
  }

  /** Why a total cannot be met, where that is the reason. */
  Optional<Shortage> shortage() {
    return shortage;
  }

  /** The same, with what would lift it as the last line. */
  MixException with(List<Remedy> changes) {
    List<String> all = new ArrayList<>(problems);
    all.add(
        changes.isEmpty()
            ? "no change of duplicate, max_clips_per_dataset, total_clips or shortfall alone makes this mix possible; give the short datasets more records, or other shares"
            : "to make it possible, set "
                + changes.stream().map(Remedy::text).collect(Collectors.joining("; or ")));
    return new MixException(all, shortage, changes);
  }

  /** The same problems, said of a file. */
  public MixException in(String file) {
    return new MixException(
        problems.stream().map(p -> file + ": " + p).toList(), shortage, remedies);
  }

  /** What is wrong, each with its remedy. */
  public List<String> problems() {
    return problems;
  }

  /** The changes that make the mix possible, each by itself. The planner has tried them. */
  public List<Remedy> remedies() {
    return remedies;
  }
}
