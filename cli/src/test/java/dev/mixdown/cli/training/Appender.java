package dev.mixdown.cli.training;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.training.TrainingReport;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.training.Training;
import dev.mixdown.registry.training.TrainingAppend;
import dev.mixdown.registry.training.TrainingHeader;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A process that adds trainings to one history, one after another, as the command does. */
public final class Appender {
  private static final Storage STORAGE = Storage.of(Map.of());

  private Appender() {}

  /**
   * Adds trainings.
   *
   * @param args the history's file, the registry, the first number and how many
   */
  public static void main(String[] args) throws IOException {
    TrainingReport report =
        new TrainingReport(
            new Registry(STORAGE, args[1], damage -> {}),
            EventSettings.from(Map.of()),
            Settings.of(System.getenv()).outboxes());
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    int first = Integer.parseInt(args[2]);
    for (int i = first; i < first + Integer.parseInt(args[3]); i++) {
      report.tell(
          TrainingAppend.append(
              STORAGE,
              args[0],
              new TrainingHeader(
                  Optional.of("m"), Optional.of("s"), Optional.of("b"), Optional.of("checkpoint")),
              new Training(
                  "d" + i,
                  i,
                  null,
                  Json.object(),
                  Json.object(),
                  start,
                  start.plus(Duration.ofHours(1)),
                  null,
                  null,
                  null,
                  null)));
      System.out.println(i);
    }
  }
}
