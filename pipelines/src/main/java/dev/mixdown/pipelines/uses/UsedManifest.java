package dev.mixdown.pipelines.uses;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A manifest, and what it uses.
 *
 * @param folder the manifest's
 */
public record UsedManifest(String folder, Manifest manifest, Uses uses) {
  /**
   * Reads what a manifest uses.
   *
   * @throws DataException where that is missing or damaged
   */
  public static UsedManifest of(Storage storage, ManifestFolder found) throws IOException {
    String file = StoragePath.resolve(found.path(), Uses.FILE);
    Optional<byte[]> bytes = storage.read(file);
    if (bytes.isEmpty()) {
      throw problem(
          file,
          "is missing: the manifest was made by an earlier version; run mixdown manifests rebuild-uses on its output folder");
    }
    try {
      Uses uses = Uses.read(bytes.get());
      if (!uses.manifestId().equals(found.manifest().id())) {
        throw new IOException("it is of manifest " + uses.manifestId());
      }
      return new UsedManifest(found.path(), found.manifest(), uses);
    } catch (IOException e) {
      throw problem(
          file,
          "cannot be used%s; make it again with mixdown manifests rebuild-uses"
              .formatted(Causes.inBrackets(e)));
    }
  }

  private static DataException problem(String file, String message) {
    return new DataException(
        "what a manifest uses is not known", List.of(DataProblem.of(file, message)));
  }

  /** The manifest's id. */
  public String id() {
    return manifest.id();
  }

  /** Where the identities of a part's samples lie. */
  public String runs(Uses.Part part) {
    return StoragePath.resolve(folder, part.path());
  }

  /** The field that identities are taken from, for messages. */
  public String identityDefinition() {
    return uses.identityField() == null
        ? "by the records' bytes"
        : "by the field \"" + uses.identityField() + "\"";
  }
}
