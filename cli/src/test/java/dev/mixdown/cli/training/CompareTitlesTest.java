package dev.mixdown.cli.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.cli.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of histories side by side, and what times are written as. */
class CompareTitlesTest {
  @TempDir Path folder;

  @Test
  void columns_are_called_by_the_shortest_path_that_tells_them_apart() {
    assertThat(
        CompareCommand.shortest(List.of("/x/one/ckpt", "/x/two/ckpt", "/y/two/ckpt")),
        is(List.of("x/one/ckpt", "x/two/ckpt", "y/two/ckpt")));
    assertThat(CompareCommand.shortest(List.of("/x/a", "/x/b")), is(List.of("a", "b")));
    assertThat(CompareCommand.shortest(List.of("/x/a", "/x/a")), is(List.of("a", "a")));
  }

  private Cli.Result append(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "training",
                "append",
                folder.resolve("t").toString(),
                "--dataset",
                "d",
                "--steps",
                "1",
                "--registry",
                folder.resolve("registry").toString()));
    arguments.addAll(List.of(more));
    return Cli.plain(arguments.toArray(String[]::new));
  }

  @Test
  void all_times_are_written_in_utc_and_older_ones_are_read_as_local() throws Exception {
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
      Cli.Result first =
          append(
              "--model-name",
              "m",
              "--stage",
              "s",
              "--base-model",
              "b",
              "--checkpoint",
              "c",
              "--start",
              "2025-12-11T10:30:00",
              "--end",
              "2025-12-11T11:30:00+05:30",
              "--metric",
              "f1=0.5",
              "--metric",
              "old=1");
      assertThat(first.err(), first.code(), is(0));
      assertThat(
          append(
                  "--start",
                  Instant.now().minus(Duration.ofHours(1)).toString(),
                  "--metric",
                  "f1=0.6")
              .code(),
          is(0));
    } finally {
      TimeZone.setDefault(zone);
    }
    Path file = folder.resolve("t/training_info.json");
    JsonNode info = new ObjectMapper().readTree(Files.readString(file));
    assertThat(info.get("created_at").asText(), is("2025-12-11T05:00:00Z"));
    assertThat(info.at("/training_history/0/end_time").asText(), is("2025-12-11T06:00:00Z"));
    Instant updated = Instant.parse(info.get("last_updated").asText());
    assertThat(updated.isAfter(Instant.now().plusSeconds(5)), is(false));
    Cli.Result compared =
        Cli.plain(
            "training",
            "compare",
            file.toString(),
            file.toString(),
            "--registry",
            folder.resolve("registry").toString());
    assertThat(compared.out(), containsString("metrics.f1"));
    // What an earlier training reached is no result of the later one.
    assertThat(compared.out().contains("metrics.old"), is(false));
  }

  @Test
  void secrets_of_a_training_are_masked_wherever_they_go() throws Exception {
    Cli.Result result =
        append(
            "--model-name",
            "m",
            "--stage",
            "s",
            "--checkpoint",
            "c",
            "--start",
            "2025-12-11T10:30:00Z",
            "--base-model",
            "https://ana:pa55@hub.example/model",
            "--hyperparam",
            "hf_token=hf_s3cret",
            "--hyperparam",
            "lr=2e-5",
            "--json");
    assertThat(result.err(), result.code(), is(0));
    String file = Files.readString(folder.resolve("t/training_info.json"));
    for (String text : List.of(result.out(), result.err(), file)) {
      assertThat(text.contains("pa55") || text.contains("s3cret"), is(false));
    }
    assertThat(file, containsString("https://***@hub.example/model"));
    assertThat(file, containsString("\"hf_token\": \"***\""));
    try (var records = Files.walk(folder.resolve("registry"))) {
      assertThat(
          records
              .filter(Files::isRegularFile)
              .map(dev.mixdown.cli.TestFiles::text)
              .anyMatch(text -> text.contains("pa55") || text.contains("s3cret")),
          is(false));
    }
  }

  @Test
  void a_metric_without_a_value_is_told_by_its_own_name() {
    Cli.Result result = append("--metric", "f1");
    assertThat(result.code(), is(2));
    assertThat(result.err(), containsString("--metric is \"f1\"; NAME=VALUE is expected"));
  }
}
