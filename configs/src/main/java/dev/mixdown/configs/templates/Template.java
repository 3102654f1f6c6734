package dev.mixdown.configs.templates;

import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of stage that there are ready settings for: the files in {@code configs/templates}. */
public enum Template {
  /** Broad base data. */
  PRETRAINING,
  /** Scenario-specific data. */
  FINETUNING,
  /** The same samples for every candidate. */
  EVALUATION,
  /** Two arms to compare. */
  AB_TESTING;

  /** The word that people use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The template of a stage's usual name. */
  public static Optional<Template> of(String word) {
    return Arrays.stream(values()).filter(t -> t.word().equals(word)).findFirst();
  }

  /** What it says: a dataset config without datasets. */
  Node.Mapping read() {
    String file = word() + ".json";
    try (InputStream in = Template.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the template " + file + " is not on the class path");
      }
      Problems problems = new Problems();
      Optional<Node> tree =
          JsonTree.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), file, problems);
      problems.throwIfAny();
      return (Node.Mapping) tree.orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
