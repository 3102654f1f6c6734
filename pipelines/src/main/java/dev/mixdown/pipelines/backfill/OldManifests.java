package dev.mixdown.pipelines.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.RunEntry;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Manifests that were made before their runs were recorded, from what lies beside their parts. */
final class OldManifests {
  private final List<OldManifest> found = new ArrayList<>();
  private final List<RegistryEntry> records = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** What lies in a manifest's folder. */
  private record OldManifest(String folder, JsonNode manifest, JsonNode lineage) {
    /** When it was made, to the second. */
    String made() {
      return lineage.path("run").path("ended_at").asText().replaceFirst("\\.\\d+Z$", "Z");
    }
  }

  /** Reads every manifest below a folder. */
  static OldManifests below(String folder) throws IOException {
    OldManifests manifests = new OldManifests();
    for (FileInfo file : Storage.match(folder.endsWith("/") ? folder : folder + "/").files()) {
      if (Storage.name(file.path()).equals("manifest.json")) {
        manifests.read(Storage.absolute(file.path()));
      }
    }
    if (manifests.found.isEmpty() && manifests.problems.isEmpty()) {
      manifests.problems.add(folder + " holds no manifest");
    }
    // The first that used a version says since when it is known.
    manifests.found.sort(
        Comparator.comparing(OldManifest::made).thenComparing(OldManifest::folder));
    manifests.found.forEach(manifests::add);
    return manifests;
  }

  /** The records of what was found: versions, runs and manifests. */
  List<RegistryEntry> records() {
    return records;
  }

  /** What could not be read, and why. */
  List<String> problems() {
    return problems;
  }

  private void read(String path) throws IOException {
    String folder = Storage.folder(path);
    try {
      Optional<byte[]> lineage = Storage.read(Storage.resolve(folder, "lineage.json"));
      Optional<byte[]> manifest = Storage.read(path);
      if (lineage.isEmpty() || manifest.isEmpty()) {
        problems.add(path + " has no lineage.json beside it, so nobody knows when it was made");
        return;
      }
      found.add(new OldManifest(folder, Json.read(manifest.get()), Json.read(lineage.get())));
    } catch (UncheckedIOException e) {
      problems.add(path + ", or lineage.json beside it, is no JSON" + Causes.inBrackets(e));
    }
  }

  private void add(OldManifest one) {
    String folder = one.folder();
    JsonNode manifest = one.manifest();
    JsonNode lineage = one.lineage();
    JsonNode run = lineage.path("run");
    String made = one.made();
    Map<String, List<Shard>> shards = new LinkedHashMap<>();
    for (JsonNode shard : manifest.path("shards")) {
      shards
          .computeIfAbsent(shard.path("dataset").asText(), d -> new ArrayList<>())
          .add(
              new Shard(
                  shard.path("uri").asText(),
                  shard.path("sha256").asText(),
                  shard.path("bytes").asLong(),
                  shard.path("records").asLong(),
                  shard.path("format").asText(),
                  null));
    }
    shards.forEach(
        (name, files) -> {
          String first = files.get(0).uri();
          String place = files.size() == 1 ? first : Storage.folder(first);
          records.add(
              DatasetVersion.of(
                  new DatasetVersion.VersionDetails(name, place, null, List.of(), made, true),
                  files));
        });
    String id = manifest.path("manifest_id").asText();
    long total = manifest.path("total").asLong();
    long seed = manifest.path("spec").path("seed").asLong();
    records.add(
        new RunEntry(
            run.path("id").asText(),
            run.path("job").asText("prepare"),
            "COMPLETE",
            "prepared",
            run.path("started_at").asText(),
            made,
            text(run, "stage"),
            text(run, "variant"),
            run.path("epoch").asLong(),
            null,
            null,
            inputs(lineage),
            List.of(new RunEntry.Output(id, folder, total, seed)),
            lineage.get("config"),
            lineage.get("code"),
            lineage.get("environment"),
            true));
    records.add(
        new ManifestEntry(
            id,
            folder,
            manifest.path("stage").asText(),
            text(manifest, "variant"),
            manifest.path("epoch").asLong(),
            seed,
            total,
            manifest.path("format").asText(),
            made,
            shares(manifest),
            run.path("id").asText(),
            true));
  }

  private static List<RunEntry.Input> inputs(JsonNode lineage) {
    List<RunEntry.Input> inputs = new ArrayList<>();
    for (JsonNode input : lineage.path("inputs")) {
      List<String> uris = new ArrayList<>();
      input.path("uris").forEach(uri -> uris.add(uri.asText()));
      inputs.add(
          new RunEntry.Input(
              input.path("dataset").asText(),
              input.path("version").asText(),
              input.path("records").asLong(),
              input.path("bytes").asLong(),
              uris));
    }
    return inputs;
  }

  private static List<ManifestEntry.Share> shares(JsonNode manifest) {
    Map<String, Long> samples = new LinkedHashMap<>();
    for (JsonNode stratum : manifest.path("strata")) {
      samples.merge(stratum.path("dataset").asText(), stratum.path("quota").asLong(), Long::sum);
    }
    Map<String, JsonNode> weights = new LinkedHashMap<>();
    for (JsonNode dataset : manifest.path("spec").path("datasets")) {
      weights.put(dataset.path("name").asText(), dataset.path("stage_weight"));
    }
    List<ManifestEntry.Share> shares = new ArrayList<>();
    for (JsonNode dataset : manifest.path("datasets")) {
      String name = dataset.path("name").asText();
      JsonNode weight = weights.get(name);
      shares.add(
          new ManifestEntry.Share(
              name,
              dataset.path("version").asText(),
              weight != null && weight.isNumber() ? weight.decimalValue() : null,
              samples.getOrDefault(name, 0L)));
    }
    return shares;
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.path(key).isTextual() ? node.path(key).asText() : null;
  }
}
