package dev.mixdown.configs.stages;

import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.Variant;
import dev.mixdown.storage.Digests;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which arm of an A/B stage a unit (a user, a vehicle, a run) belongs to.
 *
 * <p>The first eight bytes of the SHA-256 of {@code STAGE/UNIT}, as a fraction of 2^64, fall into
 * one of the intervals that the variants, by name, cut from 0 to 1 by their weights. So a unit's
 * arm is the same everywhere and always, and its arms in two stages have nothing to do with each
 * other.
 */
public final class Arms {
  private Arms() {}

  /** The unit's arm; empty when no variant has a weight above 0. */
  public static Optional<Variant> of(Stage stage, String unit) {
    List<Variant> variants =
        stage.variants().values().stream()
            .filter(v -> v.weight().signum() > 0)
            .sorted(Comparator.comparing(Variant::key))
            .toList();
    BigDecimal sum =
        variants.stream().map(Variant::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal point = new BigDecimal(hash(stage.key() + "/" + unit)).multiply(sum);
    BigDecimal whole = new BigDecimal(BigInteger.TWO.pow(64));
    BigDecimal end = BigDecimal.ZERO;
    for (Variant variant : variants) {
      end = end.add(variant.weight().multiply(whole));
      if (point.compareTo(end) < 0) {
        return Optional.of(variant);
      }
    }
    return Optional.empty();
  }

  private static BigInteger hash(String text) {
    byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return new BigInteger(1, Arrays.copyOf(digest, 8));
  }
}
