package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
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
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // Counted here, with a message of our own.
                  .maxNestingDepth(MAX_DEPTH + 10)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final Pattern UNKNOWN_WORD = Pattern.compile("Unrecognized token '([^']*)'");

  private final String file;
  private final Problems problems;

  private JsonTree(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The tree of {@code text}, or empty with a problem when it is not JSON.
   *
   * @param file what messages call the text
   */
  public static Optional<Node> read(String text, String file, Problems problems) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        problems.add(file, "the file is empty; a JSON object is expected");
        return Optional.empty();
      }
      Node root = new JsonTree(file, problems).value(parser, "");
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

  private Node value(JsonParser parser, String pointer) throws IOException {
    Place place = place(parser);
    if (parser.getParsingContext().getNestingDepth() > MAX_DEPTH) {
      throw new Refused(new Problem(place, "", tooDeep(MAX_DEPTH)));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, place, pointer);
      case START_ARRAY -> {
        List<Node> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser, pointer + "/" + values.size()));
        }
        yield new Node.Sequence(place, pointer, values);
      }
      case VALUE_STRING -> new Node.Text(place, pointer, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText(), place, pointer);
      case VALUE_TRUE -> new Node.Bool(place, pointer, true);
      case VALUE_FALSE -> new Node.Bool(place, pointer, false);
      default -> new Node.Null(place, pointer);
    };
  }

  private Node number(String text, Place place, String pointer) {
    try {
      return new Node.Decimal(place, pointer, Numbers.parse(text));
    } catch (NumberFormatException e) {
      problems.add(new Problem(place, pointer, String.valueOf(e.getMessage())));
      return new Node.Null(place, pointer);
    }
  }

  /** What is said of a document that is nested too deep. */
  static String tooDeep(int most) {
    return "objects and lists are nested deeper than %d levels; write the document flatter"
        .formatted(most);
  }

  private Node mapping(JsonParser parser, Place place, String pointer) throws IOException {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place keyPlace = place(parser);
      parser.nextToken();
      Node value = value(parser, Node.pointer(pointer, key));
      Place first = keys.putIfAbsent(key, keyPlace);
      if (first == null) {
        values.put(key, value);
      } else {
        problems.add(new Problem(keyPlace, value.pointer(), duplicateKey(key, first)));
      }
    }
    return new Node.Mapping(place, pointer, values, keys);
  }

  /** What is said of a key that comes a second time. */
  static String duplicateKey(String key, Place first) {
    return "the key \""
        + key
        + "\" is here a second time; it stands already in line "
        + first.line()
        + ": keep one of them";
  }

  private Place place(JsonParser parser) {
    JsonLocation at = parser.currentTokenLocation();
    return new Place(file, at.getLineNr(), at.getColumnNr());
  }
}
