package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of file that Mixdown reads, damaged in many seeded ways. What the libraries below
 * throw is told as a user understands it: the file is named, no class is, and the exit code says
 * whose fault it is.
 */
class DamagedFilesTest {
  private static final long SEED = 20261127;

  /** What no message may have: a class of Java, its package, or where Jackson thinks it is. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "\\b\\w+(Exception|Error)\\b|\\b[a-z]+\\.[a-z]+\\.[\\w.$]*[A-Z]|\\[Source|REDACTED"
              + "|because .* is null|@[0-9a-f]{6,}");

  @TempDir Path folder;

  /** What happens to files: they are cut, bits flip, parts of them are of another file. */
  private static byte[] damaged(byte[] good, Random random) {
    byte[] bad = good.clone();
    int at = random.nextInt(Math.max(1, bad.length));
    int length = Math.min(bad.length - at, 1 + random.nextInt(64));
    switch (random.nextInt(6)) {
      case 0 -> bad = Arrays.copyOf(bad, at);
      case 1 -> bad[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> Arrays.fill(bad, at, at + length, (byte) 0);
      case 3 -> Arrays.fill(bad, at, at + length, (byte) 0xff);
      case 4 -> System.arraycopy(good, random.nextInt(at + 1), bad, at, length);
      default -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bad, at, length);
      }
    }
    return bad;
  }

  private static void understood(String text) {
    assertThat(
        text, INSIDE.matcher(text).results().map(found -> found.group()).toList(), hasSize(0));
  }

  private Cli cli() {
    return new Cli(folder.resolve("workspace"));
  }

  private static Cli.Result plain(Object... command) {
    return Cli.plain(Stream.of(command).map(Object::toString).toArray(String[]::new));
  }

  private static List<Path> filesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void a_damaged_shard_of_any_format_is_named() throws Exception {
    Map<String, byte[]> shards = new LinkedHashMap<>();
    Path data = TestFiles.demo().resolve("data");
    for (String name :
        List.of(
            "country_roads.jsonl",
            "parking_lots.csv",
            "highway_foundation_large/clips-2.jsonl.gz",
            "merge_lane_samples.parquet")) {
      shards.put(name.substring(name.indexOf('.')), Files.readAllBytes(data.resolve(name)));
    }
    shards.put(
        ".jsonl.zst",
        com.github.luben.zstd.Zstd.compress(
            TestFiles.lines("z", 2_000).getBytes(StandardCharsets.UTF_8)));
    Path repo = folder.resolve("repo");
    Random random = new Random(SEED);
    List<String> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Map.Entry<String, byte[]> shard : shards.entrySet()) {
      for (int i = 0; i < 60; i++) {
        String file = "shard-" + i + shard.getKey();
        TestFiles.write(repo.resolve(file), damaged(shard.getValue(), random));
        entries.add("{\"name\": \"%s\", \"obs_path\": \"%s\"}".formatted(file, file));
        names.add(repo.resolve(file).toString());
      }
    }
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        "{\"meta\": {\"stage\": \"s\"}, \"dataset_index\": [%s]}"
            .formatted(String.join(",\n", entries)));

    Cli.Result result =
        cli().run("prepare", "--repo", repo, "--output", folder.resolve("out"), "--json");
    assertThat(result.code(), is(3));
    Set<String> named = new HashSet<>();
    for (JsonNode problem : result.json().path("errors")) {
      assertThat(problem.toString(), problem.path("path").asText(), is(in(names)));
      understood(problem.path("message").asText());
      named.add(problem.path("path").asText());
    }
    // A bit that flips inside a value of JSON or CSV leaves a good record; Parquet has no
    // checksums.
    assertThat(named.size(), greaterThan(names.size() / 2));
  }

  @Test
  void a_damaged_config_is_named_and_ends_with_2() throws Exception {
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    Random random = new Random(SEED);
    int refused = 0;
    for (Path file : filesIn(repo)) {
      if (file.startsWith(repo.resolve("data"))) {
        continue;
      }
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 40; i++) {
        Files.write(file, damaged(good, random));
        Cli.Result result = Cli.plain("stage", "validate-config", "--repo", repo.toString());
        String text = result.out() + result.err();
        understood(text.replace(folder.toString(), ""));
        if (result.code() != 0) {
          refused++;
          assertThat(text, result.code(), is(2));
          assertThat(text, text, containsString(repo.relativize(file).getFileName().toString()));
        }
      }
      Files.write(file, good);
    }
    assertThat(refused, greaterThan(150));
  }

  @Test
  void a_damaged_result_is_named_by_verify_and_by_all_who_read_it() throws Exception {
    Path out = folder.resolve("out");
    Object[] prepare = {"prepare", "finetuning", "--repo", TestFiles.demo(), "--output", out};
    assertThat(cli().run(prepare).code(), is(0));
    Path stage = out.resolve("finetuning");
    Path info = TestFiles.current(stage).resolve("training_info.json");
    String at = stage.toString();
    Random random = new Random(SEED);
    for (Path file : filesIn(out)) {
      if (file.toString().contains("/.mixdown/")) {
        continue;
      }
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 6; i++) {
        byte[] bad = damaged(good, random);
        if (Arrays.equals(good, bad)) {
          continue;
        }
        Files.write(file, bad);
        for (Object[] command :
            List.<Object[]>of(
                new Object[] {"verify", at, "--deep"},
                new Object[] {"registry", "verify", "--registry", out.resolve("registry")},
                new Object[] {"lineage", at, "--registry", out.resolve("registry")},
                prepare,
                new Object[] {"training", "show", info},
                new Object[] {"versions", "list", "--registry", out.resolve("registry")})) {
          Cli.Result result =
              command[0].equals("versions") || command[0].equals("lineage")
                  ? cli().run(command)
                  : plain(command);
          String text = file + "\n" + String.join(" ", Arrays.toString(command)) + "\n" + result;
          understood(result.toString().replace(folder.toString(), ""));
          assertThat(text, result.code(), not(1));
          if (result.code() != 0) {
            assertThat(text, result.err(), containsString(file.getFileName().toString()));
          }
        }
      }
      Files.write(file, good);
    }
  }

  @Test
  void a_damaged_workspace_is_made_again_and_the_answer_is_the_same() throws Exception {
    Object[] plan = {"plan", "finetuning", "--repo", TestFiles.demo(), "--json"};
    JsonNode expected = Json.read(cli().run(plan).out().getBytes(StandardCharsets.UTF_8));
    Random random = new Random(SEED);
    for (Path file : filesIn(folder.resolve("workspace"))) {
      if (!Files.exists(file)) {
        continue; // A finished run merges what it noted.
      }
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 6; i++) {
        Files.write(file, damaged(good, random));
        Cli.Result result = cli().run(plan);
        assertThat(file + "\n" + result, result.code(), is(0));
        understood(result.err().replace(folder.toString(), ""));
        assertThat(result.json().path("strata"), is(expected.path("strata")));
      }
    }
  }
}
