package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code load_stats.json}: how many samples each dataset gives, in the form that loaders have
 * always read.
 *
 * @param timestamp when it was made, as {@code 2025-12-11 10:30:00} in UTC
 * @param datasetsLoaded in the order of the index
 * @param totalClips the manifest's samples
 * @param totalLoadTime how long the run took, as {@code 1.5s}
 * @param more keys that this version does not know
 */
public record LoadStatistics(
    String timestamp,
    String stage,
    List<Dataset> datasetsLoaded,
    long totalClips,
    String totalLoadTime,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a manifest's folder. */
  public static final String FILE = "load_stats.json";

  /**
   * A dataset.
   *
   * @param clipsLoaded the samples that it gives
   * @param weight its {@code stage_weight}; null without one
   * @param loadTime how long the run read it, over all workers, as {@code 1.5s}
   * @param rejected bad records that were left out, by reason; absent without any
   * @param filtered good records that were left out, by the key of the rule; absent without any
   */
  public record Dataset(
      String name,
      long clipsLoaded,
      @Nullable BigDecimal weight,
      String loadTime,
      BigDecimal requestedShare,
      BigDecimal achievedShare,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> rejected,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> filtered) {
    public Dataset {
      rejected = rejected == null ? Map.of() : rejected;
      filtered = filtered == null ? Map.of() : filtered;
    }
  }

  public LoadStatistics {
    datasetsLoaded = datasetsLoaded == null ? List.of() : List.copyOf(datasetsLoaded);
    more = more == null ? Map.of() : more;
  }

  /** A duration as these files have it. */
  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1fs", seconds);
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not such a document
   */
  public static LoadStatistics read(byte[] bytes) throws IOException {
    return DocumentJson.read(bytes, LoadStatistics.class);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
