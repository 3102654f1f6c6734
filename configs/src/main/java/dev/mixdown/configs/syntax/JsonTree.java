package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.problems.Refused;
import dev.mixdown.storage.Causes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON text into {@link Node}s: exact numbers, places, and no key twice. */
public final class JsonTree {
  /** How deep objects and lists may lie in one another. */
  static final int MAX_DEPTH = 1000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names are compared as any text; a pool for the process costs more than it saves.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // Counted here, with a message of our own.
                  .maxNestingDepth(MAX_DEPTH + 10)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** As Python and others write numbers that are none. */
  private static final JsonFactory LENIENT =
      FACTORY.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final Pattern UNKNOWN_WORD = Pattern.compile("Unrecognized token '([^']*)'");

  private final String file;
  private final Problems problems;
  private final Place whole;

  /** Whether values know where they stand. */
  private final boolean placed;

  private JsonTree(String file, Problems problems, boolean placed) {
    this.file = file;
    this.problems = problems;
    this.placed = placed;
    this.whole = Place.of(file);
  }

  /**
   * The tree of {@code text}, or empty with a problem when it is not JSON.
   *
   * @param file what messages call the text
   */
  public static Optional<Node> read(String text, String file, Problems problems) {
    return new JsonTree(file, problems, true).read(FACTORY, text);
  }

  /**
   * The same for a document of which only the values matter, and which may be large: none knows
   * where it stands, and a number may be NaN or without end.
   */
  public static Optional<Node> values(String text, String file, Problems problems) {
    return new JsonTree(file, problems, false).read(LENIENT, text);
  }

  private Optional<Node> read(JsonFactory factory, String text) {
    try (JsonParser parser = factory.createParser(text)) {
      if (parser.nextToken() == null) {
        problems.add(file, "the file is empty; a JSON object is expected");
        return Optional.empty();
      }
      Node root = value(parser, Pointer.ROOT);
      if (parser.nextToken() != null) {
        JsonLocation at = parser.currentTokenLocation();
        problems.add(
            new Problem(
                new Place(file, at.getLineNr(), at.getColumnNr()),
                "",
                "there is something after the end of the JSON value"));
      }
      return Optional.of(root);
    } catch (Refused e) {
      problems.add(e.problem());
      return Optional.empty();
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      Place place = at == null ? Place.of(file) : new Place(file, at.getLineNr(), at.getColumnNr());
      problems.add(new Problem(place, "", "no valid JSON: " + brief(e.getOriginalMessage())));
      return Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * The library's message, without its own position, which we report better, and without words of
   * the file: a path may lead to one that only this process may read.
   */
  private static String brief(String message) {
    Matcher word = UNKNOWN_WORD.matcher(message);
    if (!word.lookingAt()) {
      return Causes.plain(message);
    }
    String shown =
        word.group(1).matches("(?i)true|false|null|none|nan|-?inf(inity)?")
            ? " " + word.group(1)
            : "";
    return "the word%s is unknown; true, false, null, numbers and text in double quotes are values"
        .formatted(shown);
  }

  private Node value(JsonParser parser, Pointer at) throws IOException {
    Place place = placed ? place(parser) : whole;
    if (parser.getParsingContext().getNestingDepth() > MAX_DEPTH) {
      throw new Refused(new Problem(place(parser), "", tooDeep(MAX_DEPTH)));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, place, at);
      case START_ARRAY -> {
        List<Node> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser, placed ? at.child(values.size()) : at));
        }
        yield new Node.Sequence(place, at, values);
      }
      case VALUE_STRING -> new Node.Text(place, at, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText(), place, at);
      case VALUE_TRUE -> new Node.Bool(place, at, true);
      case VALUE_FALSE -> new Node.Bool(place, at, false);
      default -> new Node.Null(place, at);
    };
  }

  private Node number(String text, Place place, Pointer at) {
    if (text.equals("NaN") || text.endsWith("Infinity") || text.endsWith("INF")) {
      return new Node.NonFinite(place, at, text.replace("+", "").replaceAll("INF$", "Infinity"));
    }
    try {
      Numbers.check(text);
      return new Node.Decimal(place, at, text);
    } catch (NumberFormatException e) {
      problems.add(new Problem(place, at.toString(), String.valueOf(e.getMessage())));
      return new Node.Null(place, at);
    }
  }

  /** What is said of a document that is nested too deep. */
  static String tooDeep(int most) {
    return "objects and lists are nested deeper than %d levels; write the document flatter"
        .formatted(most);
  }

  private Node mapping(JsonParser parser, Place place, Pointer at) throws IOException {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Place> keys = placed ? new LinkedHashMap<>() : Map.of();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place keyPlace = placed ? place(parser) : whole;
      parser.nextToken();
      Node value = value(parser, placed ? at.child(key) : at);
      if (values.putIfAbsent(key, value) != null) {
        Place here = placed ? keyPlace : place(parser);
        problems.add(
            new Problem(here, value.pointer(), duplicateKey(key, keys.getOrDefault(key, whole))));
      } else if (placed) {
        keys.put(key, keyPlace);
      }
    }
    return new Node.Mapping(place, at, values, keys);
  }

  /** What is said of a key that comes a second time. */
  static String duplicateKey(String key, Place first) {
    return "the key \""
        + key
        + "\" is here a second time"
        + (first.line() == 0 ? "" : "; it stands already in line " + first.line())
        + ": keep one of them";
  }

  private Place place(JsonParser parser) {
    JsonLocation at = parser.currentTokenLocation();
    return new Place(file, at.getLineNr(), at.getColumnNr());
  }
}
