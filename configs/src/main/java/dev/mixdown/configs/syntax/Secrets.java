package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Masks what is secret in settings and addresses, before they are recorded or shown. */
public final class Secrets {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(secret|passw|credential|private_key|api_?key|access_?key|auth|(^|_)(token|key)$).*",
          Pattern.CASE_INSENSITIVE);

  private static final String MASK = "***";
  private static final Pattern USER = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/@]+@");
  private static final Pattern QUERY =
      Pattern.compile(
          "((?:^|[?&\\s])[^=&\\s]*(?:secret|passw|credential|key|token|auth|signature)[^=&\\s]*=)[^&\\s]+",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Settings without those whose names say that they are secret. */
  public static ObjectNode without(ObjectNode settings) {
    ObjectNode rest = settings.deepCopy();
    remove(rest);
    return rest;
  }

  /** Settings in which the values are masked whose names say that they are secret. */
  public static ObjectNode masked(ObjectNode settings) {
    ObjectNode masked = settings.deepCopy();
    mask(masked);
    return masked;
  }

  private static void mask(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (NAME.matcher(field.getKey()).matches()) {
          field.setValue(TextNode.valueOf(MASK));
        } else if (field.getValue().isTextual()) {
          field.setValue(TextNode.valueOf(masked(field.getValue().asText())));
        }
      }
    }
    node.forEach(Secrets::mask);
  }

  /**
   * An address without the user's name and password, and without secret values in its query; or
   * options, without the secret values among them.
   */
  public static String masked(String address) {
    String host = USER.matcher(address).replaceFirst("$1" + MASK + "@");
    return QUERY.matcher(host).replaceAll("$1" + MASK);
  }

  private static void remove(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<String> secret =
          object.properties().stream()
              .map(Map.Entry::getKey)
              .filter(name -> NAME.matcher(name).matches())
              .toList();
      object.remove(secret);
    }
    node.forEach(Secrets::remove);
  }
}
