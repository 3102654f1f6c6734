package dev.mixdown.pipelines.match;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files that programs write beside data and that are no data: indexes, states, checksums. Some have
 * names like those of shards.
 */
final class SideFiles {
  private static final Set<String> NAMES =
      Set.of("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json");

  /** How checksums, locks, and copies of editors and downloads end. */
  private static final Pattern ENDINGS =
      Pattern.compile(
          ".*(\\.(sha1|sha256|sha512|md5|crc|crc32|sfv|asc|sig|idx|index|lock|tmp|temp|part|bak|swp|log)|~)");

  /** The largest index of shards that is looked into. */
  private static final long LARGEST_INDEX = 16 << 20;

  private SideFiles() {}

  /** Whether a file that a folder or pattern gave is no data. */
  static boolean isSideFile(Storage storage, FileInfo file) throws IOException {
    String name = StoragePath.name(file.path()).toLowerCase(Locale.ROOT);
    return NAMES.contains(name)
        || ENDINGS.matcher(name).matches()
        || (name.equals("index.json")
            && file.bytes() <= LARGEST_INDEX
            && listsShards(storage, file));
  }

  /** Whether it is the index that mosaicml/streaming writes beside its shards. */
  private static boolean listsShards(Storage storage, FileInfo file) throws IOException {
    Optional<byte[]> bytes = storage.read(file.path());
    try {
      JsonNode index = Json.read(bytes.orElseGet(() -> new byte[] {'{', '}'}));
      return index.isObject() && index.has("shards");
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
