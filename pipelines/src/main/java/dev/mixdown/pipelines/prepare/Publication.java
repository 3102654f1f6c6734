package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.UnrecordedException;
import dev.mixdown.pipelines.prepare.Preparation.Outcome;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final int MOST_TRIES = 100;

  private final String stageFolder;
  private final String id;
  private final String folder;
  private final boolean checkParts;

  /**
   * @param checkParts whether the bytes of parts that are there are compared with their digests;
   *     else only their sizes are
   */
  Publication(String stageFolder, String id, boolean checkParts) {
    this.stageFolder = stageFolder;
    this.id = id;
    this.checkParts = checkParts;
    this.folder = Storage.resolve(stageFolder, id);
  }

  private String file(String name) {
    return Storage.resolve(folder, name);
  }

  /**
   * Uses the manifest of this id where it is there already: empty when it has to be made. What lies
   * beside its parts and is missing is written again.
   */
  Optional<Outcome> reuse(ManifestDocuments documents, UUID run, Instant begin) throws IOException {
    Optional<byte[]> old = Storage.read(file("manifest.json"));
    List<PartFile> parts = old.map(Publication::parts).orElse(List.of());
    if (old.isEmpty() || parts.isEmpty()) {
      return Optional.empty();
    }
    for (PartFile part : parts) {
      if (!isThere(part) || (checkParts && !hasDigest(part))) {
        // Somebody removed a part, cut it short or changed it: as if there were no manifest.
        return Optional.empty();
      }
    }
    Outcome outcome = Outcome.UNCHANGED;
    byte[] now = Json.write(documents.manifest(parts));
    if (!Arrays.equals(now, old.get())) {
      Storage.write(file("manifest.json"), now);
      outcome = Outcome.RENEWED;
    }
    if (writeMissing(documents, run, begin)) {
      outcome = Outcome.RENEWED;
    }
    if (outcome == Outcome.UNCHANGED && noteBaseModel(documents)) {
      outcome = Outcome.REBASED;
    }
    if (!isCurrent()) {
      switchCurrent();
      outcome = outcome == Outcome.UNCHANGED ? Outcome.SWITCHED : outcome;
    }
    return Optional.of(outcome);
  }

  /** Notes what the stage will be trained from, where no training has begun from something yet. */
  private boolean noteBaseModel(ManifestDocuments documents) throws IOException {
    Optional<byte[]> old = Storage.read(file("training_info.json"));
    if (documents.baseModel().isEmpty() || old.isEmpty()) {
      return false;
    }
    String base = documents.baseModel().get();
    // A record that a trainer left unreadable stays as it is.
    if (Json.readIfSound(old.get()).orElse(null) instanceof ObjectNode info
        && info.path("status").asText().equals("prepared")
        && !info.path("base_model").asText().equals(base)) {
      info.put("base_model", base);
      return Storage.replace(file("training_info.json"), old, Json.write(info));
    }
    return false;
  }

  /** The parts that a manifest names; none where somebody made it unreadable. */
  private static List<PartFile> parts(byte[] manifest) {
    try {
      List<PartFile> parts = new ArrayList<>();
      for (JsonNode part : Json.read(manifest).path("parts")) {
        parts.add(Json.convert(part, PartFile.class));
      }
      return parts;
    } catch (UncheckedIOException | IllegalArgumentException e) {
      return List.of();
    }
  }

  /** Checks the parts, writes the records beside them, and makes the manifest current. */
  void publish(ManifestDocuments documents, List<PartFile> parts, UUID run, Instant begin)
      throws IOException {
    check(parts, documents.total());
    Storage.removeAbandonedDrafts(folder);
    Storage.removeAbandonedDrafts(stageFolder);
    documents.writeRejected(file("rejected"));
    Storage.delete(List.of(file("load_stats.json"), file("lineage.json")));
    boolean unused = writeMissing(documents, run, begin);
    Storage.write(file("manifest.json"), Json.write(documents.manifest(parts)));
    try {
      switchCurrent();
    } catch (IOException e) {
      throw new UnrecordedException(
          folder + " is published", current(), "run again to make it current", e);
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
    String uri = Storage.absolute(folder);
    boolean missing =
        Storage.stat(file("training_info.json")).isEmpty()
            && Storage.replace(
                file("training_info.json"),
                Optional.empty(),
                Json.write(documents.trainingInfo(uri, end)));
    if (Storage.stat(file("load_stats.json")).isEmpty()) {
      Storage.write(file("load_stats.json"), Json.write(documents.loadStats(begin, end)));
      missing = true;
    }
    if (Storage.stat(file("lineage.json")).isEmpty()) {
      Storage.write(file("lineage.json"), Json.write(documents.lineage(run, uri, begin, end)));
      missing = true;
    }
    return missing;
  }

  private boolean hasDigest(PartFile part) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Storage.open(file(part.path())), Digests.sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return Digests.hex(in.getMessageDigest().digest()).equals(part.sha256());
    }
  }

  private void check(List<PartFile> parts, long total) throws IOException {
    long next = 0;
    for (PartFile part : parts) {
      if (part.firstPosition() != next) {
        throw new IllegalStateException("position %d is in no part of %s".formatted(next, folder));
      }
      next += part.rows();
      if (!isThere(part)) {
        throw new IllegalStateException(
            "%s does not have the %,d bytes that were written"
                .formatted(file(part.path()), part.bytes()));
      }
    }
    if (next != total) {
      throw new IllegalStateException(
          "the parts of %s have %,d rows, the mix has %,d".formatted(folder, next, total));
    }
  }

  private boolean isThere(PartFile part) throws IOException {
    return Storage.stat(file(part.path())).map(FileInfo::bytes).orElse(-1L) == part.bytes();
  }

  private boolean isCurrent() throws IOException {
    return !Storage.isLink(current()) && isCurrent(Storage.read(current()));
  }

  private boolean isCurrent(Optional<byte[]> current) {
    // Where somebody made it unreadable, it is written anew.
    return current
        .flatMap(Json::readIfSound)
        .filter(said -> id.equals(said.path("manifest_id").asText()))
        .filter(said -> (id + "/manifest.json").equals(said.path("manifest").asText()))
        .isPresent();
  }

  private String current() {
    return Storage.resolve(stageFolder, "current.json");
  }

  /** Makes the manifest current; of several runs that do so at once, the last one's is. */
  private void switchCurrent() throws IOException {
    byte[] now =
        Json.write(
            Json.object()
                .put("manifest_id", id)
                .put("manifest", id + "/manifest.json")
                .put("switched_at", Instant.now().toString()));
    if (Storage.isLink(current())) {
      // What it leads to may be anybody's: the link itself gives way.
      Storage.write(current(), now);
      return;
    }
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Optional<byte[]> old = Storage.read(current());
      if (isCurrent(old) || Storage.replace(current(), old, now)) {
        return;
      }
    }
    throw new IOException(current() + ": others write to it all the time; run again");
  }
}
