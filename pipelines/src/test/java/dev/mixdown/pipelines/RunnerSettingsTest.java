package dev.mixdown.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.pipelines.RunnerSettings.Runner;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;
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

  @Test
  void a_pipeline_whose_waiting_thread_is_interrupted_ends_after_what_is_under_way()
      throws Exception {
    Thread waiting =
        new Thread(
            () -> {
              try {
                RunnerSettings.DIRECT.run(new TwoSteps(), "two-steps");
              } catch (RuntimeException e) {
                // It was interrupted.
              }
            });
    waiting.start();
    assertThat("the first step runs", BEGUN.tryAcquire(30, TimeUnit.SECONDS), is(true));
    waiting.interrupt();
    waiting.join(30_000);
    assertThat("nobody waits any more", waiting.isAlive(), is(false));
    GO_ON.release();
    assertThat("the second step runs", SECOND.tryAcquire(1, TimeUnit.SECONDS), is(false));
  }

  private static final Semaphore BEGUN = new Semaphore(0);
  private static final Semaphore GO_ON = new Semaphore(0);
  private static final Semaphore SECOND = new Semaphore(0);

  /** A pipeline whose first step takes as long as the test wants. */
  private static final class TwoSteps extends PTransform<PBegin, PDone> {
    @Override
    public PDone expand(PBegin begin) {
      begin
          .apply(Create.of(1))
          .apply("First", ParDo.of(new FirstFn()))
          .apply("Second", ParDo.of(new SecondFn()));
      return PDone.in(begin.getPipeline());
    }
  }

  private static final class FirstFn extends DoFn<Integer, Integer> {
    @ProcessElement
    public void process(@Element Integer element, OutputReceiver<Integer> out) {
      BEGUN.release();
      GO_ON.acquireUninterruptibly();
      out.output(element);
    }
  }

  private static final class SecondFn extends DoFn<Integer, Void> {
    @ProcessElement
    public void process() {
      SECOND.release();
    }
  }
}
