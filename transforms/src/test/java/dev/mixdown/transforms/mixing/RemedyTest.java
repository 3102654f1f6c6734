package dev.mixdown.transforms.mixing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Shortfall;
import dev.mixdown.configs.datasets.Strategy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whoever follows an advice to the letter gets a mix. */
class RemedyTest {
  private static List<Supply> supplies(SplittableRandom random, String[] categories) {
    List<Supply> supplies = new ArrayList<>();
    boolean weights = random.nextBoolean();
    int count = random.nextInt(1, 6);
    for (int d = 0; d < count; d++) {
      List<Supply.StratumSupply> groups = new ArrayList<>();
      int strata = random.nextInt(1, categories.length + 1);
      for (int g = 0; g < strata; g++) {
        long records = random.nextLong(1, 300);
        groups.add(
            new Supply.StratumSupply(
                categories[g], null, -1, records, BigDecimal.valueOf(records)));
      }
      supplies.add(
          new Supply(
              "d" + d,
              d,
              BigDecimal.valueOf(random.nextLong(1, 40), 1),
              weights
                  ? Optional.of(BigDecimal.valueOf(random.nextLong(1, 9), 1))
                  : Optional.empty(),
              Priority.values()[random.nextInt(Priority.values().length)],
              groups));
    }
    return supplies;
  }

  private static MixSettings settings(SplittableRandom random, String[] categories) {
    Settings settings = Settings.of().total(random.nextLong(1, 3_000));
    settings.strategy(Strategy.values()[random.nextInt(Strategy.values().length)]);
    settings.shortfall(Shortfall.values()[random.nextInt(Shortfall.values().length)]);
    if (random.nextBoolean()) {
      settings.cap(random.nextLong(1, 400));
    }
    if (random.nextBoolean()) {
      for (String category : categories) {
        settings.ratio(category, "0." + random.nextInt(1, 10));
      }
    }
    return settings.build();
  }

  @Test
  void every_remedy_that_is_named_makes_the_mix_possible() {
    SplittableRandom random = new SplittableRandom(30);
    String[] categories = {"a", "b", "others"};
    int followed = 0;
    for (int i = 0; i < 3_000; i++) {
      List<Supply> supplies = supplies(random, categories);
      MixSettings settings = settings(random, categories);
      try {
        MixPlanner.plan(settings, supplies);
      } catch (MixException e) {
        for (Remedy remedy : e.remedies()) {
          Mix mix = MixPlanner.plan(remedy.applyTo(settings), remedy.applyTo(supplies));
          assertThat(remedy.text(), mix.total() > 0, is(true));
          assertThat(
              remedy.text(),
              remedy.shortfall().equals(Optional.of(settings.shortfall())),
              is(false));
          followed++;
        }
      }
    }
    assertThat(followed, greaterThan(500));
  }

  @Test
  void a_stratified_mix_divides_a_category_by_records() {
    Settings settings = Settings.of().strategy(Strategy.STRATIFIED).ratio("a", "0.5");
    settings.ratio("b", "0.5").total(40);
    List<Supply> supplies = new ArrayList<>();
    long[] records = {30, 10, 100};
    for (int d = 0; d < records.length; d++) {
      supplies.add(
          new Supply(
              "d" + d,
              d,
              BigDecimal.valueOf(9),
              Optional.of(BigDecimal.ONE),
              Priority.MEDIUM,
              List.of(
                  new Supply.StratumSupply(
                      d < 2 ? "a" : "b", null, -1, records[d], BigDecimal.valueOf(records[d])))));
    }
    List<Long> quotas =
        MixPlanner.plan(settings.build(), supplies).strata().stream()
            .map(Mix.StratumQuota::quota)
            .toList();
    assertThat(quotas, is(List.of(15L, 5L, 20L)));
  }
}
