package dev.mixdown.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.pipelines.RunnerSettings.Runner;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunnerSettingsTest {
  private static String jobName(List<String> options, String... job) {
    return new RunnerSettings(Runner.DIRECT, 1, options).options(job).getJobName();
  }

  @Test
  void a_job_is_called_by_what_it_does_for_which_stage_and_manifest() {
    assertThat(jobName(List.of(), "inspect"), is("mixdown-inspect"));
    assertThat(
        jobName(List.of(), "prepare", "ab_testing/variant_a", "3f2a91"),
        is("mixdown-prepare-ab_testing-variant_a-3f2a91"));
    assertThat(jobName(List.of(), "inspect", "精调"), is("mixdown-inspect-精调"));
  }

  @Test
  void a_users_own_name_wins() {
    assertThat(jobName(List.of("--jobName=nightly"), "prepare", "s", "3f2a91"), is("nightly"));
  }

  @Test
  void an_option_that_beam_does_not_know_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> jobName(List.of("--nonsense=1"), "inspect"));
  }
}
