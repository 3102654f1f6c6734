package dev.mixdown.pipelines.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.CurrentManifest;
import dev.mixdown.registry.manifests.Lineage;
import dev.mixdown.registry.manifests.LoadStatistics;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A manifest that lies below an output folder.
 *
 * @param folder its own
 * @param manifest what its {@code manifest.json} says
 * @param made when its run ended; where that is not known, when {@code manifest.json} was written
 * @param files everything in its folder
 * @param current whether it is its stage's current one
 */
public record PreparedManifest(
    String folder, Manifest manifest, Instant made, List<FileInfo> files, boolean current) {

  /** What prepare writes into a manifest's folder. */
  private static final Pattern OWN =
      Pattern.compile(
          Stream.of(
                      Manifest.FILE,
                      LoadStatistics.FILE,
                      Lineage.FILE,
                      TrainingInfo.FILE,
                      Uses.FILE,
                      Remix.FILE)
                  .map(Pattern::quote)
                  .collect(Collectors.joining("|"))
              + "|part-\\d+-of-\\d+\\.(parquet|jsonl)|rejected/shard-\\d+\\.jsonl"
              + "|uses/part-\\d+-of-\\d+\\.runs");

  /** All manifests below a folder, by stage, variant and time. What is damaged is left out. */
  public static List<PreparedManifest> below(Storage storage, String output) throws IOException {
    List<FileInfo> all = storage.below(output);
    List<PreparedManifest> manifests = new ArrayList<>();
    for (FileInfo file : all) {
      if (StoragePath.name(file.path()).equals(Manifest.FILE)) {
        of(storage, file, all).ifPresent(manifests::add);
      }
    }
    manifests.sort(
        Comparator.comparing((PreparedManifest m) -> StoragePath.folder(m.folder()))
            .thenComparing(PreparedManifest::made)
            .thenComparing(PreparedManifest::folder));
    return manifests;
  }

  private static Optional<PreparedManifest> of(Storage storage, FileInfo file, List<FileInfo> all)
      throws IOException {
    String folder = StoragePath.folder(file.path());
    Optional<byte[]> json = storage.read(file.path());
    if (json.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest;
    try {
      manifest = Manifest.read(json.get());
    } catch (IOException e) {
      // "verify" says what is wrong with it.
      return Optional.empty();
    }
    return Optional.of(
        new PreparedManifest(
            folder,
            manifest,
            ended(storage, folder).orElse(Instant.ofEpochMilli(file.changedMillis())),
            all.stream().filter(f -> f.path().startsWith(folder + "/")).toList(),
            isCurrent(storage, folder, manifest.id())));
  }

  private static Optional<Instant> ended(Storage storage, String folder) throws IOException {
    Optional<byte[]> lineage = storage.read(StoragePath.resolve(folder, Lineage.FILE));
    try {
      return lineage.isEmpty()
          ? Optional.empty()
          : Optional.of(Instant.parse(Lineage.read(lineage.get()).run().endedAt()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Whether a stage's current manifest is this one. */
  static boolean isCurrent(Storage storage, String folder, String id) throws IOException {
    return storage
        .read(StoragePath.resolve(StoragePath.folder(folder), CurrentManifest.FILE))
        .flatMap(CurrentManifest::readIfSound)
        .filter(current -> current.names(id))
        .isPresent();
  }

  /** A file in its folder that Mixdown did not write, seen from the folder. */
  Optional<String> foreignFile() {
    return files.stream()
        .map(file -> file.path().substring(folder.length() + 1))
        .filter(name -> !OWN.matcher(name).matches())
        .findFirst();
  }

  /** The bytes of all of its files. */
  public long bytes() {
    return files.stream().mapToLong(FileInfo::bytes).sum();
  }

  /** The document that {@code manifests list --json} prints. */
  public static ObjectNode json(List<PreparedManifest> manifests) {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("manifests");
    manifests.forEach(manifest -> list.add(manifest.json()));
    return document;
  }

  /** The manifest as {@code manifests --json} has it. */
  public ObjectNode json() {
    return Json.object()
        .put("stage", manifest.stage())
        .put("variant", manifest.variant())
        .put("manifest_id", manifest.id())
        .put("path", StoragePath.absolute(folder))
        .put("made_at", made.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("epoch", manifest.epoch())
        .put("samples", manifest.samples())
        .put("bytes", bytes())
        .put("current", current);
  }
}
