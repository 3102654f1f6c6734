package dev.mixdown.registry.streams;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.DocumentJson;
import dev.mixdown.registry.manifests.ManifestSpec.Filtering;
import dev.mixdown.storage.Digests;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream.json}: what never changes in a stream, since every position depends on it.
 *
 * @param id 20 hexadecimal digits of a digest over the rest
 * @param stage with its variant, as {@code ab_testing/variant_a}
 * @param planner the version of the planner that began it
 * @param block positions of a block
 * @param shuffle whether records are ordered by content rather than as files have them
 * @param augment whether samples have augmentation seeds
 * @param identityField the field that identities are taken from; null for a record's bytes
 * @param categoryField the field whose values are the strata; null where datasets are
 * @param filtering which records are left out; absent without a rule
 */
public record StreamDocument(
    int schemaVersion,
    String id,
    String stage,
    int planner,
    long seed,
    int block,
    boolean shuffle,
    boolean augment,
    @Nullable String identityField,
    @Nullable String categoryField,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Filtering filtering)
    implements Serializable {
  /** The name of the file in a stream's folder. */
  public static final String FILE = "stream.json";

  /** The version that is written. */
  public static final int SCHEMA_VERSION = 1;

  private static final int DIGITS = 20;

  /** A stream that is to begin. */
  public static StreamDocument of(
      String stage,
      int planner,
      long seed,
      int block,
      boolean shuffle,
      boolean augment,
      @Nullable String identityField,
      @Nullable String categoryField,
      @Nullable Filtering filtering) {
    return new StreamDocument(
            SCHEMA_VERSION,
            "",
            stage,
            planner,
            seed,
            block,
            shuffle,
            augment,
            identityField,
            categoryField,
            filtering)
        .withId();
  }

  private StreamDocument withId() {
    ObjectNode rest = DocumentJson.tree(this);
    rest.remove(List.of("schema_version", "id"));
    return new StreamDocument(
        schemaVersion,
        Digests.sha256(Json.line(rest)).substring(0, DIGITS),
        stage,
        planner,
        seed,
        block,
        shuffle,
        augment,
        identityField,
        categoryField,
        filtering);
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not a stream's, or not as it was written
   */
  public static StreamDocument read(byte[] bytes) throws IOException {
    StreamDocument document = DocumentJson.read(bytes, StreamDocument.class);
    if (!document.withId().id().equals(document.id())) {
      throw new IOException("its id is not the digest of what it says");
    }
    return document;
  }

  /** What a config that is to go on with this stream says otherwise, for people. */
  public List<String> changes(StreamDocument asked) {
    List<String> changes = new ArrayList<>();
    ObjectNode before = DocumentJson.tree(this);
    ObjectNode now = DocumentJson.tree(asked);
    for (String key :
        List.of(
            "stage",
            "seed",
            "block",
            "shuffle",
            "augment",
            "identity_field",
            "category_field",
            "filtering")) {
      if (!before.path(key).equals(now.path(key))) {
        changes.add(
            "%s is %s there, and %s in the config"
                .formatted(key, text(before, key), text(now, key)));
      }
    }
    return changes;
  }

  private static String text(ObjectNode document, String key) {
    return document.hasNonNull(key) ? Json.line(document.get(key)) : "absent";
  }

  /** Whether of records with the same identity only the first is given. */
  public boolean removesDuplicates() {
    return filtering != null && Boolean.TRUE.equals(filtering.removeDuplicates());
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
