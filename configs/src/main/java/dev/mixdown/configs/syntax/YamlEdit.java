package dev.mixdown.configs.syntax;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Changes values of a YAML file and leaves every other character of it as people wrote it: their
 * comments, keys, order, quotes and indentation. New values are written in one line each.
 *
 * <p>The edits of one object concern different values; they are made together by {@link #text},
 * which reads its result again and refuses to give one that does not say what was asked for.
 */
public final class YamlEdit {
  private final String file;
  private final String text;
  private final String newline;
  private final MappingNode root;
  private final Map<String, @Nullable Object> expected;
  private final List<Span> spans = new ArrayList<>();

  /**
   * Text in place of other text.
   *
   * @param depth where two insertions meet, the one that is further in comes first
   */
  private record Span(int from, int to, String text, int depth) {
    /** Inside a line. */
    Span(int from, int to, String text) {
      this(from, to, text, Integer.MAX_VALUE);
    }
  }

  private YamlEdit(
      String file, String text, MappingNode root, Map<String, @Nullable Object> expected) {
    this.file = file;
    this.text = text;
    this.newline = text.contains("\r\n") ? "\r\n" : "\n";
    this.root = root;
    this.expected = expected;
  }

  /**
   * Begins to edit.
   *
   * @param text a mapping
   * @param file what messages call it
   * @throws ConfigException when it is no YAML mapping
   */
  public static YamlEdit of(String text, String file) {
    Problems problems = new Problems();
    Optional<Node> tree = YamlTree.read(text, file, problems);
    problems.throwIfAny();
    if (!(tree.orElseThrow() instanceof Node.Mapping mapping)) {
      problems.add(file, "a YAML mapping is expected");
      throw new ConfigException(problems.list());
    }
    return new YamlEdit(
        file, text, (MappingNode) YamlTree.compose(text, file).orElseThrow(), mapping.plain());
  }

  /** Whether the file has a mapping under {@code key} with something in it. */
  private boolean hasMapping(String key) {
    return find(root, key)
        .map(t -> t.getValueNode() instanceof MappingNode m && !m.getValue().isEmpty())
        .orElse(false);
  }

  /** Gives a key of the root its value, which may be null, a map or a list. */
  public YamlEdit set(String key, @Nullable Object value) {
    set(root, expected, key, value);
    return this;
  }

  /** Gives keys of the mapping under {@code key} their values, and keeps its other keys. */
  public YamlEdit merge(String key, Map<String, ?> values) {
    if (!hasMapping(key)) {
      return set(key, values);
    }
    MappingNode mapping = (MappingNode) find(root, key).orElseThrow().getValueNode();
    refuseAlias(mapping, start(root));
    values.forEach((name, value) -> set(mapping, mapping(expected.get(key)), name, value));
    return this;
  }

  /** Gives keys of a mapping that is in a list under {@code key} their values. */
  public YamlEdit mergeItem(String key, int index, Map<String, ?> values) {
    SequenceNode list = (SequenceNode) find(root, key).orElseThrow().getValueNode();
    MappingNode item = (MappingNode) list.getValue().get(index);
    refuseAlias(item, start(list));
    Map<String, @Nullable Object> plain = mapping(list(expected.get(key)).get(index));
    values.forEach((name, value) -> set(item, plain, name, value));
    return this;
  }

  /**
   * Gives keys of a mapping inside such an item their values; whatever else it is, it becomes one.
   */
  public YamlEdit mergeItem(String key, int index, String inner, Map<String, ?> values) {
    SequenceNode list = (SequenceNode) find(root, key).orElseThrow().getValueNode();
    MappingNode item = (MappingNode) list.getValue().get(index);
    Map<String, @Nullable Object> plain = mapping(list(expected.get(key)).get(index));
    if (find(item, inner).orElseThrow().getValueNode() instanceof MappingNode mapping
        && !mapping.getValue().isEmpty()) {
      refuseAlias(mapping, start(item));
      values.forEach((name, value) -> set(mapping, mapping(plain.get(inner)), name, value));
      return this;
    }
    return mergeItem(key, index, Map.of(inner, values));
  }

  /** Adds items to the list under {@code key}, which is made where it is missing. */
  public YamlEdit append(String key, List<? extends Map<String, ?>> items) {
    Optional<NodeTuple> tuple = find(root, key);
    boolean flow = root.getFlowStyle() == FlowStyle.FLOW;
    if (tuple.isEmpty()) {
      insert(root, key, flow ? " " + FlowYaml.text(items) : blockItems(indent(root) + 2, items));
    } else if (tuple.get().getValueNode() instanceof SequenceNode list
        && !list.getValue().isEmpty()) {
      org.snakeyaml.engine.v2.nodes.Node last = list.getValue().get(list.getValue().size() - 1);
      refuseAlias(last, start(list));
      if (list.getFlowStyle() == FlowStyle.FLOW) {
        items.forEach(
            item -> spans.add(new Span(end(last), end(last), ", " + FlowYaml.text(item))));
      } else {
        items.forEach(item -> insertLine(last, indent(list), "- " + FlowYaml.text(item)));
      }
    } else {
      org.snakeyaml.engine.v2.nodes.Node old = tuple.get().getValueNode();
      refuseAlias(old, end(tuple.get().getKeyNode()));
      int from = start(old);
      while (text.charAt(from - 1) == ' ') {
        from--;
      }
      String list = flow ? " " + FlowYaml.text(items) : blockItems(indent(root) + 2, items);
      spans.add(new Span(from, end(old), kept(old, indent(root) + 2) + list));
    }
    List<@Nullable Object> plain =
        expected.get(key) instanceof List<?> old ? new ArrayList<>(old) : new ArrayList<>();
    items.forEach(item -> plain.add(FlowYaml.plain(item)));
    expected.put(key, plain);
    return this;
  }

  /**
   * The file with all changes.
   *
   * @throws ConfigException when the file is written in a way that cannot be changed in place, such
   *     as with an alias where a value is to be changed
   */
  public String text() {
    spans.sort(
        Comparator.comparingInt(Span::from)
            .thenComparing(Comparator.comparingInt(Span::depth).reversed()));
    StringBuilder edited = new StringBuilder();
    int at = 0;
    for (Span span : spans) {
      if (span.from() < at) {
        throw cannotEdit();
      }
      edited.append(text, at, span.from()).append(span.text());
      at = span.to();
    }
    String result = edited.append(text, at, text.length()).toString();
    Problems problems = new Problems();
    Optional<Object> read = YamlTree.read(result, file, problems).map(Node::plain);
    if (!problems.isEmpty() || !read.equals(Optional.of(expected))) {
      throw cannotEdit();
    }
    return result;
  }

  private ConfigException cannotEdit() {
    return new ConfigException(
        List.of(
            new Problem(
                Place.of(file),
                "",
                "is written in a way that cannot be changed in place; write its values out, without"
                    + " anchors, aliases and tags, and end its last line")));
  }

  private void set(
      MappingNode mapping,
      Map<String, @Nullable Object> plain,
      String key,
      @Nullable Object newValue) {
    Object value = FlowYaml.plain(newValue);
    Optional<NodeTuple> tuple = find(mapping, key);
    if (tuple.isEmpty()) {
      insert(mapping, key, " " + FlowYaml.text(value));
    } else if (!Objects.equals(plain.get(key), value)) {
      org.snakeyaml.engine.v2.nodes.Node old = tuple.get().getValueNode();
      refuseAlias(old, end(tuple.get().getKeyNode()));
      int from = start(old);
      String space = Character.isWhitespace(text.charAt(from - 1)) ? "" : " ";
      String kept = kept(old, indent(mapping) + 2);
      spans.add(new Span(from, end(old), space + FlowYaml.text(value) + kept));
    }
    plain.put(key, value);
  }

  private void insert(MappingNode mapping, String key, String value) {
    List<NodeTuple> tuples = mapping.getValue();
    if (mapping.getFlowStyle() == FlowStyle.FLOW) {
      int at =
          tuples.isEmpty() ? start(mapping) + 1 : end(tuples.get(tuples.size() - 1).getValueNode());
      spans.add(new Span(at, at, (tuples.isEmpty() ? "" : ", ") + key + ":" + value));
    } else {
      insertLine(mapping, indent(mapping), key + ":" + value);
    }
  }

  /** Inserts a line after the one in which a value ends. */
  private void insertLine(org.snakeyaml.engine.v2.nodes.Node after, int indent, String line) {
    int at = lineAfter(after);
    String indented = " ".repeat(indent) + line;
    boolean open = at == text.length() && !text.endsWith("\n");
    // An item of a list may stand in the column of its list's key.
    int depth = line.startsWith("- ") ? indent + 1 : indent;
    spans.add(new Span(at, at, open ? newline + indented : indented + newline, depth));
  }

  private String blockItems(int indent, List<? extends Map<String, ?>> items) {
    return items.stream()
        .map(item -> newline + " ".repeat(indent) + "- " + FlowYaml.text(item))
        .collect(Collectors.joining());
  }

  /** An alias stands elsewhere than its value. */
  private void refuseAlias(org.snakeyaml.engine.v2.nodes.Node node, int earliest) {
    if (start(node) < earliest) {
      throw cannotEdit();
    }
  }

  /** The comments inside a value that is to be replaced, each in a line of its own. */
  private String kept(org.snakeyaml.engine.v2.nodes.Node old, int indent) {
    return comments(old).stream()
        .map(comment -> newline + " ".repeat(indent) + comment)
        .collect(Collectors.joining());
  }

  private List<String> comments(org.snakeyaml.engine.v2.nodes.Node node) {
    List<String> comments = new ArrayList<>();
    if (!(node instanceof CollectionNode<?>)) {
      return comments;
    }
    List<ScalarNode> scalars = new ArrayList<>();
    scalars(node, start(node), scalars);
    int at = start(node);
    for (int i = 0; i <= scalars.size(); i++) {
      int gap = i < scalars.size() ? start(scalars.get(i)) : end(node);
      for (String line : text.substring(at, Math.max(at, gap)).lines().toList()) {
        int comment = line.indexOf('#');
        if (comment >= 0) {
          comments.add(line.substring(comment).strip());
        }
      }
      at = i < scalars.size() ? end(scalars.get(i)) : at;
    }
    return comments;
  }

  private void scalars(
      org.snakeyaml.engine.v2.nodes.Node node, int earliest, List<ScalarNode> found) {
    if (start(node) < earliest) {
      return;
    }
    if (node instanceof ScalarNode scalar) {
      found.add(scalar);
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> scalars(item, earliest, found));
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        scalars(tuple.getKeyNode(), earliest, found);
        scalars(tuple.getValueNode(), earliest, found);
      }
    }
  }

  private static Optional<NodeTuple> find(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(t -> t.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
        .findFirst();
  }

  private int start(org.snakeyaml.engine.v2.nodes.Node node) {
    return text.offsetByCodePoints(0, node.getStartMark().orElseThrow().getIndex());
  }

  /** Where a value ends, without white space after it. */
  private int end(org.snakeyaml.engine.v2.nodes.Node node) {
    int end = mark(node);
    while (end > start(node) && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** Where the line after a value begins. */
  private int lineAfter(org.snakeyaml.engine.v2.nodes.Node node) {
    int end = mark(node);
    if (end > 0 && text.charAt(end - 1) == '\n') {
      // A text in lines of its own, whose mark lies there already.
      return end;
    }
    int newlineAt = text.indexOf('\n', end);
    return newlineAt < 0 ? text.length() : newlineAt + 1;
  }

  /** A value's end as the library has it; a block's own mark lies beyond the comments after it. */
  private int mark(org.snakeyaml.engine.v2.nodes.Node node) {
    if (node instanceof CollectionNode<?> block && block.getFlowStyle() == FlowStyle.BLOCK) {
      org.snakeyaml.engine.v2.nodes.Node last =
          block instanceof MappingNode mapping
              ? mapping.getValue().get(mapping.getValue().size() - 1).getValueNode()
              : ((SequenceNode) block).getValue().get(block.getValue().size() - 1);
      refuseAlias(last, start(block));
      return mark(last);
    }
    return text.offsetByCodePoints(0, node.getEndMark().orElseThrow().getIndex());
  }

  private static int indent(CollectionNode<?> block) {
    return block.getStartMark().orElseThrow().getColumn();
  }

  @SuppressWarnings("unchecked") // Trees have text keys.
  private static Map<String, @Nullable Object> mapping(@Nullable Object plain) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(plain);
  }

  @SuppressWarnings("unchecked") // As above.
  private static List<@Nullable Object> list(@Nullable Object plain) {
    return (List<@Nullable Object>) Objects.requireNonNull(plain);
  }
}
