package dev.mixdown.pipelines.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What platforms keep in a job's settings and nobody may read in a record. */
final class Secrets {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(secret|passw|credential|private_key|api_?key|access_?key|auth|(^|_)(token|key)$).*",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Settings without those whose names say that they are secret. */
  static ObjectNode without(ObjectNode settings) {
    ObjectNode rest = settings.deepCopy();
    remove(rest);
    return rest;
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
