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
  /** More values than any release repository has; an alias bomb has billions. */
  static final int MAX_NODES = 1_000_000;

  /** How deep mappings and lists may lie in one another. */
  static final int MAX_DEPTH = 200;

  private final String file;
  private final Problems problems;
  private final Set<org.snakeyaml.engine.v2.nodes.Node> open =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;

  private YamlTree(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The tree of {@code text}, or empty with a problem when it is no YAML.
   *
   * @param file what messages call the text
   */
  public static Optional<Node> read(String text, String file, Problems problems) {
    try {
      Optional<org.snakeyaml.engine.v2.nodes.Node> root = compose(text, file);
      if (root.isEmpty()) {
        problems.add(file, "the file is empty; a YAML mapping is expected");
        return Optional.empty();
      }
      return Optional.of(new YamlTree(file, problems).value(root.get(), ""));
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
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            // A history of a hundred thousand switches.
            .setCodePointLimit(64 << 20)
            // Counted below, by what they expand to.
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();
    Parser events = new ParserImpl(settings, new StreamReader(settings, new StringReader(text)));
    return new Composer(settings, new DepthLimit(events, file, MAX_DEPTH)).getSingleNode();
  }

  private Node value(org.snakeyaml.engine.v2.nodes.Node node, String pointer) {
    Place place = place(node);
    if (++nodes > MAX_NODES) {
      throw new Refused(
          new Problem(
              place,
              pointer,
              "aliases make this document larger than %,d values; write the values out"
                  .formatted(MAX_NODES)));
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, place, pointer);
    }
    if (!open.add(node)) {
      throw new Refused(new Problem(place, pointer, "an alias refers to a value that contains it"));
    }
    try {
      return node instanceof SequenceNode sequence
          ? sequence(sequence, place, pointer)
          : mapping((MappingNode) node, place, pointer);
    } finally {
      open.remove(node);
    }
  }

  private Node sequence(SequenceNode node, Place place, String pointer) {
    List<Node> values = new ArrayList<>();
    for (org.snakeyaml.engine.v2.nodes.Node value : node.getValue()) {
      values.add(value(value, pointer + "/" + values.size()));
    }
    return new Node.Sequence(place, pointer, values);
  }

  private Node mapping(MappingNode node, Place place, String pointer) {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Place keyPlace = place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(new Problem(keyPlace, pointer, "a key has to be text"));
        continue;
      }
      String key = keyNode.getValue();
      Node value = value(tuple.getValueNode(), Node.pointer(pointer, key));
      Place first = keys.putIfAbsent(key, keyPlace);
      if (first == null) {
        values.put(key, value);
      } else {
        problems.add(new Problem(keyPlace, value.pointer(), JsonTree.duplicateKey(key, first)));
      }
    }
    return new Node.Mapping(place, pointer, values, keys);
  }

  private Node scalar(ScalarNode scalar, Place place, String pointer) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return new Node.Null(place, pointer);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Node.Bool(place, pointer, text.equalsIgnoreCase("true"));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      try {
        return new Node.Decimal(place, pointer, Numbers.parse(text));
      } catch (NumberFormatException e) {
        problems.add(new Problem(place, pointer, String.valueOf(e.getMessage())));
        return new Node.Null(place, pointer);
      }
    }
    return new Node.Text(place, pointer, text);
  }

  private Place place(org.snakeyaml.engine.v2.nodes.Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
        .orElse(Place.of(file));
  }
}
