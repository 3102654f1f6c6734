package dev.mixdown.recipes.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.diff.Difference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What differs between two configs. Numbers are compared by value and everything else by type and
 * value; null is not absent.
 *
 * @param nameA what reports call the first
 * @param nameB the second
 * @param differences by importance, path and kind
 * @param unchanged how many leaves are the same in both
 */
public record ConfigDiff(String nameA, String nameB, List<Difference> differences, long unchanged) {
  /** Names whose values differ from one copy of a config to the next, and say nothing. */
  public static final Set<String> USUALLY_IGNORED =
      Set.of("created_at", "cloned_at", "output_path");

  /** One of the two. */
  public record Config(String name, Node root) {}

  /**
   * Compares two configs.
   *
   * @param ignored names whose values are not compared, at any depth
   */
  public static ConfigDiff of(
      Config a, Config b, ImportanceTable importances, Set<String> ignored) {
    Comparison comparison = new Comparison(importances, ignored);
    comparison.compare(Path.WHOLE, a.root(), b.root());
    return new ConfigDiff(a.name(), b.name(), comparison.differences(), comparison.unchanged());
  }

  /** Whether both say the same. */
  public boolean isEmpty() {
    return differences.isEmpty();
  }

  private long count(Kind kind) {
    return differences.stream().filter(difference -> difference.kind() == kind).count();
  }

  private boolean hasCritical() {
    return differences.stream().anyMatch(d -> d.importance() == Importance.CRITICAL);
  }

  /** One line: {@code Job A vs Job B: 3 modified, 1 added, 1 removed}. */
  public String summary() {
    List<String> counts = new ArrayList<>();
    for (Kind kind : List.of(Kind.MODIFIED, Kind.ADDED, Kind.REMOVED)) {
      if (count(kind) > 0) {
        counts.add(count(kind) + " " + kind.word());
      }
    }
    return nameA
        + " vs "
        + nameB
        + ": "
        + (counts.isEmpty() ? "no differences" : String.join(", ", counts));
  }

  /** The summary, and a line for each difference. */
  public String report() {
    StringBuilder report = new StringBuilder(summary());
    Importance last = null;
    for (Difference difference : differences) {
      report.append(
          "\n%-9s  %s %s: %s"
              .formatted(
                  difference.importance() == last ? "" : difference.importance().word(),
                  difference.kind().mark(),
                  difference.where(),
                  difference.text()));
      last = difference.importance();
    }
    return report.toString();
  }

  /** The report as a table of Markdown. */
  public String markdown() {
    if (isEmpty()) {
      return summary();
    }
    return summary()
        + "\n\n| importance | | path | value |\n| --- | --- | --- | --- |\n"
        + differences.stream()
            .map(
                d ->
                    "| %s | %s | %s | %s |"
                        .formatted(
                            d.importance().word(),
                            d.kind().word(),
                            code(d.where()),
                            code(d.text())))
            .collect(Collectors.joining("\n"));
  }

  private static String code(String text) {
    String fence = text.contains("`") ? "``" : "`";
    return fence + text.replace("|", "\\|") + fence;
  }

  /** The document of spec/platform.md, with pointers; see {@code diff.schema.json}. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("diffs");
    differences.forEach(difference -> list.add(difference.json()));
    document.put("added_count", count(Kind.ADDED));
    document.put("removed_count", count(Kind.REMOVED));
    document.put("modified_count", count(Kind.MODIFIED));
    document.put("unchanged_count", unchanged);
    document.put("has_critical_changes", hasCritical());
    return document.put("summary", summary()).put("report", report());
  }
}
