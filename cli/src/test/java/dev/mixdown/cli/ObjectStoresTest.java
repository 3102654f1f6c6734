package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.storage.objects.FaultyNetwork;
import dev.mixdown.storage.objects.FaultyNetwork.Fault;
import dev.mixdown.storage.objects.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo release with everything in object stores: the repository, the workspace and the output
 * under {@code s3://}, the shards under {@code obs://}, which is another server.
 */
class ObjectStoresTest {
  @TempDir static Path folder;
  private static S3Server s3;
  private static S3Server obs;
  private static FaultyNetwork network;
  private static Map<String, String> environment;
  private static Storage storage;
  private static Map<String, String> expected;

  @BeforeAll
  static void start() throws Exception {
    s3 = S3Server.start(Files.createDirectory(folder.resolve("s3")), true);
    obs = S3Server.start(Files.createDirectory(folder.resolve("obs")), true);
    s3.makeBucket("release");
    obs.makeBucket("shards");
    network = new FaultyNetwork(s3.port());
    environment = S3Server.environment(network.endpoint(), obs.endpoint());
    storage = Storage.of(environment);
    upload(TestFiles.demo());
    expected = prepareLocally();
  }

  @AfterAll
  static void stop() throws Exception {
    network.close();
    s3.close();
    obs.close();
  }

  private static void upload(Path demo) throws IOException {
    try (Stream<Path> files = Files.walk(demo)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = demo.relativize(file).toString();
        if (name.startsWith("data/")) {
          // Names that need care, on the way as well as in globs.
          storage.write("obs://shards/" + odd(name), Files.readAllBytes(file));
        } else if (name.endsWith(".json") || name.endsWith(".yaml")) {
          storage.write("s3://release/demo/" + name, moved(Files.readString(file)));
        }
      }
    }
  }

  private static String odd(String name) {
    return name.replaceFirst("^data/", "data sets ü/");
  }

  private static byte[] moved(String config) {
    return config
        .replaceAll(
            "\"obs_path\": \"(?:\\.\\./)*data/", "\"obs_path\": \"obs://shards/data sets ü/")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> prepareLocally() throws IOException {
    Path out = folder.resolve("local");
    Cli.Result result =
        new Cli(folder.resolve("workspace"), environment)
            .run("prepare", "--repo", TestFiles.demo(), "--output", out);
    assertThat(result.err(), result.code(), is(0));
    return TestFiles.parts(TestFiles.current(TestFiles.published(out).get(0)));
  }

  /** The parts of the manifest that is current below a folder, each with its SHA-256. */
  private static Map<String, String> parts(String out) throws IOException {
    List<FileInfo> all = storage.match(out + "/").files();
    String current =
        all.stream().map(FileInfo::path).filter(p -> p.endsWith("/current.json")).findFirst().get();
    String id = Json.read(storage.read(current).orElseThrow()).path("manifest_id").asText();
    Map<String, String> digests = new TreeMap<>();
    for (FileInfo file : all) {
      if (file.path().contains(id + "/part-")) {
        Path copy = folder.resolve("copy");
        Files.write(copy, storage.read(file.path()).orElseThrow());
        digests.put(StoragePath.name(file.path()), TestFiles.sha256(copy));
      }
    }
    return digests;
  }

  private static Cli.Result prepare(String name) {
    return Cli.plain(
        environment,
        "prepare",
        "--repo",
        "s3://release/demo",
        "--workspace",
        "s3://release/workspace-" + name,
        "--output",
        "s3://release/out-" + name);
  }

  @Test
  void a_release_in_stores_gives_the_bytes_of_one_in_files_and_no_secret_away() throws Exception {
    Cli.Result first = prepare("calm");
    assertThat(first.err(), first.code(), is(0));
    assertThat(parts("s3://release/out-calm"), is(expected));
    Cli.Result again = prepare("calm");
    assertThat(again.out(), containsString("Nothing to do"));
    Cli.Result verified =
        Cli.plain(environment, "verify", manifest("s3://release/out-calm"), "--deep");
    assertThat(verified.err() + verified.out(), verified.code(), is(0));

    // Its records lie beside it, and are asked from here.
    String store = "s3://release/out-calm/registry";
    Cli.Result trained =
        new Cli(folder.resolve("workspace"), environment)
            .run(
                "training",
                "append",
                "s3://release/art",
                "--registry",
                store,
                "--manifest",
                manifest("s3://release/out-calm"),
                "--dataset",
                "mix",
                "--steps",
                10,
                "--model-name",
                "m",
                "--stage",
                "s",
                "--base-model",
                "b",
                "--checkpoint",
                "ckpt",
                "--start",
                "2026-01-01T00:00:00",
                "--end",
                "2026-01-01T01:00:00");
    assertThat(trained.err(), trained.code(), is(0));
    Cli.Result tree =
        new Cli(folder.resolve("workspace"), environment)
            .run("lineage", "s3://release/art/ckpt", "--upstream", "--registry", store);
    assertThat(tree.err(), tree.code(), is(0));
    assertThat(tree.out(), containsString("dataset version highway_foundation_large"));

    List<String> found = new ArrayList<>();
    List<FileInfo> objects = storage.match("s3://release/").files();
    assertThat(objects.size(), greaterThan(20));
    for (FileInfo object : objects) {
      String text =
          new String(storage.read(object.path()).orElseThrow(), StandardCharsets.ISO_8859_1);
      if (text.contains(S3Server.SECRET) || text.contains(S3Server.KEY)) {
        found.add(object.path());
      }
    }
    assertThat(found, is(empty()));
    for (Cli.Result result : List.of(first, again, verified)) {
      assertThat(result.out() + result.err(), not(containsString("planted")));
    }
  }

  private static String manifest(String out) throws IOException {
    String current =
        storage.match(out + "/").files().stream()
            .map(FileInfo::path)
            .filter(p -> p.endsWith("/current.json"))
            .findFirst()
            .orElseThrow();
    return StoragePath.folder(current);
  }

  @Test
  void errors_slowness_and_broken_connections_change_nothing() throws Exception {
    AtomicInteger number = new AtomicInteger();
    Function<String, Fault> faults =
        request ->
            switch (number.incrementAndGet() % 9) {
              case 2 -> Fault.status(503);
              case 4 -> request.startsWith("GET") ? Fault.cutAnswer(700) : Fault.cutRequest(700);
              case 6 -> Fault.slow(100);
              case 8 -> request.startsWith("PUT") ? Fault.cutAnswer(0) : Fault.NONE;
              default -> Fault.NONE;
            };
    network.faults(faults);
    Cli.Result result = prepare("faulty");
    network.faults(request -> Fault.NONE);
    assertThat(result.err(), result.code(), is(0));
    assertThat(parts("s3://release/out-faulty"), is(expected));
  }

  @Test
  void a_server_that_is_killed_during_a_run_and_comes_back_changes_nothing() throws Exception {
    AtomicInteger indexes = new AtomicInteger();
    network.faults(
        request -> {
          if (request.contains("/indexes/") && indexes.incrementAndGet() == 3) {
            restart(s3);
          }
          return Fault.NONE;
        });
    Cli.Result result = prepare("killed");
    network.faults(request -> Fault.NONE);
    assertThat(result.err(), result.code(), is(0));
    assertThat(parts("s3://release/out-killed"), is(expected));
  }

  private static void restart(S3Server server) {
    try {
      server.kill();
      Thread.sleep(500);
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stages_are_managed_where_they_are() throws Exception {
    for (FileInfo file : storage.match("s3://release/demo/").files()) {
      storage.write(
          file.path().replace("/demo/", "/managed/"), storage.read(file.path()).orElseThrow());
    }
    Cli.Result status = Cli.plain(environment, "stage", "status", "--repo", "s3://release/managed");
    assertThat(status.err(), status.code(), is(0));
    String other = "finetuning";
    Cli.Result switched =
        Cli.plain(
            environment,
            "stage",
            "switch-stage",
            other,
            "--repo",
            "s3://release/managed",
            "--reason",
            "test");
    assertThat(switched.err(), switched.code(), is(0));
    assertThat(
        storage.readText("s3://release/managed/active_stage.yaml").orElseThrow(),
        containsString("current_stage: \"" + other + "\""));
    assertThat(
        storage.readText("s3://release/managed/logs/stage_switch.jsonl").orElseThrow(),
        allOf(containsString("\"" + other + "\""), containsString("test")));
  }

  @Test
  void what_is_wrong_is_said_before_any_work() throws Exception {
    Cli.Result result =
        Cli.plain(
            environment,
            "prepare",
            "--repo",
            "s3://release/demo",
            "--workspace",
            folder.resolve("w").toString(),
            "--output",
            "s3://no-such-bucket/out");
    assertThat(result.code(), is(1));
    assertThat(result.err(), containsString("there is no bucket \"no-such-bucket\""));
  }
}
