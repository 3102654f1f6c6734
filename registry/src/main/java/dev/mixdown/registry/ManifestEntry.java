package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest, as it was first made.
 *
 * @param id the manifest's
 * @param uri the folder that it was made in
 * @param samples how many it has
 * @param createdAt when it was made
 * @param datasets what it was made of, with the samples that each gave
 * @param run the run that made it
 */
public record ManifestEntry(
    String id,
    String uri,
    String stage,
    @Nullable String variant,
    long epoch,
    long seed,
    @JsonAlias("total") long samples,
    String format,
    String createdAt,
    List<Share> datasets,
    @Nullable String run,
    boolean backfilled)
    implements RegistryEntry {

  /**
   * A dataset's part in a manifest.
   *
   * @param version its content hash
   * @param weight its {@code stage_weight}, where it has one
   * @param samples how many it gave
   */
  public record Share(String name, String version, @Nullable BigDecimal weight, long samples) {}

  public ManifestEntry {
    datasets = datasets == null ? List.of() : List.copyOf(datasets);
  }

  @Override
  public EntryKind<ManifestEntry> entryKind() {
    return EntryKind.MANIFEST;
  }

  @Override
  public ManifestEntry summary() {
    return this;
  }
}
