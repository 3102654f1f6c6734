package dev.mixdown.pipelines.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.manifests.Lineage;
import dev.mixdown.registry.manifests.LoadStatistics;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestIdentity;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks what lies beside a manifest's parts: whether it can be read, and says the same. */
final class ManifestDocumentsCheck {
  private static final String REMEDY = "; remove the folder and run prepare again";

  private final Storage storage;
  private final String folder;
  private final Manifest manifest;
  private final List<DataProblem> problems = new ArrayList<>();

  ManifestDocumentsCheck(Storage storage, String folder, Manifest manifest) {
    this.storage = storage;
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Everything that is wrong with the documents. */
  List<DataProblem> problems() throws IOException {
    identity();
    check(LoadStatistics.FILE, this::loadStatistics);
    check(Lineage.FILE, this::lineage);
    check(TrainingInfo.FILE, this::trainingInfo);
    return problems;
  }

  private void identity() {
    String name = StoragePath.name(folder);
    if (!name.equals(manifest.id())) {
      problem(
          Manifest.FILE,
          "manifest_id is %s, but the folder is called %s%s"
              .formatted(manifest.id(), name, REMEDY));
    }
    JsonNode identity = manifest.identity();
    if (identity == null || !identity.isObject()) {
      return;
    }
    if (!ManifestIdentity.id(identity).equals(manifest.id())) {
      problem(
          Manifest.FILE,
          "manifest_id is not the digest of what the manifest says it was made of" + REMEDY);
    }
    if (!manifest.hasSpecOfIdentity()) {
      problem(Manifest.FILE, "spec is not what the manifest was made of" + REMEDY);
    }
  }

  /** Looks at a file's content. */
  private interface Check {
    void of(byte[] bytes) throws IOException;
  }

  private void check(String name, Check check) throws IOException {
    Optional<byte[]> bytes = storage.read(StoragePath.resolve(folder, name));
    if (bytes.isEmpty()) {
      problem(name, "the file is missing; run prepare again");
      return;
    }
    try {
      check.of(bytes.get());
    } catch (IOException e) {
      problem(
          name,
          "the file cannot be used%s; remove it and run prepare again"
              .formatted(Causes.inBrackets(e)));
    }
  }

  private void loadStatistics(byte[] bytes) throws IOException {
    if (LoadStatistics.read(bytes).totalClips() != manifest.samples()) {
      problem(LoadStatistics.FILE, "total_clips is not " + manifest.samples() + REMEDY);
    }
  }

  private void lineage(byte[] bytes) throws IOException {
    if (!Lineage.read(bytes).isOf(manifest.id())) {
      problem(Lineage.FILE, "it is of another manifest" + REMEDY);
    }
  }

  private void trainingInfo(byte[] bytes) {
    String path = StoragePath.resolve(folder, TrainingInfo.FILE);
    try {
      TrainingInfo.parse(path, bytes);
    } catch (ConfigException e) {
      e.problems()
          .forEach(
              problem ->
                  problem(
                      TrainingInfo.FILE,
                      problem.message()
                          + "; correct it, or remove the file and run prepare again"));
    }
  }

  private void problem(String name, String message) {
    problems.add(DataProblem.of(StoragePath.resolve(folder, name), message));
  }
}
