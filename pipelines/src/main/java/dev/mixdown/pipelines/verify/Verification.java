package dev.mixdown.pipelines.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.remix.RemixCheck;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks a manifest: its parts against their digests, its rows against the quotas, its shards
 * against what it says of them.
 */
public final class Verification {
  /** The most rows that are reported one by one because they name another record. */
  private static final int MOST_ROWS = 20;

  private final Storage storage;
  private final String folder;
  private final boolean deep;
  private final RemixCheck remix;
  private final List<DataProblem> problems = new ArrayList<>();

  /** The records of shards that were read again, by the shard's number. */
  private final Map<Integer, ShardRecords> read = new HashMap<>();

  private long wrongRows;

  /**
   * @param folder the manifest's, or a stage's, whose current manifest is meant
   * @param deep whether shards are read again; else only their sizes are looked at
   * @param remix what checks the proof of a manifest that goes on from another one
   */
  public Verification(Storage storage, String folder, boolean deep, RemixCheck remix) {
    this.remix = remix;
    this.storage = storage;
    this.folder = folder;
    this.deep = deep;
  }

  /**
   * What was found.
   *
   * @param manifestId the manifest that was checked; empty where it cannot be read
   * @param samples rows of its parts
   * @param deep whether shards were read again
   * @param errors none when all is well
   */
  public record Report(
      String manifestId,
      int parts,
      long samples,
      int shards,
      boolean deep,
      List<DataProblem> errors) {
    /** The document that {@code verify --json} prints where nothing is wrong. */
    public ObjectNode json() {
      return Json.object()
          .put("manifest_id", manifestId)
          .put("parts", parts)
          .put("samples", samples)
          .put("shards", shards)
          .put("deep", deep);
    }
  }

  /**
   * Checks everything and tells all that is wrong.
   *
   * @throws ConfigException when there is no manifest
   */
  public Report verify() throws IOException {
    if (ManifestFolder.isMissing(storage, folder)) {
      throw new ConfigException(
          "the manifest",
          folder,
          "has neither manifest.json nor current.json; name a manifest's folder, or a stage's, or run prepare again where its run did not end");
    }
    Optional<ManifestFolder> found;
    try {
      found = ManifestFolder.at(storage, folder);
    } catch (DataException e) {
      return new Report("", 0, 0, 0, deep, e.problems());
    }
    String here = found.orElseThrow().path();
    Manifest manifest = found.get().manifest();
    problems.addAll(new ManifestDocumentsCheck(storage, here, manifest).problems());
    shards(manifest);
    long samples = parts(here, manifest);
    if (problems.isEmpty()) {
      problems.addAll(remix.problems(found.get()));
    }
    return new Report(
        manifest.id(),
        manifest.parts().size(),
        samples,
        manifest.shards().size(),
        deep,
        List.copyOf(problems));
  }

  private void problem(String path, String message) {
    problems.add(DataProblem.of(path, message));
  }

  /** Quotas by dataset and category, as far as rows tell them apart. */
  private static Map<String, Long> quotas(Manifest manifest) {
    Map<String, Long> quotas = new TreeMap<>();
    for (Manifest.Stratum stratum : manifest.strata()) {
      if (stratum.quota() > 0) {
        quotas.merge(stratum.dataset() + "/" + stratum.category(), stratum.quota(), Long::sum);
      }
    }
    return quotas;
  }

  private long parts(String here, Manifest manifest) throws IOException {
    Map<String, Long> counted = new TreeMap<>();
    int before = problems.size();
    UsesCheck uses = new UsesCheck(storage, here, problems);
    long[] next = {0};
    for (Manifest.Part part : manifest.parts()) {
      String path = StoragePath.resolve(here, part.path());
      if (storage.stat(path).isEmpty()) {
        problem(path, "the part that manifest.json names is missing");
        next[0] = part.firstPosition() + part.samples();
      } else if (!storage.sha256(path).equals(part.sha256())) {
        problem(path, "the part was changed; its SHA-256 is not what manifest.json says");
        next[0] = part.firstPosition() + part.samples();
      } else {
        PartReader.read(
            storage,
            path,
            sample -> {
              if (sample.position() != next[0]) {
                problem(
                    path,
                    "position %d comes where %d is expected".formatted(sample.position(), next[0]));
              }
              next[0] = sample.position() + 1;
              counted.merge(sample.dataset() + "/" + sample.category(), 1L, Long::sum);
              uses.add(sample);
              checkRecord(path, sample, manifest.shards());
            });
      }
    }
    String document = StoragePath.resolve(here, Manifest.FILE);
    if (next[0] != manifest.samples()) {
      problem(
          document,
          "the parts end at position %d, manifest.json says %d"
              .formatted(next[0], manifest.samples()));
    }
    if (problems.size() == before) {
      compare(document, quotas(manifest), counted);
      uses.finish(manifest);
    }
    return next[0];
  }

  private void compare(String document, Map<String, Long> quotas, Map<String, Long> counted) {
    quotas.forEach(
        (stratum, quota) -> {
          long samples = counted.getOrDefault(stratum, 0L);
          if (samples != quota) {
            problem(
                document,
                "%s: %d samples, manifest.json gives it %d".formatted(stratum, samples, quota));
          }
        });
    counted.forEach(
        (stratum, samples) -> {
          if (!quotas.containsKey(stratum)) {
            problem(
                document,
                "%s: %d samples, manifest.json does not have it".formatted(stratum, samples));
          }
        });
  }

  /** A row names a record of its shard; its offset, length and identity are that record's. */
  private void checkRecord(String path, PartReader.Sample sample, List<Manifest.Shard> shards) {
    boolean known = sample.shard() >= 0 && sample.shard() < shards.size();
    Manifest.Shard shard = known ? shards.get(sample.shard()) : null;
    long records = shard == null ? 0 : shard.records() + shard.rejected();
    if (sample.record() < 0 || sample.record() >= records) {
      problem(
          path,
          "position %d names record %d of shard %d, which has %d"
              .formatted(sample.position(), sample.record(), sample.shard(), records));
    }
    ShardRecords again = read.get(sample.shard());
    if (again != null && !again.has(sample) && wrongRows++ < MOST_ROWS) {
      problem(
          path,
          "position %d does not name record %d of shard %d by its offset, length and identity"
              .formatted(sample.position(), sample.record(), sample.shard()));
    }
  }

  private void shards(Manifest manifest) throws IOException {
    for (int number = 0; number < manifest.shards().size(); number++) {
      Manifest.Shard shard = manifest.shards().get(number);
      String uri = shard.uri();
      Optional<FileInfo> file = StoragePath.isSupported(uri) ? storage.stat(uri) : Optional.empty();
      if (file.isEmpty()) {
        problem(uri, "the shard that manifest.json names is not there");
      } else if (file.get().bytes() != shard.bytes()) {
        problem(
            uri,
            "the shard has %,d bytes, manifest.json says %,d"
                .formatted(file.get().bytes(), shard.bytes()));
      } else if (deep && !storage.sha256(uri).equals(shard.sha256())) {
        problem(uri, "the shard was changed; its SHA-256 is not what manifest.json says");
      } else if (deep) {
        Optional<ShardRecords> records =
            ShardRecords.read(storage, file.get(), shard, manifest.spec(), manifest.planner());
        if (records.isPresent()) {
          read.put(number, records.get());
        }
      }
    }
  }
}
