package dev.mixdown.pipelines.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.security.DigestInputStream;
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
  /** Rows of which each is told that it names another record. */
  private static final int MOST_ROWS = 20;

  private final String folder;
  private final boolean deep;
  private final List<String> problems = new ArrayList<>();

  /** The records of shards that were read again, by the shard's number. */
  private final Map<Integer, ShardRecords> read = new HashMap<>();

  private long wrongRows;

  /**
   * @param folder the manifest's, or a stage's, whose current manifest is meant
   * @param deep whether shards are read again; else only their sizes are looked at
   */
  public Verification(String folder, boolean deep) {
    this.folder = folder;
    this.deep = deep;
  }

  /**
   * What was found.
   *
   * @param manifestId the manifest that was checked
   * @param problems empty when all is well
   */
  public record Report(
      String manifestId, int parts, long rows, int shards, List<String> problems) {}

  /** Checks everything and tells all that is wrong. */
  public Report verify() throws IOException {
    Optional<ManifestFolder> found;
    try {
      found = ManifestFolder.at(folder);
    } catch (DataException e) {
      return unusable(String.valueOf(e.getMessage()));
    }
    if (found.isEmpty()) {
      return unusable(
          "%s has neither manifest.json nor current.json: it is no manifest, or its run did not end"
              .formatted(folder));
    }
    JsonNode manifest = found.get().manifest();
    if (!ManifestDocumentsCheck.isManifest(manifest)) {
      return unusable(
          found.get().path()
              + "/manifest.json has no manifest_id, total, strata, shards or parts; remove the folder and run prepare again");
    }
    problems.addAll(new ManifestDocumentsCheck(found.get().path(), manifest).problems());
    int shards =
        shards(manifest.path("shards"), manifest.path("spec"), manifest.path("planner").asInt());
    long rows = parts(found.get().path(), manifest);
    return new Report(
        found.get().id(), manifest.path("parts").size(), rows, shards, List.copyOf(problems));
  }

  private static Report unusable(String why) {
    return new Report("", 0, 0, 0, List.of(why));
  }

  /** Quotas by dataset and category, as far as rows tell them apart. */
  private static Map<String, Long> quotas(JsonNode manifest) {
    Map<String, Long> quotas = new TreeMap<>();
    for (JsonNode stratum : manifest.path("strata")) {
      if (stratum.path("quota").longValue() > 0) {
        quotas.merge(
            stratum.path("dataset").asText() + "/" + stratum.path("category").asText(),
            stratum.path("quota").longValue(),
            Long::sum);
      }
    }
    return quotas;
  }

  private long parts(String here, JsonNode manifest) throws IOException {
    Map<String, Long> counted = new TreeMap<>();
    int before = problems.size();
    long[] next = {0};
    for (JsonNode part : manifest.path("parts")) {
      String path = Storage.resolve(here, part.path("path").asText());
      if (Storage.stat(path).isEmpty()) {
        problems.add(path + ": the part that manifest.json names is missing");
        next[0] = part.path("first_position").longValue() + part.path("rows").longValue();
        continue;
      }
      if (!sha256(path).equals(part.path("sha256").asText())) {
        problems.add(path + ": the part was changed; its SHA-256 is not what manifest.json says");
        next[0] = part.path("first_position").longValue() + part.path("rows").longValue();
        continue;
      }
      PartReader.read(
          path,
          sample -> {
            if (sample.position() != next[0]) {
              problems.add(
                  "%s: position %d comes where %d is expected"
                      .formatted(path, sample.position(), next[0]));
            }
            next[0] = sample.position() + 1;
            counted.merge(sample.dataset() + "/" + sample.category(), 1L, Long::sum);
            long records =
                manifest.path("shards").path(sample.shard()).path("records").asLong(-1)
                    + manifest.path("shards").path(sample.shard()).path("rejected").asLong(0);
            if (sample.record() < 0 || sample.record() >= records) {
              problems.add(
                  "%s: position %d names record %d of shard %d, which has %d"
                      .formatted(
                          path, sample.position(), sample.record(), sample.shard(), records));
            }
            checkRecord(path, sample);
          });
    }
    if (next[0] != manifest.path("total").longValue()) {
      problems.add(
          "the parts end at position %d, manifest.json says %d"
              .formatted(next[0], manifest.path("total").longValue()));
    }
    if (problems.size() == before) {
      Map<String, Long> quotas = quotas(manifest);
      quotas.forEach(
          (stratum, quota) -> {
            long rows = counted.getOrDefault(stratum, 0L);
            if (rows != quota) {
              problems.add(
                  "%s: %d rows, manifest.json gives it %d".formatted(stratum, rows, quota));
            }
          });
      counted.forEach(
          (stratum, rows) -> {
            if (!quotas.containsKey(stratum)) {
              problems.add("%s: %d rows, manifest.json does not have it".formatted(stratum, rows));
            }
          });
    }
    return next[0];
  }

  /** A row's offset, length and identity are those of the record that it names. */
  private void checkRecord(String path, PartReader.Sample sample) {
    ShardRecords records = read.get(sample.shard());
    if (records != null && !records.has(sample) && wrongRows++ < MOST_ROWS) {
      problems.add(
          "%s: position %d does not name record %d of shard %d by its offset, length and identity"
              .formatted(path, sample.position(), sample.record(), sample.shard()));
    }
  }

  private int shards(JsonNode shards, JsonNode spec, int planner) throws IOException {
    int number = -1;
    for (JsonNode shard : shards) {
      number++;
      String uri = shard.path("uri").asText();
      Optional<FileInfo> file = Storage.isSupported(uri) ? Storage.stat(uri) : Optional.empty();
      if (file.isEmpty()) {
        problems.add(uri + ": the shard that manifest.json names is not there");
      } else if (file.get().bytes() != shard.path("bytes").longValue()) {
        problems.add(
            "%s: the shard has %,d bytes, manifest.json says %,d"
                .formatted(uri, file.get().bytes(), shard.path("bytes").longValue()));
      } else if (deep && !sha256(uri).equals(shard.path("sha256").asText())) {
        problems.add(uri + ": the shard was changed; its SHA-256 is not what manifest.json says");
      } else if (deep) {
        Optional<ShardRecords> records = ShardRecords.read(file.get(), shard, spec, planner);
        if (records.isPresent()) {
          read.put(number, records.get());
        }
      }
    }
    return shards.size();
  }

  private static String sha256(String path) throws IOException {
    try (DigestInputStream in = new DigestInputStream(Storage.open(path), Digests.sha256())) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return Digests.hex(in.getMessageDigest().digest());
    }
  }
}
