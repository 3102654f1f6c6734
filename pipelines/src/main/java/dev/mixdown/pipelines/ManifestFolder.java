package dev.mixdown.pipelines;

import dev.mixdown.registry.manifests.CurrentManifest;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A manifest where people point at it: its folder, its {@code manifest.json}, or its stage's
 * folder, whose current one is meant.
 *
 * @param path the manifest's folder
 * @param manifest what its {@code manifest.json} says
 */
public record ManifestFolder(String path, Manifest manifest) {

  /**
   * The manifest at a path; empty where there is none.
   *
   * @throws DataException where its {@code current.json} or {@code manifest.json} is damaged, or
   *     the former names a manifest that is not there
   */
  public static Optional<ManifestFolder> at(Storage storage, String path) throws IOException {
    String folder = StoragePath.name(path).equals(Manifest.FILE) ? StoragePath.folder(path) : path;
    Optional<byte[]> current = storage.read(StoragePath.resolve(folder, CurrentManifest.FILE));
    if (current.isEmpty()) {
      return in(storage, folder);
    }
    String id;
    try {
      id = CurrentManifest.read(current.get()).id();
    } catch (IOException e) {
      throw damaged(folder, CurrentManifest.FILE, "cannot be used" + Causes.inBrackets(e));
    }
    Optional<ManifestFolder> found = in(storage, StoragePath.resolve(folder, id));
    if (found.isEmpty()) {
      throw damaged(
          folder, CurrentManifest.FILE, "names manifest \"" + id + "\", which is not there");
    }
    return found;
  }

  /** The folder that its stage lies in, with the manifests of all stages. */
  public String output() {
    String stage = StoragePath.folder(StoragePath.absolute(path));
    String arm =
        manifest.variant() == null ? manifest.stage() : manifest.stage() + "/" + manifest.variant();
    // Below the stage there may be folders of configs named by hand, and of tasks.
    int at = (stage + "/").lastIndexOf("/" + arm + "/");
    return at < 0 ? StoragePath.folder(stage) : stage.substring(0, at);
  }

  private static Optional<ManifestFolder> in(Storage storage, String folder) throws IOException {
    Optional<byte[]> json = storage.read(StoragePath.resolve(folder, Manifest.FILE));
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ManifestFolder(folder, Manifest.read(json.get())));
    } catch (IOException e) {
      throw damaged(folder, Manifest.FILE, "cannot be used" + Causes.inBrackets(e));
    }
  }

  private static DataException damaged(String folder, String name, String how) {
    String remove = name.equals(CurrentManifest.FILE) ? "it" : "the folder";
    return new DataException(
        List.of(
            DataProblem.of(
                StoragePath.resolve(folder, name),
                "%s; remove %s and run prepare again".formatted(how, remove))));
  }

  /** Whether there is neither a manifest nor a current one at a path. */
  public static boolean isMissing(Storage storage, String path) throws IOException {
    String folder = StoragePath.name(path).equals(Manifest.FILE) ? StoragePath.folder(path) : path;
    return storage.stat(StoragePath.resolve(folder, CurrentManifest.FILE)).isEmpty()
        && storage.stat(StoragePath.resolve(folder, Manifest.FILE)).isEmpty();
  }
}
