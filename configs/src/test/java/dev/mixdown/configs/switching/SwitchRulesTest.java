package dev.mixdown.configs.switching;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwitchRulesTest {
  @Test
  void conditions_are_looked_at_whenever_a_multiple_of_the_interval_has_come_since() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      long interval = 1L + random.nextInt(12);
      long checked = random.nextInt(60);
      long epoch = checked + random.nextInt(30);
      boolean multiple = false;
      for (long e = checked + 1; e <= epoch; e++) {
        multiple |= e % interval == 0;
      }
      assertThat(SwitchRules.isDue(interval, Optional.of(checked), epoch), is(multiple));
      long next = epoch + 1;
      while (next % interval != 0) {
        next++;
      }
      assertThat(SwitchRules.nextCheck(interval, epoch), is(next));
    }
    assertThat(SwitchRules.isDue(10, Optional.empty(), 3), is(true));
  }
}
