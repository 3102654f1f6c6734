package dev.mixdown.registry.lineage;

import dev.mixdown.registry.IdException;
import dev.mixdown.registry.versions.VersionCatalog;
import dev.mixdown.storage.StoragePath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds what people mean by an id, the beginning of one, or a checkpoint's path. */
public final class NodeFinder {
  /** How much of an id has to be said. */
  private static final int PREFIX = VersionCatalog.PREFIX;

  private static final Pattern WRITTEN_OVER = Pattern.compile("@\\d{4}-\\d\\d-\\d\\dT[^/]*$");

  private final LineageGraph graph;

  public NodeFinder(LineageGraph graph) {
    this.graph = graph;
  }

  /**
   * The nodes that a text means: several only for a checkpoint that was written over.
   *
   * @return none when there is no such thing
   * @throws IdException when it may mean several
   */
  public List<Node> find(String text) {
    List<Node> exact = graph.of(text);
    if (!exact.isEmpty()) {
      return exact;
    }
    List<Node> checkpoints = checkpoints(text);
    if (!checkpoints.isEmpty()) {
      return checkpoints;
    }
    if (text.length() < PREFIX) {
      if (text.matches("[0-9a-fA-F-]+")) {
        throw IdException.tooShort(text, PREFIX);
      }
      return List.of();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return one(
        text,
        those(
            node ->
                node.kind() != Node.Kind.CHECKPOINT
                    && node.id().toLowerCase(Locale.ROOT).startsWith(lower)));
  }

  /** A checkpoint by its place, as seen from here, or by the end of it. */
  private List<Node> checkpoints(String text) {
    String place =
        (StoragePath.scheme(text).isPresent() ? text : StoragePath.absolute(text))
            .replaceAll("(?<=[^/])/+$", "");
    List<Node> here = those(node -> isCheckpoint(node) && place(node).equals(place));
    if (!here.isEmpty()) {
      return here;
    }
    String end = "/" + text.replaceAll("^\\./|/+$", "");
    List<Node> ending = those(node -> isCheckpoint(node) && place(node).endsWith(end));
    Optional<String> only = onlyPlace(ending);
    if (ending.isEmpty() || only.isPresent()) {
      return ending;
    }
    throw IdException.ambiguous(text, ending.stream().map(Node::line).toList());
  }

  private static boolean isCheckpoint(Node node) {
    return node.kind() == Node.Kind.CHECKPOINT;
  }

  /** A checkpoint's id without the time of one that was written over. */
  private static String place(Node node) {
    return WRITTEN_OVER.matcher(node.id()).replaceFirst("");
  }

  private static Optional<String> onlyPlace(List<Node> nodes) {
    List<String> places = nodes.stream().map(NodeFinder::place).distinct().toList();
    return places.size() == 1 ? Optional.of(places.get(0)) : Optional.empty();
  }

  private List<Node> those(Predicate<Node> wanted) {
    return graph.nodes().stream().filter(wanted).toList();
  }

  private static List<Node> one(String text, List<Node> found) {
    if (found.size() > 1) {
      throw IdException.ambiguous(text, found.stream().map(Node::line).toList());
    }
    return found;
  }
}
