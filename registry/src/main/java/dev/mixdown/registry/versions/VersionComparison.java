package dev.mixdown.registry.versions;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.storage.StoragePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two versions.
 *
 * @param shards those that are not in both, by name
 */
public record VersionComparison(DatasetVersion a, DatasetVersion b, List<Change> shards) {
  /**
   * A shard that came, went, changed, or is only called otherwise.
   *
   * @param kind {@code came}, {@code went}, {@code changed} or {@code moved}
   * @param from where it lay in the first version
   * @param to where it lies in the second
   * @param records how many more there are
   */
  public record Change(String kind, @Nullable String from, @Nullable String to, long records) {
    /** The change in words. */
    public String text() {
      String count = records == 0 ? "" : String.format(Locale.ROOT, "  %+,d records", records);
      return switch (kind) {
        case "moved" -> from + " -> " + to;
        case "went" -> from + count;
        default -> to + count;
      };
    }
  }

  /** Whether both are the same, byte for byte. */
  public boolean sameContent() {
    return a.version().equals(b.version());
  }

  /**
   * Compares two versions with their shards. A shard of the same content is the same wherever it
   * lies; one of the same name, or in the same place, with another content is one that changed.
   */
  public static VersionComparison of(DatasetVersion a, DatasetVersion b) {
    List<Shard> before = new ArrayList<>(a.shards());
    List<Shard> after = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    Map<String, Shard> byContent = new LinkedHashMap<>();
    before.forEach(shard -> byContent.put(shard.sha256(), shard));
    for (Shard shard : b.shards()) {
      Shard same = byContent.remove(shard.sha256());
      if (same == null) {
        after.add(shard);
        continue;
      }
      before.remove(same);
      if (!name(a, same).equals(name(b, shard))) {
        changes.add(new Change("moved", same.uri(), shard.uri(), 0));
      }
    }
    Map<String, Shard> byName = new LinkedHashMap<>();
    before.forEach(shard -> byName.put(name(a, shard), shard));
    for (Shard shard : after) {
      Shard old = byName.remove(name(b, shard));
      if (old == null && before.size() == 1 && after.size() == 1) {
        // A dataset in one file, at another place: the file is what changed.
        old = before.get(0);
        byName.clear();
      }
      changes.add(
          old == null
              ? new Change("came", null, shard.uri(), shard.records())
              : new Change("changed", old.uri(), shard.uri(), shard.records() - old.records()));
    }
    for (Shard shard : byName.values()) {
      changes.add(new Change("went", shard.uri(), null, -shard.records()));
    }
    changes.sort(
        Comparator.comparing(
            change -> change.to() != null ? change.to() : String.valueOf(change.from())));
    return new VersionComparison(a, b, changes);
  }

  /** A shard's path as seen from where its dataset lies: the folder, or what a glob begins with. */
  private static String name(DatasetVersion version, Shard shard) {
    String base = version.uri().replaceFirst("[*?\\[{].*", "");
    base =
        base.endsWith("/")
            ? base
            : base.equals(shard.uri()) ? StoragePath.folder(base) + "/" : base + "/";
    return shard.uri().startsWith(base)
        ? shard.uri().substring(base.length())
        : StoragePath.name(shard.uri());
  }
}
