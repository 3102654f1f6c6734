package dev.mixdown.distribution;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.mixdown.cli.Mixdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The archive, unpacked into a read-only folder with a space in its name, in an empty environment.
 */
class ArchiveIT {
  /** Who may write nowhere but at home; root may write everywhere. */
  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private static Path folder;
  private static Path home;
  private static Path unpacked;

  /** How a command ended. */
  private record Result(int code, String out, String err) {}

  @BeforeAll
  static void unpack() throws Exception {
    folder = Files.createTempDirectory(Path.of("/tmp"), "an archive ");
    home = Files.createDirectory(folder.resolve("home"));
    command(List.of("chmod", "755", folder.toString()));
    command(List.of("chmod", "777", home.toString()));
    command(List.of("tar", "xzf", System.getProperty("mixdown.archive"), "-C", folder.toString()));
    try (Stream<Path> files = Files.list(folder)) {
      unpacked =
          files
              .filter(file -> file.getFileName().toString().startsWith("mixdown-"))
              .findFirst()
              .orElseThrow();
    }
    command(List.of("chmod", "-R", "a-w", unpacked.toString()));
  }

  @AfterAll
  static void remove() throws Exception {
    command(List.of("chmod", "-R", "u+w", folder.toString()));
    command(List.of("rm", "-rf", folder.toString()));
  }

  private static Result command(List<String> words) throws IOException, InterruptedException {
    return command(words, Map.of());
  }

  private static Result command(List<String> words, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(variables);
    builder.directory(home == null ? null : home.toFile());
    int code = builder.start().waitFor();
    Result result = new Result(code, Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return result;
  }

  /** Runs the launcher as somebody who cannot write into the archive. */
  private static Result mixdown(Map<String, String> variables, String... arguments)
      throws Exception {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(NOBODY);
    }
    words.add(unpacked.resolve("bin/mixdown").toString());
    words.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(Map.of("HOME", home.toString()));
    all.putAll(variables);
    return command(words, all);
  }

  private static Map<String, String> thisJava() {
    return Map.of("JAVA_HOME", System.getProperty("java.home"));
  }

  @Test
  void it_prepares_the_demo_and_prints_no_line_that_is_not_its_own() throws Exception {
    String demo = unpacked.resolve("configs/demo").toString();
    Result first = mixdown(thisJava(), "prepare", "pretraining", "--repo", demo, "--output", "out");
    assertThat(first.err(), first.code(), is(0));
    assertThat(first.err(), is(""));
    assertThat(
        first.out(), containsString("Prepared out/pretraining/998f19149945da635413/manifest.json"));
    Result again = mixdown(thisJava(), "prepare", "pretraining", "--repo", demo, "--output", "out");
    assertThat(again.out(), containsString("Nothing to do"));
    assertThat(again.err(), is(""));
    // Its archive of classes lies where the user may write.
    try (Stream<Path> kept = Files.list(home.resolve(".cache/mixdown/classes"))) {
      assertThat(
          kept.map(file -> file.getFileName().toString().replaceFirst(".*\\.", ""))
              .sorted()
              .toList(),
          is(List.of("java", "jsa")));
    }
  }

  @Test
  void a_missing_or_old_java_has_a_message() throws Exception {
    Result missing = mixdown(Map.of("JAVA_HOME", "/nowhere"), "--version");
    assertThat(missing.code(), is(1));
    assertThat(
        missing.err(),
        is(
            "mixdown: /nowhere/bin/java was not found; install Java 17 or newer, or set JAVA_HOME to where it is\n"));
    Path old = Files.createDirectories(home.resolve("old/bin")).resolve("java");
    Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    command(List.of("chmod", "-R", "755", home.resolve("old").toString()));
    Result tooOld = mixdown(Map.of("JAVA_HOME", home.resolve("old").toString()), "--version");
    assertThat(tooOld.code(), is(1));
    assertThat(tooOld.err(), containsString("is Java 11; install Java 17 or newer"));
    assertThat(tooOld.out(), is(""));
  }

  @Test
  void every_command_has_a_man_page() throws Exception {
    List<String> without = new ArrayList<>();
    collect(Mixdown.describedCommandLine(), "mixdown", without);
    assertThat(without, is(empty()));
    String prepare = Files.readString(unpacked.resolve("share/man/man1/mixdown-prepare.1"));
    assertThat(prepare, containsString("\\-\\-output"));
  }

  private static void collect(CommandLine command, String name, List<String> without) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    if (Files.notExists(unpacked.resolve("share/man/man1/" + name + ".1"))) {
      without.add(name);
    }
    command
        .getSubcommands()
        .forEach((word, sub) -> collect(sub, name + "-" + sub.getCommandName(), without));
  }

  @Test
  void guides_licences_schemas_and_the_python_package_are_inside() throws Exception {
    for (String file :
        List.of(
            "README.md",
            "docs/reading-a-manifest.md",
            "configs/schemas/dataset_config.schema.json",
            "cli/schemas/prepare.schema.json",
            "python/pyproject.toml",
            "python/mixdown/manifest.py",
            "lib/mixdown-flink.jar")) {
      assertThat(file, Files.exists(unpacked.resolve(file)), is(true));
    }
    String licences = Files.readString(unpacked.resolve("THIRD-PARTY.txt"));
    assertThat(
        licences.lines().filter(line -> line.startsWith("     (")).count(), greaterThan(100L));
    assertThat(licences, containsString("org.apache.beam:beam-sdks-java-core"));
    assertThat(licences, not(containsString("Unknown license")));
  }

  @Test
  void the_dockerfile_copies_only_files_that_exist() throws Exception {
    String dockerfile = Files.readString(unpacked.resolve("Dockerfile"), StandardCharsets.UTF_8);
    Matcher copies = Pattern.compile("(?m)^COPY (\\S+) (\\S+)$").matcher(dockerfile);
    int count = 0;
    while (copies.find()) {
      assertThat(copies.group(1), Files.exists(unpacked.resolve(copies.group(1))), is(true));
      assertThat(copies.group(2), startsWith("/opt/mixdown/"));
      count++;
    }
    assertThat(count, is(4));
    List<String> known =
        List.of("FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "ENTRYPOINT", "CMD");
    assertThat(
        dockerfile
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" ", 2)[0])
            .filter(word -> !known.contains(word))
            .toList(),
        is(empty()));
    assertThat(dockerfile.indexOf("USER mixdown"), greaterThan(dockerfile.indexOf("COPY lib/")));
  }
}
