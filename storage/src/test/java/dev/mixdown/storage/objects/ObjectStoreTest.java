package dev.mixdown.storage.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.FileChangedException;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.objects.FaultyNetwork.Fault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path folder;
  private static S3Server server;
  private static FaultyNetwork network;

  private Storage storage;
  private final String root = "s3://bucket/test-" + NUMBER.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder, true);
    server.makeBucket("bucket");
    network = new FaultyNetwork(server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    network.close();
    server.close();
  }

  @BeforeEach
  void connect() {
    storage =
        Storage.of(
            Map.of("AWS_ENDPOINT_URL_S3", network.endpoint(), "OBS_ENDPOINT", server.endpoint()));
    network.faults(request -> Fault.NONE);
    network.requests().clear();
  }

  @AfterEach
  void calm() {
    storage.close();
    network.faults(request -> Fault.NONE);
    network.oneWriteAtATime(false);
  }

  private void write(String path, String text) throws IOException {
    storage.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] random(int bytes, long seed) {
    byte[] random = new byte[bytes];
    new Random(seed).nextBytes(random);
    return random;
  }

  private List<String> match(String pattern) throws IOException {
    return storage.match(root + "/" + pattern).files().stream()
        .map(file -> file.path().substring(root.length() + 1))
        .toList();
  }

  @Test
  void keys_are_what_they_are_whatever_is_in_them() throws IOException {
    String[] keys = {
      "a.jsonl",
      "[x].jsonl",
      "x.jsonl",
      "st*r.jsonl",
      "mit leer zeichen.jsonl",
      "über/größe ß.csv",
      "plus+und%25.jsonl",
      "_hidden.jsonl",
      "sub/.hidden",
      "empty.jsonl",
      "日本/データ.jsonl"
    };
    for (String key : keys) {
      write(root + "/" + key, key.startsWith("empty") ? "" : key);
    }
    for (String key : keys) {
      String text = key.startsWith("empty") ? "" : key;
      assertThat(storage.readText(root + "/" + key), is(Optional.of(text)));
      FileInfo file = storage.stat(root + "/" + key).orElseThrow();
      assertThat(file.bytes(), is((long) text.getBytes(StandardCharsets.UTF_8).length));
      assertThat(match(key), contains(key));
    }
    assertThat(match("[xa].jsonl"), contains("a.jsonl", "x.jsonl"));
    assertThat(match("{a,x}.jsonl"), contains("a.jsonl", "x.jsonl"));
    assertThat(match("**.csv"), contains("über/größe ß.csv"));
    assertThat(match("*.csv"), empty());
    assertThat(match("über/"), contains("über/größe ß.csv"));
    assertThat(match("über"), contains("über/größe ß.csv"));
    assertThat(match("sub/"), empty());
    assertThat(match("none"), empty());
    assertThat(match("none*"), empty());
    assertThat(match(""), hasSize(keys.length - 2));
    assertThat(storage.stat(root + "/none"), is(Optional.empty()));
    assertThat(storage.names(root + "/über"), contains("größe ß.csv"));
    storage.delete(List.of(root + "/[x].jsonl", root + "/st*r.jsonl", root + "/never-was"));
    assertThat(match("[x].jsonl"), contains("x.jsonl"));
  }

  @Test
  void an_empty_object_can_be_read_in_every_way() throws IOException {
    write(root + "/empty", "");
    FileInfo file = storage.stat(root + "/empty").orElseThrow();
    try (InputStream in = storage.open(file)) {
      assertThat(in.read(), is(-1));
    }
    try (SeekableByteChannel channel = storage.openChannel(file)) {
      channel.position(0);
      assertThat(channel.read(ByteBuffer.allocate(1)), is(-1));
    }
  }

  @Test
  void a_listing_asks_nothing_of_single_objects_and_knows_what_reading_them_finds()
      throws Exception {
    int objects = 1_100;
    together(
        10,
        thread -> {
          for (int i = thread; i < objects; i += 10) {
            storage.write(root + "/shard-%04d.jsonl".formatted(i), new byte[] {1});
          }
          return true;
        });
    network.requests().clear();
    List<FileInfo> files = storage.match(root + "/*.jsonl").files();
    assertThat(files, hasSize(objects));
    // One for an object of that very name, and one for every thousand.
    assertThat(network.requests(), hasSize(3));
    assertThat(storage.stat(files.get(7).path()).orElseThrow(), is(files.get(7)));
    storage.delete(files.stream().map(FileInfo::path).toList());
    assertThat(storage.match(root + "/").files(), empty());
  }

  @Test
  void a_read_goes_on_where_its_connection_broke_and_gives_the_same_bytes() throws IOException {
    byte[] bytes = random(3_000_000, 1);
    storage.write(root + "/large", bytes);
    FileInfo file = storage.stat(root + "/large").orElseThrow();
    Random random = new Random(2);
    AtomicInteger cuts = new AtomicInteger();
    network.faults(
        request ->
            request.startsWith("GET")
                ? Fault.cutAnswer(cuts.incrementAndGet() % 3 == 0 ? 0 : random.nextInt(300_000))
                : Fault.NONE);
    try (InputStream in = storage.open(file)) {
      assertThat(Arrays.equals(in.readAllBytes(), bytes), is(true));
    }
    assertThat(cuts.get() > 8, is(true));
    try (SeekableByteChannel channel = storage.openChannel(file)) {
      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(bytes.length);
        ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(60_000));
        channel.position(from);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
          // Until it is full.
        }
        byte[] expected =
            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + buffer.capacity()));
        assertThat(Arrays.copyOf(buffer.array(), buffer.position()), equalTo(expected));
      }
    }
  }

  @Test
  void an_object_that_is_replaced_while_it_is_read_is_noticed() throws IOException {
    storage.write(root + "/object", random(3_000_000, 3));
    FileInfo file = storage.stat(root + "/object").orElseThrow();
    network.faults(r -> r.startsWith("GET") ? Fault.cutAnswer(100_000) : Fault.NONE);
    try (InputStream in = storage.open(file)) {
      in.readNBytes(1_000);
      network.faults(r -> Fault.NONE);
      storage.write(root + "/object", random(3_000_000, 4));
      assertThrows(FileChangedException.class, in::readAllBytes);
    }
    assertThrows(FileChangedException.class, () -> storage.open(file).close());
    // The same from a store that does not know the condition.
    network.faults(r -> Fault.noConditions());
    try (S3Server open = S3Server.start(folder.resolve("open"), false);
        FaultyNetwork simple = new FaultyNetwork(open.port())) {
      open.makeBucket("bucket");
      simple.faults(r -> Fault.noConditions());
      storage = Storage.of(Map.of("AWS_ENDPOINT_URL_S3", simple.endpoint()));
      write(root + "/object", "one");
      FileInfo one = storage.stat(root + "/object").orElseThrow();
      write(root + "/object", "two");
      assertThrows(FileChangedException.class, () -> storage.open(one).close());
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void errors_that_pass_are_waited_for() throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    network.faults(
        request -> {
          synchronized (seen) {
            int times = seen.merge(request, 1, Integer::sum);
            return switch (times) {
              case 1 -> Fault.status(503);
              case 2 -> Fault.cutRequest(0);
              case 3 -> Fault.status(500);
              case 4 -> Fault.slow(300);
              default -> Fault.NONE;
            };
          }
        });
    write(root + "/a", "text");
    assertThat(storage.readText(root + "/a"), is(Optional.of("text")));
    assertThat(match("*"), contains("a"));
    assertThat(
        storage.replace(
            root + "/a", Optional.of("text".getBytes(StandardCharsets.UTF_8)), new byte[] {1}),
        is(true));
    storage.delete(List.of(root + "/a"));
    assertThat(storage.stat(root + "/a"), is(Optional.empty()));
  }

  @Test
  void a_write_that_breaks_shows_nothing_until_it_succeeds() throws IOException {
    byte[] bytes = random(5_000_000, 5);
    AtomicInteger puts = new AtomicInteger();
    network.faults(
        request ->
            request.startsWith("PUT") && puts.incrementAndGet() < 4
                ? Fault.cutRequest(puts.get() * 1_000_000L)
                : Fault.NONE);
    storage.write(root + "/object", bytes);
    assertThat(puts.get(), is(4));
    assertThat(Arrays.equals(storage.read(root + "/object").orElseThrow(), bytes), is(true));
    try (Draft draft = storage.draft(root)) {
      draft.write(bytes);
    }
    assertThat(match(""), contains("object"));
  }

  @Test
  void what_is_too_large_for_one_request_is_sent_in_parts_or_forgotten() throws IOException {
    byte[] part = random(10_000_000, 6);
    AtomicInteger parts = new AtomicInteger();
    network.faults(
        r ->
            r.contains("partNumber") && parts.incrementAndGet() == 1
                ? Fault.cutRequest(9_000_000)
                : Fault.NONE);
    try (Draft draft = storage.draft(root)) {
      for (int i = 0; i < 14; i++) {
        draft.write(part);
      }
      draft.publish(root + "/large");
      network.faults(r -> r.contains("partNumber=2") ? Fault.status(403) : Fault.NONE);
      assertThrows(AccessDeniedException.class, () -> draft.publish(root + "/second"));
    }
    assertThat(parts.get(), is(3));
    assertThat(match(""), contains("large"));
    try (InputStream in = storage.open(root + "/large")) {
      for (int i = 0; i < 14; i++) {
        assertThat(Arrays.equals(in.readNBytes(part.length), part), is(true));
      }
      assertThat(in.read(), is(-1));
    }
    assertThat(
        new StoreClients(storage.settings())
            .of("s3")
            .listMultipartUploads(r -> r.bucket("bucket"))
            .uploads(),
        empty());
    storage.removeAbandonedDrafts(root);
  }

  private static List<Boolean> together(int threads, Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Boolean>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(pool.submit(() -> work.run(number)));
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private interface Work {
    boolean run(int number) throws Exception;
  }

  @Test
  void of_several_who_replace_one_wins_and_no_line_gets_lost() throws Exception {
    // This server looks at a condition first and writes then, which others could come between.
    network.oneWriteAtATime(true);
    for (int round = 0; round < 5; round++) {
      Optional<byte[]> old = storage.read(root + "/current.json");
      String text = "round " + round + " by ";
      List<Boolean> won =
          together(
              8,
              i ->
                  storage.replace(
                      root + "/current.json", old, (text + i).getBytes(StandardCharsets.UTF_8)));
      assertThat(won.stream().filter(w -> w).toList(), hasSize(1));
      assertThat(
          storage.readText(root + "/current.json"), is(Optional.of(text + won.indexOf(true))));
    }
    together(
        8,
        i -> {
          for (int n = 0; n < 5; n++) {
            storage.addLine(root + "/log", "line " + i + " " + n);
          }
          return true;
        });
    assertThat(storage.readText(root + "/log").orElseThrow().lines().toList(), hasSize(40));
    storage.addLine(root + "/log", "line 3 3");
    assertThat(storage.readText(root + "/log").orElseThrow().lines().toList(), hasSize(40));
    storage.touch(root + "/log");
    storage.touch(root + "/touched");
    assertThat(storage.readText(root + "/touched"), is(Optional.of("")));
    assertThat(storage.readText(root + "/log").orElseThrow().lines().toList(), hasSize(40));
  }

  @Test
  void a_conditional_write_whose_answer_got_lost_has_happened() throws IOException {
    write(root + "/warm", "");
    storage.replace(root + "/probed", Optional.empty(), new byte[0]);
    AtomicInteger lost = new AtomicInteger();
    network.faults(
        r -> r.startsWith("PUT") && lost.incrementAndGet() == 1 ? Fault.cutAnswer(0) : Fault.NONE);
    assertThat(storage.replace(root + "/current", Optional.empty(), new byte[] {7}), is(true));
    assertThat(storage.read(root + "/current").orElseThrow(), equalTo(new byte[] {7}));
  }

  @Test
  void whether_a_store_knows_conditions_is_tried_once() throws Exception {
    try (S3Server open = S3Server.start(folder.resolve("simple"), false);
        FaultyNetwork simple = new FaultyNetwork(open.port())) {
      open.makeBucket("bucket");
      for (Fault fault : List.of(Fault.noConditions(), Fault.NONE)) {
        ObjectStore store = new ObjectStore(Map.of("AWS_ENDPOINT_URL_S3", simple.endpoint()));
        simple.faults(r -> fault);
        String current = root + "/current-" + fault.withoutConditions();
        simple.requests().clear();
        Optional<byte[]> old = Optional.empty();
        for (byte i = 0; i < 5; i++) {
          byte[] now = {i};
          assertThat(store.replace(current, old, now), is(true));
          assertThat(store.replace(current, old, new byte[] {99}), is(false));
          old = Optional.of(now);
        }
        assertThat(
            simple.requests().stream()
                    .filter(r -> r.startsWith("PUT") && r.contains("probe"))
                    .toList()
                    .size()
                <= 3,
            is(true));
      }
    }
  }

  @Test
  void a_server_that_is_killed_and_comes_back_is_waited_for() throws Exception {
    byte[] bytes = random(20_000_000, 9);
    storage.write(root + "/object", bytes);
    try (InputStream in = storage.open(root + "/object")) {
      byte[] first = in.readNBytes(100_000);
      server.kill();
      Thread back =
          new Thread(
              () -> {
                try {
                  Thread.sleep(2_000);
                  server.start();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      back.start();
      storage.write(root + "/second", bytes);
      byte[] rest = in.readAllBytes();
      back.join();
      assertThat(Arrays.equals(first, Arrays.copyOf(bytes, 100_000)), is(true));
      assertThat(Arrays.equals(rest, Arrays.copyOfRange(bytes, 100_000, bytes.length)), is(true));
    }
    assertThat(Arrays.equals(storage.read(root + "/second").orElseThrow(), bytes), is(true));
  }

  @Test
  void both_schemes_have_stores_of_their_own() throws IOException {
    write("obs://bucket/" + root.substring(12) + "/x", "obs");
    assertThat(network.requests(), empty());
    assertThat(storage.readText(root + "/x"), is(Optional.of("obs")));
    assertThat(network.requests(), everyItem(startsWith("GET")));
  }

  @Test
  void errors_say_what_to_do_and_no_secret() throws Exception {
    Exception noBucket =
        assertThrows(IOException.class, () -> storage.match("s3://no-such-bucket/x*"));
    assertThat(
        noBucket.getMessage(),
        allOf(
            containsString("there is no bucket \"no-such-bucket\""),
            containsString("as AWS_ENDPOINT_URL_S3 says")));
    assertThrows(FileNotFoundException.class, () -> storage.open(root + "/none").close());
    network.faults(r -> Fault.status(403));
    Exception refused = assertThrows(IOException.class, () -> storage.isWritable(root));
    assertThat(refused.getMessage(), containsString("look at the credentials of this process"));
    network.faults(r -> Fault.status(400));
    Exception strange = assertThrows(IOException.class, () -> storage.read(root + "/x"));
    assertThat(strange.getMessage(), containsString("look at the region"));
    for (Exception e : List.of(noBucket, refused, strange)) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        assertThat(String.valueOf(t.getMessage()), not(containsString(S3Server.SECRET)));
      }
    }
  }

  @Test
  void settings_come_from_the_environment_without_secrets() {
    Map<String, String> environment =
        Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_SECRET_ACCESS_KEY", "no",
            "OBS_ENDPOINT", "obs.cn-north-4.myhuaweicloud.com",
            "OBS_SECRET_ACCESS_KEY", "no",
            "AWS_ENDPOINT_URL", "http://user:password@minio:9000");
    StoreSettings obs = StoreSettings.of("obs", environment);
    assertThat(obs.endpoint(), is(Optional.of("https://obs.cn-north-4.myhuaweicloud.com")));
    assertThat(obs.region(), is(Optional.of("cn-north-4")));
    assertThat(obs.pathStyle(), is(false));
    Map<String, String> settings =
        Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ENDPOINT_URL_S3", "http://minio:9000",
            "S3_PATH_STYLE", "true",
            "OBS_ENDPOINT", "https://obs.cn-north-4.myhuaweicloud.com",
            "OBS_REGION", "cn-north-4",
            "OBS_PATH_STYLE", "false");
    assertThat(StoreSettings.variables(environment), is(settings));
    // They are the same for all who work for a job, and read the same there.
    assertThat(Storage.of(environment).settings(), is(settings));
    assertThat(StoreSettings.of("obs", settings), is(obs));
    assertThat(StoreSettings.of("s3", settings), is(StoreSettings.of("s3", environment)));
    for (String address : List.of("u:p@s@host:1", "HTTPS://u:p@host:1", "u@host:1/x@y")) {
      String endpoint =
          StoreSettings.of("obs", Map.of("OBS_ENDPOINT", address)).endpoint().orElseThrow();
      assertThat(endpoint.toLowerCase(java.util.Locale.ROOT), startsWith("https://host:1"));
    }
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> StoreSettings.of("s3", Map.of("S3_PATH_STYLE", "yes")));
    assertThat(e.getMessage(), is("S3_PATH_STYLE is \"yes\"; it may be true or false"));
  }
}
