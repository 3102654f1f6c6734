package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sessions in README and guides, run as they stand there, print what stands there. */
class GuidesTest {
  private static final List<String> GUIDES =
      List.of(
          "README.md",
          "docs/managing-stages.md",
          "docs/object-stores.md",
          "docs/lineage.md",
          "docs/settings.md",
          "docs/troubleshooting.md");

  /** A session: commands after dollar signs, each with what it prints. */
  private static final Pattern BLOCK = Pattern.compile("```\n(\\$ .*?)```", Pattern.DOTALL);

  /** A file that a guide has the reader write. */
  private static final Pattern FILE =
      Pattern.compile("```\\w+ ([\\w.]+)\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  /** What the guides find before all else, such as their Python, with a colon; mostly nothing. */
  private String path = "";

  @Test
  void every_session_prints_what_the_guides_show() throws Exception {
    assertThat(sessions(GUIDES), greaterThan(40));
  }

  @Test
  void a_walk_through_a_real_repository_prints_what_its_guide_shows() throws Exception {
    Path real = TestFiles.realData().resolve("release-full");
    Assumptions.assumeTrue(Files.isDirectory(real), "no " + real);
    TestFiles.copy(real, folder.resolve("team"));
    assertThat(sessions(List.of("docs/your-own-repository.md")), greaterThan(10));
  }

  @Test
  void recipes_are_fitted_and_held_against_real_data_as_their_guide_shows() throws Exception {
    for (String dataset : List.of("gsm8k", "alpaca")) {
      Files.createSymbolicLink(folder.resolve(dataset), TestFiles.realData().resolve(dataset));
    }
    path = folder + ":";
    assertThat(sessions(List.of("docs/recipes.md")), greaterThan(14));
  }

  @Test
  void a_model_is_followed_across_stages_as_its_guide_shows() throws Exception {
    for (String data : List.of("gsm8k", "t0", "humaneval")) {
      Files.createSymbolicLink(folder.resolve(data), TestFiles.realData().resolve(data));
    }
    path = folder + ":";
    assertThat(sessions(List.of("docs/samples-across-stages.md")), greaterThan(16));
  }

  @Test
  void past_jobs_of_a_real_platform_teach_what_their_guide_shows() throws Exception {
    Path platform = TestFiles.realData().resolve("platform/training_platform.db");
    Assumptions.assumeTrue(Files.exists(platform), "no " + platform);
    Files.copy(platform, folder.resolve("training_platform.db"));
    path = folder + ":";
    assertThat(sessions(List.of("docs/experience.md")), greaterThan(18));
  }

  @Test
  void the_service_answers_what_its_guide_shows() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "no /usr/bin/curl");
    assertThat(sessions(List.of("docs/service.md")), greaterThan(4));
  }

  @Test
  void guides_with_python_print_what_they_show() throws Exception {
    path = PythonEnvironment.programs() + ":";
    assertThat(sessions(List.of("docs/reading-a-manifest.md")), greaterThan(1));
  }

  @Test
  void a_stream_is_followed_as_its_guide_shows() throws Exception {
    path = folder + ":" + PythonEnvironment.programs() + ":";
    assertThat(sessions(List.of("docs/online-learning.md")), greaterThan(12));
  }

  @Test
  void the_tutorial_prints_what_it_shows() throws Exception {
    Path programs = PythonEnvironment.programs();
    Assumptions.assumeTrue(
        new ProcessBuilder(programs.resolve("python").toString(), "-c", "import torch")
                .start()
                .waitFor()
            == 0,
        "PyTorch is not in python/.venv");
    path = folder + ":" + programs + ":";
    assertThat(sessions(List.of("docs/tutorial.md")), greaterThan(12));
  }

  @Test
  void the_readme_names_the_figures_of_the_benchmarks() throws Exception {
    String readme = Files.readString(TestFiles.root().resolve("README.md")).replace('\n', ' ');
    String benchmarks = Files.readString(TestFiles.root().resolve("docs/benchmarks.md"));
    String speed = found(benchmarks, "mixdown --check=full, steady state \\|.*\\| ([\\d.]+) \\|");
    assertThat(found(readme, "at ([\\d.]+) of the speed at which openssl only hashes"), is(speed));
    String rate =
        found(benchmarks, "\\| 10\\d,\\d{3},\\d{3} \\| direct \\| [^|]+ \\| ([\\d,]+) \\|");
    assertThat(
        found(readme, "([\\d.]+) million samples a second"),
        is("%.1f".formatted(Long.parseLong(rate.replace(",", "")) / 1e6)));
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(pattern, matcher.find(), is(true));
    return matcher.group(1);
  }

  /** Runs the sessions of guides, and gives how many commands they have. */
  private int sessions(List<String> guides) throws Exception {
    // The project as a user sees it: configs, and a command called mixdown.
    Files.createSymbolicLink(folder.resolve("configs"), TestFiles.root().resolve("configs"));
    TestFiles.launcher(folder);
    int commands = 0;
    for (String name : guides) {
      String guide = Files.readString(TestFiles.root().resolve(name));
      Matcher files = FILE.matcher(guide);
      while (files.find()) {
        TestFiles.write(folder.resolve(files.group(1)), files.group(2));
      }
      Matcher blocks = BLOCK.matcher(guide);
      while (blocks.find()) {
        List<String> printed = new ArrayList<>();
        for (String line : blocks.group(1).lines().toList()) {
          if (line.startsWith("$ ")) {
            printed.add(line);
            run(line.substring(2)).lines().forEach(printed::add);
            commands++;
          }
        }
        assertThat(
            name,
            timeless(String.join("\n", printed)),
            is(timeless(blocks.group(1).stripTrailing())));
      }
    }
    return commands;
  }

  /** Times, durations, runs and where the reader's home is differ from run to run. */
  private String timeless(String text) {
    return text.replace(folder.toString(), "/home/ana")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\dZ?", "TIME")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "RUN")
        // A training's id depends on where its file lies.
        .replaceAll("(?m)(training |^)[0-9a-f]{20}\\b", "$1TRAINING")
        // A manifest's documents have paths and a time that takes a few seconds or many.
        .replaceAll("(TIME +[\\d,]+ +)[\\d,]+", "$1BYTES")
        .replaceAll("\\b\\d+ s ago", "SOON")
        .replaceAll("loss \\d+\\.\\d", "LOSS")
        .replaceAll("(\\d+ days?, )?\\b\\d+:\\d\\d:\\d\\d\\b", "DURATION");
  }

  private String run(String command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    List.of("TRAINING_STAGE", "AB_VARIANT", "MIXDOWN_STAGE", "MIXDOWN_OUTPUT")
        .forEach(builder.environment()::remove);
    builder.environment().put("MIXDOWN_WORKSPACE", folder.resolve("workspace").toString());
    builder.environment().merge("PATH", path, (old, first) -> first + old);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
