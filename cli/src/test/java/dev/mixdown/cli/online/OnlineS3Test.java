package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.mixdown.cli.Cli;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.objects.FaultyNetwork;
import dev.mixdown.storage.objects.FaultyNetwork.Fault;
import dev.mixdown.storage.objects.S3Server;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose data and chain lie in an object store, over a network that fails. */
class OnlineS3Test {
  private static final String BUCKET = "s3://streams";

  @TempDir Path folder;

  private Cli.Result run(Map<String, String> environment, Object... args) {
    List<Object> all = new ArrayList<>(List.of("online"));
    all.addAll(List.of(args));
    all.addAll(List.of("--repo", BUCKET + "/repo", "--output", BUCKET + "/out"));
    all.addAll(List.of("--workspace", folder.resolve("workspace")));
    return Cli.plain(environment, all.stream().map(Object::toString).toArray(String[]::new));
  }

  private static void config(Storage storage) throws IOException {
    storage.write(
        BUCKET + "/repo/stage_config.yaml",
        """
        stages:
          online_learning: {config_file: online.json, priority: 1}
        default_stage: online_learning
        """
            .getBytes(StandardCharsets.UTF_8));
    storage.write(
        BUCKET + "/repo/online.json",
        """
        {"meta": {"stage_config": {"sampling_strategy": "balanced", "shuffle_block": 16,
                                   "online": {"increment_samples": 16}}},
         "dataset_index": [{"name": "a", "obs_path": "a/", "stage_weight": 3},
                           {"name": "b", "obs_path": "b/", "stage_weight": 1}]}
        """
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void put(Storage storage, String dataset, String name, int count)
      throws IOException {
    storage.write(
        "%s/repo/%s/%s.jsonl".formatted(BUCKET, dataset, name),
        String.join("\n", StreamSite.records(name, 0, count)).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_stream_in_an_object_store_is_exact_whatever_the_network_does() throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), true);
        FaultyNetwork network = new FaultyNetwork(server.port())) {
      server.makeBucket("streams");
      Map<String, String> clean = S3Server.environment(server.endpoint(), server.endpoint());
      Map<String, String> faulty = S3Server.environment(network.endpoint(), network.endpoint());
      try (Storage storage = Storage.of(clean)) {
        config(storage);
        Random random = new Random(1);
        for (int i = 0; i < 6; i++) {
          put(storage, "a", "f%da".formatted(i), 36);
          put(storage, "b", "f%db".formatted(i), 12);
          network.faults(
              request ->
                  random.nextInt(12) == 0
                      ? List.of(Fault.status(503), Fault.cutAnswer(100), Fault.slow(300))
                          .get(random.nextInt(3))
                      : Fault.NONE);
          // A command may fail; the next one goes on.
          run(faulty, "tick");
        }
        network.faults(request -> Fault.NONE);
        Cli.Result drained = run(clean, "drain");
        assertThat(drained.err(), drained.code(), is(0));
        Cli.Result verified = run(clean, "verify", "--deep");
        assertThat(verified.err(), verified.code(), is(0));
        check(storage);
      }
    }
  }

  private static void check(Storage storage) throws IOException {
    Set<Long> given = new HashSet<>();
    long position = 0;
    String stream = BUCKET + "/out/online_learning/online/";
    for (long seq = 1; ; seq++) {
      Optional<byte[]> bytes = storage.read(stream + Increment.file(seq));
      if (bytes.isEmpty()) {
        break;
      }
      Increment increment = Increment.read(bytes.get());
      assertThat(Json.line(increment.json()), increment.positions().from(), is(position));
      position = increment.positions().to();
      for (Increment.Part part : increment.parts()) {
        PartReader.read(
            storage, stream + part.path(), row -> assertThat(given.add(row.identity()), is(true)));
      }
    }
    assertThat(position, is(6 * 48L));
    assertThat(given.size(), greaterThan(0));
  }

  @Test
  void a_store_that_writes_without_conditions_is_refused_unless_there_is_one_writer()
      throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), false);
        FaultyNetwork network = new FaultyNetwork(server.port())) {
      server.makeBucket("streams");
      network.faults(request -> Fault.noConditions());
      Map<String, String> environment =
          S3Server.environment(network.endpoint(), network.endpoint());
      try (Storage storage =
          Storage.of(S3Server.environment(server.endpoint(), server.endpoint()))) {
        config(storage);
        put(storage, "a", "fa", 36);
        put(storage, "b", "fb", 12);
      }
      Cli.Result refused = run(environment, "tick");
      assertThat(refused.err(), refused.code(), is(2));
      assertThat(refused.err(), containsString("the store does not know writes under a condition"));
      Cli.Result single = run(environment, "tick", "--single-writer");
      assertThat(single.err(), single.code(), is(0));
      assertThat(single.out(), containsString("Increment 1: 48 samples"));
    }
  }
}
