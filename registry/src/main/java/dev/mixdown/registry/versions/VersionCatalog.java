package dev.mixdown.registry.versions;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.IdException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The dataset versions of a registry, found by their hashes and names. */
public final class VersionCatalog {
  /** How much of a hash has to be said. */
  public static final int PREFIX = 8;

  private static final Comparator<DatasetVersion> BY_TIME =
      Comparator.comparing(DatasetVersion::createdAt).thenComparing(DatasetVersion::id);

  private final List<DatasetVersion> versions;
  private final String registry;

  /**
   * @param versions all of a registry, in summary
   * @param registry its folder, for messages
   */
  public VersionCatalog(List<DatasetVersion> versions, String registry) {
    this.versions = versions.stream().sorted(BY_TIME).toList();
    this.registry = registry;
  }

  /**
   * All versions of one content, oldest first.
   *
   * @param hash or its beginning
   * @throws IdException when no version begins so, or several do
   */
  public List<DatasetVersion> find(String hash) {
    // An entry's id begins with its hash.
    String asked = hash.toLowerCase(Locale.ROOT).replaceFirst("-.*", "");
    if (asked.length() < PREFIX) {
      throw IdException.tooShort(hash, PREFIX);
    }
    Map<String, List<DatasetVersion>> found = new LinkedHashMap<>();
    for (DatasetVersion version : versions) {
      if (version.version().startsWith(asked)) {
        found.computeIfAbsent(version.version(), h -> new ArrayList<>()).add(version);
      }
    }
    if (found.isEmpty()) {
      throw IdException.unknown(hash, registry, "\"mixdown versions list\" shows what it has");
    }
    if (found.size() > 1) {
      throw IdException.ambiguous(
          hash, found.values().stream().map(tellings -> line(tellings.get(0))).toList());
    }
    return found.values().iterator().next();
  }

  private static String line(DatasetVersion version) {
    return version.version() + "  " + version.dataset() + "  " + version.createdAt();
  }

  /** Every dataset's versions as they came, each content once for each name. */
  public List<DatasetVersion> list() {
    Map<String, DatasetVersion> first = new LinkedHashMap<>();
    for (DatasetVersion version : versions) {
      first.merge(version.dataset() + "\u0000" + version.version(), version, VersionCatalog::both);
    }
    return first.values().stream()
        .sorted(Comparator.comparing(DatasetVersion::dataset).thenComparing(BY_TIME))
        .toList();
  }

  /** The first of them, with the tags of the later. */
  private static DatasetVersion both(DatasetVersion first, DatasetVersion later) {
    List<String> tags =
        Stream.concat(first.tags().stream(), later.tags().stream()).distinct().toList();
    return first.withTags(tags);
  }
}
