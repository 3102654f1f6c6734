package dev.mixdown.registry.streams;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.DocumentJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code last_look.json}: what the last step saw that is not in the chain. A hint for people: no
 * step depends on it.
 *
 * @param when the step was done, by its machine's clock
 * @param why no increment was cut; empty where one was
 * @param heldBack the stratum that holds back; null where none does
 * @param missing how many records it lacks for another block
 * @param arriving by stratum, records of files that the chain does not have yet
 * @param files how many files those are
 * @param young files that may still be written to
 * @param gone files with waiting records that are not there, or were changed
 * @param oldest when the oldest waiting record's file had last changed; null where none waits
 * @param problems what is wrong with files that cannot be used, or with the config; the first of
 *     them
 * @param drained whether it was a look for a drain, and nothing is left to publish
 */
public record LastLook(
    String when,
    String why,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String heldBack,
    long missing,
    Map<String, Long> arriving,
    int files,
    int young,
    List<String> gone,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String oldest,
    List<String> problems,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean drained) {
  /** The name of the file in a stream's folder. */
  public static final String FILE = "last_look.json";

  /** So many problems and files are kept. */
  public static final int MOST = 20;

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not such a document
   */
  public static LastLook read(byte[] bytes) throws IOException {
    return DocumentJson.read(bytes, LastLook.class);
  }

  /** Whether it says the same at another time. */
  public boolean saysAs(LastLook other) {
    return at("").equals(other.at(""));
  }

  private LastLook at(String time) {
    return new LastLook(
        time, why, heldBack, missing, arriving, files, young, gone, oldest, problems, drained);
  }

  /**
   * The same with what is wrong with the config.
   *
   * @param problem null where nothing is
   */
  public LastLook with(@Nullable String problem) {
    if (problem == null) {
      return this;
    }
    List<String> all = new ArrayList<>(List.of(problem));
    all.addAll(problems);
    return new LastLook(
        when, why, heldBack, missing, arriving, files, young, gone, oldest, all, drained);
  }

  /** The same, when nothing was left to publish in a drain. */
  public LastLook asDrained() {
    return new LastLook(
        when, why, heldBack, missing, arriving, files, young, gone, oldest, problems, true);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
