package dev.mixdown.configs.stages;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.stages.Condition.Comparison;
import dev.mixdown.configs.stages.Condition.Event;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionTest {
  @Test
  void comparisons_hold_as_arithmetic_says() {
    Random random = new Random(3);
    List<String> signs = List.of("<", "<=", ">", ">=", "==", "!=");
    for (int round = 0; round < 10_000; round++) {
      int value = random.nextInt(7) - 3;
      int bound = random.nextInt(7) - 3;
      String sign = signs.get(random.nextInt(6));
      String space = random.nextBoolean() ? " " : "";
      String text = "loss" + space + sign + space + bound + (random.nextBoolean() ? ".0" : "");
      boolean expected =
          switch (sign) {
            case "<" -> value < bound;
            case "<=" -> value <= bound;
            case ">" -> value > bound;
            case ">=" -> value >= bound;
            case "==" -> value == bound;
            default -> value != bound;
          };
      Condition condition = Condition.parse(text).orElseThrow();
      assertThat(
          text + " of " + value,
          condition.holds(Map.of("loss", BigDecimal.valueOf(value)), Set.of()),
          is(expected));
      assertThat(condition.holds(Map.of("accuracy", BigDecimal.ONE), Set.of("loss")), is(false));
    }
  }

  @Test
  void what_is_no_comparison_is_an_event_or_nothing() {
    assertThat(
        Condition.parse(" training_complete "), is(Optional.of(new Event("training_complete"))));
    assertThat(Condition.parse("训练完成"), is(Optional.of(new Event("训练完成"))));
    assertThat(Condition.parse("val/loss<=1e-3").orElseThrow().text(), is("val/loss <= 0.001"));
    assertThat(Condition.parse("a<1").orElseThrow() instanceof Comparison, is(true));
    for (String text :
        List.of(
            "",
            " ",
            "loss <",
            "< 1",
            "loss < x",
            "a < 1 and b < 2",
            "loss = 1",
            "1 < a < 2",
            "loss ≤ 1",
            "a\nb")) {
      assertThat(text, Condition.parse(text), is(Optional.empty()));
    }
  }
}
