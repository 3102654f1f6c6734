package dev.mixdown.pipelines.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.Version;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.events.EventDataset;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.events.RunEvents;
import dev.mixdown.registry.training.TrainingEntries;
import dev.mixdown.registry.training.TrainingInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records a history's trainings in the registry, and sends lineage events. */
public record TrainingReport(Registry registry, EventSettings settings, Path outboxes) {

  /**
   * Records the trainings of a history that are not recorded yet: also what a process that was
   * killed could not record. An event's name depends on its training only, so one that is told of
   * twice is one.
   */
  public void tell(TrainingInfo info) throws IOException {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<TrainingEntry> records = TrainingEntries.of(info, now, false);
    EventLog log = new EventLog(registry, settings, outboxes);
    for (int i = 0; i < records.size(); i++) {
      if (!registry.has(records.get(i))) {
        emit(log, records.get(i), info.data(info.history().get(i)));
        registry.add(records.get(i));
      }
    }
    log.close();
  }

  private void emit(EventLog log, TrainingEntry record, JsonNode data) throws IOException {
    RunEvents events =
        new RunEvents(
            settings,
            new RunEvents.Job("training." + record.stage(), "TRAINING", Optional.empty()),
            UUID.nameUUIDFromBytes(record.id().getBytes(StandardCharsets.UTF_8)),
            Version.mixdown());
    log.emit(events.start(instant(record.startTime())));
    List<EventDataset> inputs = new ArrayList<>();
    String manifest = data.path("manifest").asText();
    if (!manifest.isEmpty() && record.manifest() != null) {
      inputs.add(EventDataset.at(manifest).with(record.manifest(), null, -1, -1, -1, Map.of()));
    }
    List<EventDataset> outputs = new ArrayList<>();
    if (record.checkpoint() != null) {
      outputs.add(EventDataset.at(record.checkpoint()));
    }
    log.emit(events.complete(instant(record.endTime()), inputs, outputs, Json.object()));
  }

  private static Instant instant(@Nullable String time) {
    return Optional.ofNullable(time).flatMap(Timestamps::instant).orElseGet(Instant::now);
  }
}
