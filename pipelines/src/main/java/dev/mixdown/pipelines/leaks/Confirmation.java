package dev.mixdown.pipelines.leaks;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.content.ContentReader;
import dev.mixdown.transforms.content.Match;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Confirms matches of 64-bit identities: by what the records say, byte for byte in the canonical
 * form, where their shards can still be read. Only shards with matches are read.
 */
final class Confirmation {
  private final Storage storage;

  Confirmation(Storage storage) {
    this.storage = storage;
  }

  /** How sure a match is. */
  enum Verdict {
    /** The records say the same. */
    CONFIRMED,
    /** A shard cannot be read as it was: the identities alone say so. */
    UNCONFIRMED,
    /** The identities are the same by chance. */
    CHANCE
  }

  /** The verdicts of matches, in their order. */
  List<Verdict> of(List<Match> matches, List<ContentShard> shards, List<HeldOutShard> heldOut)
      throws IOException {
    List<ContentShard> others = heldOut.stream().map(HeldOutShard::shard).toList();
    Map<Integer, Set<Integer>> wanted = new HashMap<>();
    Map<Integer, Set<Integer>> wantedOthers = new HashMap<>();
    for (Match match : matches) {
      wanted.computeIfAbsent(match.shard(), s -> new HashSet<>()).add(match.record());
      wantedOthers
          .computeIfAbsent(match.otherShard(), s -> new HashSet<>())
          .add(match.otherRecord());
    }
    Map<Integer, Map<Integer, byte[]>> forms = forms(wanted, shards);
    Map<Integer, Map<Integer, byte[]>> otherForms = forms(wantedOthers, others);
    List<Verdict> verdicts = new ArrayList<>();
    for (Match match : matches) {
      byte[] form = forms.getOrDefault(match.shard(), Map.of()).get(match.record());
      byte[] other = otherForms.getOrDefault(match.otherShard(), Map.of()).get(match.otherRecord());
      verdicts.add(
          form == null || other == null
              ? Verdict.UNCONFIRMED
              : Arrays.equals(form, other) ? Verdict.CONFIRMED : Verdict.CHANCE);
    }
    return verdicts;
  }

  private Map<Integer, Map<Integer, byte[]>> forms(
      Map<Integer, Set<Integer>> wanted, List<ContentShard> shards) throws IOException {
    Map<Integer, Map<Integer, byte[]>> forms = new HashMap<>();
    for (Map.Entry<Integer, Set<Integer>> shard : wanted.entrySet()) {
      forms.put(shard.getKey(), forms(shards.get(shard.getKey()), shard.getValue()));
    }
    return forms;
  }

  /** The canonical forms of some records; none where the shard is not as it was. */
  private Map<Integer, byte[]> forms(ContentShard shard, Set<Integer> records) throws IOException {
    Optional<FileInfo> file =
        StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
    if (file.isEmpty() || !storage.sha256(shard.uri()).equals(shard.sha256())) {
      return Map.of();
    }
    Map<Integer, byte[]> forms = new HashMap<>();
    ContentReader reader = new ContentReader(shard.spec());
    try {
      reader.read(
          storage,
          file.get(),
          (record, identity) -> {
            if (records.contains(record)) {
              forms.put(record, reader.canonical());
            }
          });
    } catch (BadShardException e) {
      return Map.of();
    }
    return forms;
  }
}
