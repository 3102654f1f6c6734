package dev.mixdown.configs.stages;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArmsTest {
  private static final List<String> PYTHON = List.of("b", "b", "b", "b", "a");

  private static Stage stage(String key, String variants) {
    Problems problems = new Problems();
    StageCatalog catalog =
        new StageCatalogReader("s", Optional.empty(), problems)
            .read("stages: {%s: {variants: {%s}}}".formatted(key, variants))
            .orElseThrow();
    problems.throwIfAny();
    return catalog.stages().get(key);
  }

  private static String arm(Stage stage, String unit) {
    return Arms.of(stage, unit).orElseThrow().key();
  }

  @Test
  void over_many_units_arms_come_in_the_proportion_of_their_weights() {
    Stage stage = stage("s", "a: {weight: 1}, b: {weight: 2.5}, c: {weight: 0}, d: {weight: 0.5}");
    Map<String, Integer> counts = new HashMap<>();
    for (int unit = 0; unit < 100_000; unit++) {
      counts.merge(arm(stage, "vehicle-" + unit), 1, Integer::sum);
    }
    // Four standard deviations of 100,000 draws are below 630.
    assertThat((double) counts.get("a"), closeTo(25_000, 630));
    assertThat((double) counts.get("b"), closeTo(62_500, 630));
    assertThat((double) counts.get("d"), closeTo(12_500, 630));
    assertThat(counts.size(), is(3));
  }

  @Test
  void a_unit_keeps_its_arm_whatever_the_order_of_the_file_and_the_scale_of_the_weights() {
    Stage one = stage("s", "a: {weight: 0.5}, b: {weight: 0.5}");
    Stage other = stage("s", "b: {weight: 7}, a: {weight: 7}");
    Stage another = stage("t", "a: {weight: 0.5}, b: {weight: 0.5}");
    int same = 0;
    for (int unit = 0; unit < 10_000; unit++) {
      assertThat(arm(one, "u" + unit), is(arm(other, "u" + unit)));
      same += arm(one, "u" + unit).equals(arm(another, "u" + unit)) ? 1 : 0;
    }
    assertThat(Math.abs(same - 5_000), lessThan(200));
  }

  @Test
  void an_arm_is_what_anybody_computes_from_the_published_rule() {
    // python3 -c "import hashlib;print(int(hashlib.sha256(b's/UNIT').hexdigest()[:16],16)/2**64)"
    Stage stage = stage("s", "a: {weight: 0.5}, b: {weight: 0.5}");
    assertThat(
        List.of("1", "2", "3", "4", "ü").stream().map(unit -> arm(stage, unit)).toList(),
        is(PYTHON));
    assertThat(Arms.of(stage("s", "a: {weight: 0}"), "1"), is(Optional.empty()));
  }
}
