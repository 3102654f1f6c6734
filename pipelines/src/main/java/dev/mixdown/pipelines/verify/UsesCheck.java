package dev.mixdown.pipelines.verify;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.identities.SetDigest;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a manifest says that it uses, against its rows. A manifest without uses says nothing. */
final class UsesCheck {
  private static final String REMEDY = "; make it again with mixdown manifests rebuild-uses";

  private final Storage storage;
  private final String folder;
  private final String file;
  private final Optional<Uses> uses;
  private final List<DataProblem> problems;
  private final Map<String, SetDigest.Sum> counted = new HashMap<>();

  /**
   * @param folder the manifest's
   * @param problems takes what is wrong
   */
  UsesCheck(Storage storage, String folder, List<DataProblem> problems) throws IOException {
    this.storage = storage;
    this.folder = folder;
    this.file = StoragePath.resolve(folder, Uses.FILE);
    this.problems = problems;
    this.uses = read();
  }

  private Optional<Uses> read() throws IOException {
    Optional<byte[]> bytes = storage.read(file);
    try {
      return bytes.isEmpty() ? Optional.empty() : Optional.of(Uses.read(bytes.get()));
    } catch (IOException e) {
      problems.add(DataProblem.of(file, "cannot be used" + Causes.inBrackets(e) + REMEDY));
      return Optional.empty();
    }
  }

  /** Takes a row. */
  void add(Sample sample) {
    if (uses.isPresent()) {
      counted
          .computeIfAbsent(sample.dataset() + "/" + sample.category(), s -> new SetDigest.Sum())
          .add(sample.identity(), 1);
    }
  }

  /** Compares what rows have with what is said of them. */
  void finish(Manifest manifest) throws IOException {
    if (uses.isEmpty()) {
      return;
    }
    if (!uses.get().manifestId().equals(manifest.id())) {
      problems.add(DataProblem.of(file, "is of manifest " + uses.get().manifestId() + REMEDY));
      return;
    }
    Map<String, SetDigest> said = new HashMap<>();
    for (Uses.Stratum stratum : uses.get().strata()) {
      said.put(stratum.dataset() + "/" + stratum.category(), SetDigest.of(stratum.digest()));
    }
    Map<String, SetDigest> has = new HashMap<>();
    counted.forEach((stratum, sum) -> has.put(stratum, sum.digest()));
    if (!said.equals(has)) {
      problems.add(
          DataProblem.of(file, "its digests are not those of the manifest's rows" + REMEDY));
    }
    for (Uses.Part part : uses.get().parts()) {
      String path = StoragePath.resolve(folder, part.path());
      if (storage.stat(path).isEmpty()) {
        problems.add(DataProblem.of(path, "the runs that uses.json names are missing" + REMEDY));
      } else if (!storage.sha256(path).equals(part.sha256())) {
        problems.add(
            DataProblem.of(
                path, "the runs were changed; their SHA-256 is not what uses.json says" + REMEDY));
      }
    }
  }
}
