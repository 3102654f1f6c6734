package dev.mixdown.cli.stages;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.cli.TestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which people use stages, as the shell scripts that they write. */
class WaysOfUseTest {
  @TempDir Path folder;

  @BeforeEach
  void release() throws IOException {
    TestFiles.launcher(folder);
    TestFiles.copyOfDemo(folder.resolve("repo"));
  }

  /** Runs a script as a trainer's machine would, and gives what it prints. */
  private String script(Map<String, String> environment, String text)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", text);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("MIXDOWN_WORKSPACE", folder.resolve("workspace").toString());
    for (String name : List.of("TRAINING_STAGE", "AB_VARIANT", "STAGE_CONFIG_PATH")) {
      builder.environment().remove(name);
    }
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return out + "exit " + code + "\n";
  }

  @Test
  void progressive_training_moves_from_pretraining_over_finetuning_to_evaluation()
      throws Exception {
    String out =
        script(
            Map.of("TRAINING_STAGE", "auto"),
            """
            set -euo pipefail
            begin() {
              ./mixdown prepare --repo repo --output out >/dev/null
              eval "$(./mixdown stage resolve --repo repo --output out)"
              test -s "$MIXDOWN_MANIFEST" && test -s "$MIXDOWN_CONFIG"
              grep -q "$MIXDOWN_MANIFEST_ID" "$MIXDOWN_MANIFEST"
              echo "training $MIXDOWN_STAGE with $(basename "$MIXDOWN_CONFIG")"
            }
            begin
            for epoch in 0 20 40 50 80 100 110; do
              event=""
              [ $epoch = 50 ] && event="--event pretraining_complete"
              [ $epoch = 100 ] && event="--event training_complete"
              code=0
              ./mixdown stage check --repo repo --epoch $epoch --loss 0.08 $event >/dev/null || code=$?
              echo "epoch $epoch: $code"
              if [ $code = 10 ]; then begin; elif [ $code != 0 ]; then exit 1; fi
            done
            """);
    assertThat(
        out,
        is(
            """
            training pretraining with pretraining.json
            epoch 0: 0
            epoch 20: 0
            epoch 40: 0
            epoch 50: 10
            training finetuning with finetuning.json
            epoch 80: 0
            epoch 100: 10
            training evaluation with evaluation.json
            epoch 110: 0
            exit 0
            """));
    String log = Files.readString(folder.resolve("repo/logs/stage_switch.jsonl"));
    assertThat(log.lines().count(), is(2L));
    assertThat(
        log,
        containsString(
            "\"from_stage\": \"pretraining\", \"to_stage\": \"finetuning\", \"trigger\": \"auto\", \"condition\": \"epoch >= 50 and pretraining_complete\", \"metadata\": {\"epoch\": 50, \"loss\": 0.08"));
  }

  @Test
  void an_arm_comes_from_the_environment_or_from_the_unit() throws Exception {
    String out =
        script(
            Map.of("TRAINING_STAGE", "ab_testing", "AB_VARIANT", "variant_a"),
            """
            eval "$(./mixdown stage resolve --repo repo)"; echo "$MIXDOWN_STAGE $MIXDOWN_VARIANT"
            unset AB_VARIANT
            for unit in car-1 car-7 car-1; do
              eval "$(./mixdown stage resolve --repo repo --unit $unit)"; echo "$unit $MIXDOWN_VARIANT $(basename "$MIXDOWN_CONFIG")"
            done
            eval "$(./mixdown stage resolve --repo repo)" || echo "no arm"
            """);
    // The arms of these units are what docs/managing-stages.md says how to compute.
    assertThat(
        out,
        is(
            """
            ab_testing variant_a
            car-1 variant_a variant_a.json
            car-7 variant_b variant_b.json
            car-1 variant_a variant_a.json
            mixdown: the config cannot be used
              repo/stage_config.yaml:35:5: stage "ab_testing" has the variants variant_a, variant_b; name one with --variant or AB_VARIANT
            no arm
            exit 0
            """));
  }

  @Test
  void a_stage_is_debugged_without_touching_the_one_that_is_active() throws Exception {
    String before = Files.readString(folder.resolve("repo/active_stage.yaml"));
    String out =
        script(
            Map.of(
                "TRAINING_STAGE", "finetuning", "FORCE_DATASET_CONFIG", "stages/finetuning.json"),
            """
            eval "$(./mixdown stage resolve --repo repo)"; echo "$MIXDOWN_STAGE $(basename "$MIXDOWN_CONFIG")"
            ./mixdown stage check --repo repo --epoch 200 --event training_complete
            ./mixdown plan --repo repo | head -1
            ./mixdown stage status --repo repo | tail -1
            """);
    assertThat(
        out,
        is(
            """
            finetuning finetuning.json
            stay: TRAINING_STAGE=finetuning decides the stage or its config, so nothing is switched
            Stage finetuning (FORCE_DATASET_CONFIG names it)
            Note: here, TRAINING_STAGE=finetuning decides whatever stage is active
            exit 0
            """));
    assertThat(Files.readString(folder.resolve("repo/active_stage.yaml")), is(before));
  }

  @Test
  void online_learning_is_switched_to_by_hand_and_prepared_as_data_arrives() throws Exception {
    String out =
        script(
            Map.of(),
            """
            eval "$(./mixdown stage resolve --repo repo)"
            ./mixdown stage switch-stage online_learning --repo repo | head -1
            code=0; ./mixdown stage check --repo repo --epoch 12 >/dev/null || code=$?
            echo "$MIXDOWN_STAGE learns of it: $code"
            for round in 1 2; do
              ./mixdown prepare --repo repo --output out >/dev/null
              eval "$(./mixdown stage resolve --repo repo --output out)"; echo "$MIXDOWN_STAGE $MIXDOWN_MANIFEST_ID"
              head -1 repo/data/fresh_clips.jsonl | sed s/0/9/g >> repo/data/fresh_clips.jsonl
            done
            ./mixdown stage check --repo repo --epoch 300 --event training_complete | head -1
            ./mixdown stage rollback --repo repo | head -1
            """);
    List<String> lines = out.lines().toList();
    assertThat(lines.get(0), is("Switched from pretraining to online_learning"));
    assertThat(lines.get(1), is("pretraining learns of it: 10"));
    assertThat(lines.get(2), containsString("online_learning "));
    assertThat(lines.get(3), not(is(lines.get(2))));
    assertThat(lines.get(4), is("stay: no stage follows by itself"));
    assertThat(lines.get(5), is("Switched from online_learning to pretraining"));
  }

  @Test
  void containers_say_by_environment_where_stages_lie_and_which_is_meant() throws Exception {
    Path mounted = Files.createDirectories(folder.resolve("mounted"));
    for (String name : List.of("stage_config.yaml", "active_stage.yaml", "stages")) {
      Files.move(folder.resolve("repo").resolve(name), mounted.resolve(name));
    }
    String out =
        script(
            Map.of("STAGE_CONFIG_PATH", mounted.toString(), "TRAINING_STAGE", "evaluation"),
            """
            eval "$(./mixdown stage resolve --repo repo)"; echo "$MIXDOWN_STAGE $(basename "$MIXDOWN_CONFIG")"
            TRAINING_STAGE=auto ./mixdown stage switch-stage finetuning --repo repo | head -1
            TRAINING_STAGE=auto ./mixdown stage status --repo repo --json | grep current_stage
            ls mounted/logs
            ./mixdown stage validate-config --repo repo
            STAGE_CONFIG_PATH=gs://bucket/release ./mixdown stage status --repo repo
            """);
    assertThat(
        out,
        is(
            """
            evaluation evaluation.json
            Switched from pretraining to finetuning
              "current_stage": "finetuning",
            stage_switch.jsonl
            Good: no errors, no warnings in 9 files
            mixdown: the config cannot be used
              gs://bucket/release/stage_config.yaml: gs:// paths cannot be opened; these can: local paths, obs://, s3://
            exit 2
            """));
  }

  @Test
  void in_a_working_directory_that_was_removed_the_launcher_says_so() throws Exception {
    String out =
        script(
            Map.of(),
            "mkdir gone && cd gone && rmdir ../gone && '%s/mixdown' --version"
                .formatted(TestFiles.root()));
    assertThat(out, containsString("mixdown: the working directory was removed"));
    assertThat(out, containsString("exit 1"));
    assertThat(out, not(containsString("java")));
  }

  @Test
  void a_file_that_the_system_takes_no_more_bytes_of_is_told_with_its_folder() throws Exception {
    TestFiles.write(folder.resolve("large/a.jsonl"), TestFiles.lines("a", 100_000));
    TestFiles.write(
        folder.resolve("large/training_dataset.json"),
        "{\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\"}]}");
    // As on a full disk, but of any size: no file of this shell may grow beyond 1 MiB.
    String out = script(Map.of(), "ulimit -f 1024; ./mixdown prepare --repo large --output out");
    assertThat(out, containsString("nothing was published"));
    assertThat(
        out,
        containsString(
            ": a file of this folder cannot be written (File too large); make room there"));
    assertThat(out, containsString("exit 1"));
  }

  @Test
  void where_native_libraries_cannot_be_unpacked_the_folder_is_told() throws Exception {
    String out = script(Map.of(), "ulimit -f 16; ./mixdown prepare --repo repo --output out");
    assertThat(out, containsString("  a native library cannot be unpacked in "));
    assertThat(out, containsString("exit 1"));
  }
}
