package dev.mixdown.pipelines.prepare;

import dev.mixdown.pipelines.manifests.CurrentOfStage;
import dev.mixdown.registry.manifests.Lineage;
import dev.mixdown.registry.manifests.LoadStatistics;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Manifest.Part;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a manifest visible. Its parts are there already; {@code manifest.json} is written last, and
 * makes it a manifest; then {@code current.json} is switched, in one step. A run that is killed
 * anywhere before leaves the old one current, and the next run writes the same bytes again.
 */
final class Publication {
  private final Storage storage;
  private final String stageFolder;
  private final String id;
  private final String folder;
  private final PrepareOutput output;
  private final PreparedEntries entries;
  private final CurrentOfStage current;

  /**
   * @param entries what the registry records: the lineage says the same of the run
   * @param output whether the bytes of parts that are there are compared with their digests, and
   *     whether the manifest becomes current
   */
  Publication(
      Storage storage,
      String stageFolder,
      String id,
      PreparedEntries entries,
      PrepareOutput output) {
    this.storage = storage;
    this.entries = entries;
    this.stageFolder = stageFolder;
    this.id = id;
    this.output = output;
    this.current = new CurrentOfStage(storage, stageFolder);
    this.folder = StoragePath.resolve(stageFolder, id);
  }

  private String file(String name) {
    return StoragePath.resolve(folder, name);
  }

  /**
   * Uses the manifest of this id where it is there already: empty when it has to be made. What lies
   * beside its parts and is missing is written again.
   */
  Optional<Outcome> reuse(ManifestDocuments documents, UUID run, Instant begin) throws IOException {
    Optional<byte[]> old = storage.read(file(Manifest.FILE));
    Optional<Manifest> before = old.flatMap(Publication::manifest);
    List<Part> parts = before.map(Manifest::parts).orElse(List.of());
    if (old.isEmpty() || parts.isEmpty()) {
      return Optional.empty();
    }
    for (Part part : parts) {
      if (!isThere(part)
          || (output.checkParts() && !storage.sha256(file(part.path())).equals(part.sha256()))) {
        // Somebody removed a part, cut it short or changed it: as if there were no manifest.
        return Optional.empty();
      }
    }
    Outcome outcome = Outcome.UNCHANGED;
    byte[] now = documents.manifest(parts, before.map(Manifest::recipe).orElse(null)).bytes();
    if (!Arrays.equals(now, old.get())) {
      storage.write(file(Manifest.FILE), now);
      outcome = Outcome.RENEWED;
    }
    if (writeMissing(documents, run, begin)) {
      outcome = Outcome.RENEWED;
    }
    if (notePlan(documents) && outcome == Outcome.UNCHANGED) {
      outcome = Outcome.REBASED;
    }
    if (output.current() && !current.is(id)) {
      current.switchTo(id);
      outcome = outcome == Outcome.UNCHANGED ? Outcome.SWITCHED : outcome;
    }
    return Optional.of(outcome);
  }

  /** Notes what the stage will be trained from, and by, where no training has begun yet. */
  private boolean notePlan(ManifestDocuments documents) throws IOException {
    Optional<byte[]> old = storage.read(file(TrainingInfo.FILE));
    Optional<byte[]> now =
        old.flatMap(info -> TrainingInfo.planned(info, documents.baseModel(), documents.recipe()));
    return now.isPresent() && storage.replace(file(TrainingInfo.FILE), old, now.get());
  }

  /** The manifest that is there; empty where somebody made it unreadable. */
  private static Optional<Manifest> manifest(byte[] manifest) {
    try {
      return Optional.of(Manifest.read(manifest));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Checks the parts, writes the records beside them, and makes the manifest current. */
  void publish(ManifestDocuments documents, List<Part> parts, Uses uses, UUID run, Instant begin)
      throws IOException {
    check(parts, documents.samples());
    storage.removeAbandonedDrafts(folder);
    storage.removeAbandonedDrafts(file(Uses.FOLDER));
    storage.removeAbandonedDrafts(stageFolder);
    documents.writeRejected(file("rejected"));
    storage.delete(List.of(file(LoadStatistics.FILE), file(Lineage.FILE)));
    boolean unused = writeMissing(documents, run, begin);
    storage.write(file(Uses.FILE), uses.bytes());
    storage.write(file(Manifest.FILE), documents.manifest(parts, null).bytes());
    if (output.current()) {
      current.switchTo(id);
    }
  }

  /**
   * Writes what lies beside the parts and is not there. A history that training has begun is never
   * replaced.
   *
   * @return whether anything was missing
   */
  private boolean writeMissing(ManifestDocuments documents, UUID run, Instant begin)
      throws IOException {
    Instant end = Instant.now();
    String uri = StoragePath.absolute(folder);
    boolean missing =
        storage.stat(file(TrainingInfo.FILE)).isEmpty()
            && storage.replace(
                file(TrainingInfo.FILE),
                Optional.empty(),
                documents.trainingInfo(file(TrainingInfo.FILE), uri, end).bytes());
    if (storage.stat(file(LoadStatistics.FILE)).isEmpty()) {
      storage.write(file(LoadStatistics.FILE), documents.loadStatistics(begin, end).bytes());
      missing = true;
    }
    if (storage.stat(file(Lineage.FILE)).isEmpty()) {
      storage.write(
          file(Lineage.FILE),
          Lineage.of(entries.run(run, uri, begin, end, Outcome.PREPARED)).bytes());
      missing = true;
    }
    return missing;
  }

  private void check(List<Part> parts, long total) throws IOException {
    long next = 0;
    for (Part part : parts) {
      if (part.firstPosition() != next) {
        throw new IllegalStateException("position %d is in no part of %s".formatted(next, folder));
      }
      next += part.samples();
      if (!isThere(part)) {
        throw new IllegalStateException(
            "%s does not have the %,d bytes that were written"
                .formatted(file(part.path()), part.bytes()));
      }
    }
    if (next != total) {
      throw new IllegalStateException(
          "the parts of %s have %,d samples, the mix has %,d".formatted(folder, next, total));
    }
  }

  private boolean isThere(Part part) throws IOException {
    return storage.stat(file(part.path())).map(FileInfo::bytes).orElse(-1L) == part.bytes();
  }
}
