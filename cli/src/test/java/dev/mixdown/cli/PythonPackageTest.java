package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import dev.mixdown.storage.objects.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the Python package, which prepare manifests with this build and read them. */
class PythonPackageTest {
  private static final String READER =
      """
      import mixdown, sys, zlib
      manifest = mixdown.open(sys.argv[1], verify=True)
      digest = 0
      for sample in manifest:
          digest = zlib.crc32(repr((sample.position, sample.dataset, sample.data)).encode(), digest)
      print(len(manifest), "samples", digest)
      """;

  @TempDir Path folder;

  @Test
  void the_python_package_reads_what_mixdown_writes() throws Exception {
    PythonEnvironment.programs();
    TestFiles.launcher(folder);
    ProcessBuilder tests =
        new ProcessBuilder(TestFiles.root().resolve("python/test").toString(), "--color=no")
            .redirectErrorStream(true);
    tests.environment().put("MIXDOWN", folder.resolve("mixdown").toString());
    Process process = tests.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(printed, code, is(0));
    assertThat(printed, containsString(" passed"));
  }

  @Test
  void manifests_and_shards_in_object_stores_are_read_as_those_in_files() throws Exception {
    Path python = PythonEnvironment.programs().resolve("python");
    try (S3Server s3 = S3Server.start(Files.createDirectory(folder.resolve("s3")), true);
        S3Server obs = S3Server.start(Files.createDirectory(folder.resolve("obs")), true)) {
      s3.makeBucket("release");
      obs.makeBucket("shards");
      Map<String, String> environment = S3Server.environment(s3.endpoint(), obs.endpoint());
      try (Storage storage = Storage.of(environment)) {
        for (String name :
            List.of("country_roads.jsonl", "parking_lots.csv", "urban_scenarios_base.parquet")) {
          storage.write(
              "obs://shards/my data/" + name,
              Files.readAllBytes(TestFiles.demo().resolve("data").resolve(name)));
        }
      }
      String config =
          """
          {"meta": {"stage": "s", "stage_config": {"seed": 3}}, "dataset_index": [
            {"name": "roads", "obs_path": "%1$s/country_roads.jsonl"},
            {"name": "lots", "obs_path": "%1$s/parking_lots.csv"},
            {"name": "urban", "obs_path": "%1$s/urban_scenarios_base.parquet"}]}
          """;
      List<String> read = new ArrayList<>();
      for (String where :
          List.of("obs://shards/my data", TestFiles.demo().resolve("data").toString())) {
        boolean away = where.startsWith("obs:");
        Path repo = folder.resolve(away ? "away" : "here");
        TestFiles.write(repo.resolve("training_dataset.json"), config.formatted(where));
        String out = away ? "s3://release/out" : folder.resolve("out").toString();
        Cli.Result result =
            new Cli(folder.resolve("w"), environment)
                .run("prepare", "--repo", repo, "--output", out, "--registry", folder.resolve("r"));
        assertThat(result.err(), result.code(), is(0));
        ProcessBuilder reader =
            new ProcessBuilder(python.toString(), "-c", READER, out + "/s")
                .redirectErrorStream(true);
        reader.environment().putAll(environment);
        reader.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        Process process = reader.start();
        read.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(read.toString(), process.waitFor(), is(0));
      }
      assertThat(read.get(0), is(read.get(1)));
      assertThat(read.get(0), containsString("1800 samples"));
    }
  }
}
