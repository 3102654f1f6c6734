package dev.mixdown.configs.syntax;

import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.problems.Refused;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 text into {@link Node}s. Aliases are followed, but a document that grows beyond
 * {@value #MAX_NODES} values by them, or that contains itself, is refused.
 */
public final class YamlTree {
  private static final Pattern NON_FINITE =
      Pattern.compile("[-+]?\\.inf|\\.nan", Pattern.CASE_INSENSITIVE);

  /** More values than any release repository has; an alias bomb has billions. */
  static final int MAX_NODES = 1_000_000;

  /** How deep mappings and lists may lie in one another. */
  static final int MAX_DEPTH = 200;

  /**
   * The most characters of a document, with room for a history of a hundred thousand switches. The
   * library's own limit of three million is less than what large configs have.
   */
  static final int MAX_CHARACTERS = 64 << 20;

  private final String file;
  private final Problems problems;

  /** Whether values know where they stand. */
  private final boolean placed;

  private final Place whole;
  private final Set<org.snakeyaml.engine.v2.nodes.Node> open =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;

  private YamlTree(String file, Problems problems, boolean placed) {
    this.file = file;
    this.problems = problems;
    this.placed = placed;
    this.whole = Place.of(file);
  }

  /**
   * The tree of {@code text}, or empty with a problem when it is no YAML.
   *
   * @param file what messages call the text
   */
  public static Optional<Node> read(String text, String file, Problems problems) {
    return read(text, file, problems, true);
  }

  /**
   * The same for a document of which only the values matter, and which may be large: none knows
   * where it stands, and a number may be NaN or without end.
   */
  public static Optional<Node> values(String text, String file, Problems problems) {
    Problems found = new Problems();
    Optional<Node> values = read(text, file, found, false);
    if (!found.isEmpty()) {
      // Read once more for the places of what is wrong.
      read(text, file, problems, true);
      return Optional.empty();
    }
    return values;
  }

  private static Optional<Node> read(String text, String file, Problems problems, boolean placed) {
    if (text.length() > MAX_CHARACTERS) {
      problems.add(
          file,
          "has %,d characters; YAML of at most %,d can be read: write it as JSON, or cut it into several"
              .formatted(text.length(), MAX_CHARACTERS));
      return Optional.empty();
    }
    try {
      Optional<org.snakeyaml.engine.v2.nodes.Node> root = compose(text, file, placed);
      if (root.isEmpty()) {
        problems.add(file, "the file is empty; a YAML mapping is expected");
        return Optional.empty();
      }
      return Optional.of(new YamlTree(file, problems, placed).value(root.get(), Pointer.ROOT));
    } catch (MarkedYamlEngineException e) {
      Place place =
          e.getProblemMark()
              .map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
              .orElse(Place.of(file));
      problems.add(new Problem(place, "", "no valid YAML: " + e.getProblem()));
    } catch (Refused e) {
      problems.add(e.problem());
    } catch (YamlEngineException e) {
      problems.add(file, "no valid YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** The library's own nodes, which know where in the text they begin and end. */
  static Optional<org.snakeyaml.engine.v2.nodes.Node> compose(String text, String file) {
    return compose(text, file, true);
  }

  private static Optional<org.snakeyaml.engine.v2.nodes.Node> compose(
      String text, String file, boolean placed) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setUseMarks(placed)
            .setCodePointLimit(MAX_CHARACTERS)
            // Counted below, by what they expand to.
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();
    Parser events = new ParserImpl(settings, new StreamReader(settings, new StringReader(text)));
    return new Composer(settings, new DepthLimit(events, file, MAX_DEPTH)).getSingleNode();
  }

  private Node value(org.snakeyaml.engine.v2.nodes.Node node, Pointer at) {
    Place place = place(node);
    if (++nodes > MAX_NODES) {
      throw new Refused(
          new Problem(
              place,
              at.toString(),
              "aliases make this document larger than %,d values; write the values out"
                  .formatted(MAX_NODES)));
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, place, at);
    }
    if (!open.add(node)) {
      throw new Refused(
          new Problem(place, at.toString(), "an alias refers to a value that contains it"));
    }
    try {
      return node instanceof SequenceNode sequence
          ? sequence(sequence, place, at)
          : mapping((MappingNode) node, place, at);
    } finally {
      open.remove(node);
    }
  }

  private Node sequence(SequenceNode node, Place place, Pointer at) {
    List<Node> values = new ArrayList<>();
    for (org.snakeyaml.engine.v2.nodes.Node value : node.getValue()) {
      values.add(value(value, placed ? at.child(values.size()) : at));
    }
    return new Node.Sequence(place, at, values);
  }

  private Node mapping(MappingNode node, Place place, Pointer at) {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Place> keys = placed ? new LinkedHashMap<>() : Map.of();
    for (NodeTuple tuple : node.getValue()) {
      Place keyPlace = place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(new Problem(keyPlace, at.toString(), "a key has to be text"));
        continue;
      }
      String key = keyNode.getValue();
      Node value = value(tuple.getValueNode(), placed ? at.child(key) : at);
      if (values.putIfAbsent(key, value) != null) {
        problems.add(
            new Problem(
                keyPlace,
                value.pointer(),
                JsonTree.duplicateKey(key, keys.getOrDefault(key, whole))));
      } else if (placed) {
        keys.put(key, keyPlace);
      }
    }
    return new Node.Mapping(place, at, values, keys);
  }

  private Node scalar(ScalarNode scalar, Place place, Pointer at) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return new Node.Null(place, at);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Node.Bool(place, at, text.equalsIgnoreCase("true"));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      if (!placed && NON_FINITE.matcher(text).matches()) {
        String word = text.endsWith("n") || text.endsWith("N") ? "NaN" : "Infinity";
        return new Node.NonFinite(place, at, text.startsWith("-") ? "-" + word : word);
      }
      try {
        Numbers.check(text);
        return new Node.Decimal(place, at, text);
      } catch (NumberFormatException e) {
        problems.add(new Problem(place, at.toString(), String.valueOf(e.getMessage())));
        return new Node.Null(place, at);
      }
    }
    return new Node.Text(place, at, text);
  }

  private Place place(org.snakeyaml.engine.v2.nodes.Node node) {
    if (!placed) {
      return whole;
    }
    Optional<Mark> mark = node.getStartMark();
    return mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
        .orElse(Place.of(file));
  }
}
