package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.service.Client.Reply;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of an online stage, over HTTP and as a page. */
class StreamsTest {
  @TempDir Path folder;

  private static void tick(TestSite site) throws Exception {
    Settings settings = site.settings();
    OnlineTick tick =
        new OnlineTick(
            new OnlineRequest(
                settings.repository(site.repository.toString()),
                OnlineRequest.Stage.of(StageChoice.of("online_learning", Optional.empty())),
                site.folder.resolve("out").toString(),
                settings.registry(),
                settings.workspace(),
                ManifestFormat.PARQUET,
                true,
                null,
                RunnerSettings.DIRECT,
                false),
            Clock.systemUTC());
    assertThat(tick.tick(false).published().isPresent(), is(true));
  }

  @Test
  void a_stream_shows_its_position_backlog_consumers_and_increments() throws Exception {
    try (TestSite site = new TestSite(folder)) {
      Path config = site.repository.resolve("stages/online_learning.json");
      Files.writeString(
          config,
          Files.readString(config)
              .replace(
                  "\"shuffle\": true",
                  "\"shuffle_block\": 16, \"online\": {\"settle\": \"0s\", \"increment_samples\": 16}"));
      Client client = site.start();
      Reply missing = client.get("/api/v1/streams/online_learning");
      assertThat(missing.status(), is(404));
      assertThat(missing.json().toString(), containsString("has no stream yet"));
      assertThat(client.get("/api/v1/streams/pretraining").status(), is(422));
      tick(site);
      Path consumers = folder.resolve("out/online_learning/online/consumers");
      Files.write(
          consumers.resolve("t1.json"),
          new Consumer("t1", 5, Clock.systemUTC().instant().toString()).bytes());
      JsonNode stream = client.get("/api/v1/streams/online_learning").json();
      long position = stream.path("position").asLong();
      assertThat(position, greaterThan(0L));
      assertThat(stream.path("consumers").get(0).path("behind").asLong(), is(position - 5));
      JsonNode increments = client.get("/api/v1/streams/online_learning/increments?limit=5").json();
      assertThat(increments.path("total").asLong(), is(1L));
      assertThat(increments.path("increments").get(0).path("to").asLong(), is(position));
      String page = client.get("/streams/online_learning").text();
      assertThat(page, containsString("Position %,d, 1 increment".formatted(position)));
      assertThat(page, containsString("t1"));
      assertThat(
          client.get("/stages/online_learning").text(),
          containsString("href=\"/streams/online_learning\""));
    }
  }
}
