package dev.mixdown.pipelines.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Removes manifests that nothing needs any more: neither a stage, nor a training, nor another
 * manifest. What is removed can be prepared again, with the same bytes, as long as its data is
 * there.
 */
public final class Pruning {
  private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{20}\\b");

  private final Storage storage;
  private final Request request;

  /**
   * What is asked for.
   *
   * @param output the folder that all stages' manifests lie in
   * @param artifacts folders with histories of trainings, beside the output folder
   * @param registry what it knows of trainings
   * @param keep manifests that are not older are kept
   * @param now the time
   * @param remove whether to remove; else it is only said what would be
   */
  public record Request(
      String output,
      List<String> artifacts,
      RegistryIndex registry,
      Duration keep,
      Instant now,
      boolean remove) {}

  /**
   * A manifest, and what becomes of it.
   *
   * @param keptFor why it is kept; empty where it is removed
   */
  public record Verdict(PreparedManifest manifest, Optional<String> keptFor) {}

  /**
   * What was done, or would be.
   *
   * @param verdicts one for each manifest
   * @param removed whether it was done
   */
  public record Outcome(List<Verdict> verdicts, boolean removed) {
    /** Those that are removed, or would be. */
    public List<PreparedManifest> unneeded() {
      return verdicts.stream().filter(v -> v.keptFor().isEmpty()).map(Verdict::manifest).toList();
    }

    /** Their bytes. */
    public long bytes() {
      return unneeded().stream().mapToLong(PreparedManifest::bytes).sum();
    }

    /** The document that {@code manifests prune --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("removed", removed).put("bytes", bytes());
      ArrayNode unneeded = document.putArray("unneeded");
      unneeded().forEach(manifest -> unneeded.add(manifest.json()));
      ArrayNode kept = document.putArray("kept");
      verdicts.forEach(
          v -> v.keptFor().ifPresent(why -> kept.add(v.manifest().json().put("kept_for", why))));
      return document;
    }
  }

  public Pruning(Storage storage, Request request) {
    this.storage = storage;
    this.request = request;
  }

  /** Finds out what is not needed, and removes it where that is asked for. */
  public Outcome run() throws IOException {
    List<PreparedManifest> manifests = PreparedManifest.below(storage, request.output());
    Map<String, String> reasons = reasons(manifests);
    List<Verdict> verdicts = new ArrayList<>();
    for (PreparedManifest manifest : manifests) {
      Optional<String> why = keptFor(manifest, reasons);
      if (why.isEmpty() && request.remove() && !remove(manifest)) {
        why = Optional.of("it became current meanwhile");
      }
      verdicts.add(new Verdict(manifest, why));
    }
    return new Outcome(verdicts, request.remove());
  }

  private Optional<String> keptFor(PreparedManifest manifest, Map<String, String> reasons) {
    if (manifest.current()) {
      return Optional.of("it is current");
    }
    return Optional.ofNullable(reasons.get(manifest.manifest().id()))
        .or(
            () ->
                manifest
                    .foreignFile()
                    .map(f -> f + " lies in its folder, which Mixdown did not write"))
        .or(
            () ->
                manifest.made().isAfter(request.now().minus(request.keep()))
                    ? Optional.of("it is not old enough")
                    : Optional.empty());
  }

  /** By id: who needs a manifest. */
  private Map<String, String> reasons(List<PreparedManifest> manifests) throws IOException {
    Map<String, String> reasons = new HashMap<>();
    for (TrainingEntry training : request.registry().trainings()) {
      if (training.manifest() != null) {
        reasons.put(training.manifest(), "a training in the registry followed it");
      }
    }
    for (FileInfo file : histories(manifests)) {
      String text = text(file.path());
      if (hasTrainings(file.path(), text)) {
        ids(text).forEach(id -> reasons.putIfAbsent(id, file.path() + " names it"));
      }
    }
    for (PreparedManifest manifest : manifests) {
      String own = manifest.manifest().id();
      ids(text(StoragePath.resolve(manifest.folder(), Manifest.FILE)))
          .filter(id -> !id.equals(own))
          .forEach(id -> reasons.putIfAbsent(id, "manifest " + own + " names it"));
    }
    return reasons;
  }

  private static Stream<String> ids(String text) {
    return ID.matcher(text).results().map(MatchResult::group);
  }

  /** The histories beside manifests, and in other folders. */
  private List<FileInfo> histories(List<PreparedManifest> manifests) throws IOException {
    List<FileInfo> files = new ArrayList<>();
    manifests.forEach(manifest -> files.addAll(manifest.files()));
    for (String folder : request.artifacts()) {
      files.addAll(storage.below(folder));
    }
    return files.stream()
        .filter(file -> StoragePath.name(file.path()).equals(TrainingInfo.FILE))
        .toList();
  }

  /** A manifest's own history begins without any; one that cannot be read may have some. */
  private static boolean hasTrainings(String path, String text) {
    try {
      return !TrainingInfo.parse(path, text.getBytes(StandardCharsets.UTF_8)).history().isEmpty();
    } catch (ConfigException e) {
      return true;
    }
  }

  private String text(String path) throws IOException {
    return storage.readText(path).orElse("");
  }

  /**
   * Removes a manifest: first {@code manifest.json}, so that a run that is killed leaves no
   * manifest without its parts.
   *
   * @return false where it became current meanwhile, and is as it was
   */
  private boolean remove(PreparedManifest manifest) throws IOException {
    String document = StoragePath.resolve(manifest.folder(), Manifest.FILE);
    Optional<byte[]> bytes = storage.read(document);
    storage.delete(List.of(document));
    if (PreparedManifest.isCurrent(storage, manifest.folder(), manifest.manifest().id())) {
      if (bytes.isPresent()) {
        storage.write(document, bytes.get());
      }
      return false;
    }
    storage.delete(manifest.files().stream().map(FileInfo::path).toList());
    storage.removeEmptyFolder(manifest.folder());
    return true;
  }
}
