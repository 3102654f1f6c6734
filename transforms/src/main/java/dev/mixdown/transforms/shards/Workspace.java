package dev.mixdown.transforms.shards;

import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.records.InspectionSpec;
import java.io.IOException;
import java.io.Serializable;

/**
 * Where what was read of shards is kept, so that it is not read again: the ledger, and the index of
 * each shard under its fingerprint.
 *
 * @param storage through which it is read and written; the workers of a run have one each
 * @param folder local, or of an object store; every worker has to reach it
 */
public record Workspace(Storage storage, String folder) implements Serializable {
  private static final String DRAFTS = "indexes/drafts";

  /** Where the index of a shard of this fingerprint lies. */
  public String index(String sha256, InspectionSpec spec) {
    return index(sha256, spec.digest());
  }

  String index(String sha256, String spec) {
    return resolve("indexes/" + sha256.substring(0, 2) + "/" + sha256 + "-" + spec);
  }

  /** Where the records of a shard that were left out are kept; no file when there are none. */
  public String rejected(String sha256, InspectionSpec spec) {
    return index(sha256, spec) + ".rejected.jsonl";
  }

  /** Where what a recipe requires of the records of a shard is kept. */
  public String facts(String sha256, InspectionSpec spec) {
    return index(sha256, spec) + ".facts.json";
  }

  /** Where indexes lie while they are made. */
  String drafts() {
    return resolve(DRAFTS);
  }

  String ledger() {
    return resolve("ledger.jsonl");
  }

  /** Where workers leave what they found, one file a shard. */
  String notes() {
    return resolve("ledger-notes");
  }

  private String resolve(String path) {
    return StoragePath.resolve(folder, path);
  }

  /** Removes what processes that were killed left. */
  public void removeAbandonedDrafts() throws IOException {
    storage.removeAbandonedDrafts(drafts());
    storage.removeAbandonedDrafts(folder);
  }
}
