package dev.mixdown.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Parts of a history in a few words. */
final class TrainingText {
  private static final int COMMIT = 10;

  private TrainingText() {}

  /** {@code f1=0.85 recall=0.86}; what is no single value is left out. */
  static String values(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values
        .properties()
        .forEach(
            value -> {
              if (value.getValue().isValueNode()) {
                texts.add(value.getKey() + "=" + value.getValue().asText());
              }
            });
    return String.join(" ", texts);
  }

  /** A commit's first digits, and whether its tree had changes. */
  static String commit(JsonNode git) {
    String commit = git.path("commit").asText();
    String cut = commit.length() > COMMIT ? commit.substring(0, COMMIT) : commit;
    return commit.isEmpty() || git.path("clean").asBoolean() ? cut : cut + " with changes";
  }
}
