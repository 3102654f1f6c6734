package dev.mixdown.registry.lineage;

import java.util.Locale;

/**
 * A thing that lineage is about.
 *
 * @param id of a dataset version its hash, of a checkpoint its place in full, else its record's id;
 *     a checkpoint that was written over has its time after {@code @}
 * @param title what people call it
 * @param detail what they want to know at once
 */
public record Node(Kind kind, String id, String title, String detail) {
  /** What things there are. */
  public enum Kind {
    VERSION,
    RUN,
    MANIFEST,
    TRAINING,
    CHECKPOINT;

    /** The word for it. */
    public String word() {
      return this == VERSION ? "dataset version" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** Ids are different enough, and graphs are large. */
  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The node in one line. */
  public String line() {
    String name = kind.word() + " " + title;
    return detail.isEmpty() ? name : name + "  " + detail;
  }
}
