package dev.mixdown.configs.syntax;

import dev.mixdown.configs.syntax.Carried.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is carried while a file is read. */
public final class CarriedReader {
  private final List<Value> values = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();

  /** Gives an item of a list the name by which its values are known: {@code dataset_index[a]}. */
  public void name(Node item, String name) {
    String pointer = item.pointer();
    int index = pointer.lastIndexOf('/');
    String list = pointer.substring(pointer.lastIndexOf('/', index - 1) + 1, index);
    names.put(pointer, list + "[" + name + "]");
  }

  /** Carries some keys of an object, those that it has. */
  public void keys(Fields fields, String... keys) {
    for (String key : keys) {
      fields.node(key).ifPresent(node -> add(node, false));
    }
  }

  /** Carries all keys of an object that nobody has asked for. */
  public void others(Fields fields) {
    keys(fields, fields.others().toArray(String[]::new));
  }

  /** Carries people's own notes: the keys that begin with {@code x_}. */
  public void notes(Fields fields) {
    keys(fields, fields.others().stream().filter(Fields::isNote).toArray(String[]::new));
  }

  /** Carries a key that mixdown uses too. */
  public void used(Fields fields, String key) {
    fields.node(key).ifPresent(node -> add(node, true));
  }

  /** Carries a value under a path that is not that of the file. */
  public void value(List<String> path, Node node) {
    values.add(new Value(path, node, false));
  }

  private void add(Node node, boolean used) {
    List<String> path = new ArrayList<>();
    String pointer = "";
    for (String segment : node.pointer().substring(1).split("/", -1)) {
      pointer += "/" + segment;
      String name = names.get(pointer);
      if (name == null) {
        path.add(segment.replace("~1", "/").replace("~0", "~"));
      } else {
        path.set(path.size() - 1, name);
      }
    }
    values.add(new Value(List.copyOf(path), node, used));
  }

  public Carried carried() {
    return new Carried(List.copyOf(values));
  }
}
