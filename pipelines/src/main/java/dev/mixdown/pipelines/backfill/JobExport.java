package dev.mixdown.pipelines.backfill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Jobs as a training platform exports them: JSON lines or CSV with {@code uuid}, {@code name},
 * {@code status}, {@code dataset_path}, {@code recipe}, {@code created_at} and {@code config}.
 * Words may be parted by spaces, and keys that are not known are left alone.
 *
 * @param jobs in the file's order
 * @param problems lines that are no jobs, with their number and why
 */
record JobExport(List<Job> jobs, List<String> problems) {
  /**
   * A job.
   *
   * @param config its settings; an empty object where there are none
   */
  record Job(
      String uuid,
      Optional<String> name,
      Optional<String> status,
      Optional<String> datasetPath,
      Optional<String> recipe,
      Optional<String> created,
      ObjectNode config) {

    /** When it was created. */
    Optional<Instant> at() {
      return created.flatMap(Timestamps::instant);
    }

    /** A text of its config. */
    Optional<String> setting(String key) {
      return Optional.ofNullable(config.get(key)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
  }

  static JobExport read(Storage storage, String path) throws IOException {
    Optional<String> file = storage.readText(path);
    if (file.isEmpty()) {
      throw new ConfigException(
          "the job export", path, "is not there; --jobs names an export as JSONL or CSV");
    }
    String text = file.get();
    List<Job> jobs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (StoragePath.name(path).toLowerCase(Locale.ROOT).endsWith(".csv")) {
      csv(path, text, jobs, problems);
    } else {
      lines(path, text, jobs, problems);
    }
    return new JobExport(jobs, problems);
  }

  private static void lines(String path, String text, List<Job> jobs, List<String> problems) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        try {
          add(path + ":" + number, Json.value(line), jobs, problems);
        } catch (IOException e) {
          problems.add(path + ":" + number + " is not JSON" + Causes.inBrackets(e));
        }
      }
    }
  }

  private static void csv(String path, String text, List<Job> jobs, List<String> problems)
      throws IOException {
    CsvMapper mapper =
        CsvMapper.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .build();
    int number = 0;
    try (MappingIterator<String[]> rows =
        mapper.readerFor(String[].class).readValues(text.getBytes(StandardCharsets.UTF_8))) {
      String[] header = rows.hasNextValue() ? rows.nextValue() : new String[0];
      number++;
      while (rows.hasNextValue()) {
        String[] row = rows.nextValue();
        number++;
        String place = path + " row " + number;
        if (row.length == header.length) {
          ObjectNode fields = Json.object();
          for (int i = 0; i < row.length; i++) {
            fields.put(header[i], row[i]);
          }
          add(place, fields, jobs, problems);
        } else {
          problems.add(
              "%s has %d fields, the header has %d; it was left out"
                  .formatted(place, row.length, header.length));
        }
      }
    } catch (JsonProcessingException | RuntimeException e) {
      problems.add(
          "%s cannot be read from row %d on%s".formatted(path, number + 1, Causes.inBrackets(e)));
    }
  }

  private static void add(String place, JsonNode row, List<Job> jobs, List<String> problems) {
    ObjectNode known = Json.object();
    row.properties()
        .forEach(
            field ->
                known.set(
                    field.getKey().strip().toLowerCase(Locale.ROOT).replace(' ', '_'),
                    field.getValue()));
    Optional<String> uuid = text(known, "uuid").or(() -> text(known, "id"));
    if (uuid.isEmpty()) {
      problems.add(place + " has no uuid");
      return;
    }
    Optional<String> created = text(known, "created_at");
    if (created.isPresent() && Timestamps.parse(created.get()).isEmpty()) {
      problems.add(place + ": created_at is \"" + created.get() + "\", which is not a time");
      return;
    }
    jobs.add(
        new Job(
            uuid.get(),
            text(known, "name"),
            text(known, "status"),
            text(known, "dataset_path").or(() -> text(known, "dataset")),
            text(known, "recipe").or(() -> text(known, "recipe_id")),
            created,
            config(known.get("config"))));
  }

  private static Optional<String> text(ObjectNode row, String key) {
    return Optional.ofNullable(row.get(key))
        .filter(value -> value.isValueNode() && !value.isNull())
        .map(JsonNode::asText)
        .filter(value -> !value.isBlank());
  }

  /** Settings: an object, or the text of one. */
  private static ObjectNode config(@org.jspecify.annotations.Nullable JsonNode value) {
    if (value instanceof ObjectNode object) {
      return object;
    }
    if (value != null && value.isTextual() && !value.asText().isBlank()) {
      try {
        if (Json.value(value.asText()) instanceof ObjectNode object) {
          return object;
        }
      } catch (IOException e) {
        // Settings that cannot be read are left out.
        return Json.object();
      }
    }
    return Json.object();
  }
}
