package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.Filtering;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Shortfall;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.samples.SampleRules;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Stage settings for tests: the defaults, with a few things said. */
public final class Settings {
  private final Map<String, BigDecimal> ratios = new LinkedHashMap<>();
  private Optional<Strategy> strategy = Optional.empty();
  private Optional<Long> cap = Optional.empty();
  private Optional<Long> total = Optional.empty();
  private Shortfall shortfall = Shortfall.FAIL;
  private BigDecimal temperature = BigDecimal.ONE;
  private String unit = MixSettings.RECORDS;
  private boolean shuffle = true;
  private boolean progression;
  private boolean strict;
  private long seed;
  private int block = 1024;
  private int rowsPerPart = 1 << 20;

  public static Settings of() {
    return new Settings();
  }

  public Settings ratio(String category, String ratio) {
    ratios.put(category, new BigDecimal(ratio));
    return this;
  }

  public Settings strategy(Strategy value) {
    strategy = Optional.of(value);
    return this;
  }

  public Settings cap(long value) {
    cap = Optional.of(value);
    return this;
  }

  public Settings total(long value) {
    total = Optional.of(value);
    return this;
  }

  public Settings shortfall(Shortfall value) {
    shortfall = value;
    return this;
  }

  public Settings temperature(String value) {
    temperature = new BigDecimal(value);
    return this;
  }

  public Settings unit(String value) {
    unit = value;
    return this;
  }

  public Settings shuffle(boolean value) {
    shuffle = value;
    return this;
  }

  public Settings progression() {
    progression = true;
    return this;
  }

  public Settings strict() {
    strict = true;
    return this;
  }

  public Settings seed(long value) {
    seed = value;
    return this;
  }

  public Settings blocks(int blockSize, int partSize) {
    block = blockSize;
    rowsPerPart = partSize;
    return this;
  }

  public MixSettings build() {
    return new MixSettings(
        ratios,
        strategy,
        cap,
        Optional.empty(),
        shuffle,
        Map.of(),
        false,
        progression,
        seed,
        total,
        shortfall,
        temperature,
        Optional.empty(),
        Optional.empty(),
        MixSettings.LEVELS,
        false,
        unit,
        Optional.empty(),
        block,
        rowsPerPart,
        Optional.empty(),
        Filtering.NONE,
        SampleRules.NONE,
        Optional.empty(),
        false,
        strict);
  }
}
