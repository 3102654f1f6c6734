package dev.mixdown.pipelines.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A sample of a manifest, with its record.
 *
 * @param uri the shard that has the record
 * @param record the bytes of the record: as they stand in the shard, or for Parquet a JSON object
 */
public record ShownSample(Sample sample, String uri, byte[] record) {
  /** The record as text; bytes that are not UTF-8 are replaced. */
  public String text() {
    return new String(record, StandardCharsets.UTF_8);
  }

  /** One of the samples that {@code show --json} prints. */
  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("position", sample.position())
            .put("dataset", sample.dataset())
            .put("category", sample.category())
            .put("pass", sample.pass())
            .put("identity", HexFormat.of().toHexDigits(sample.identity()))
            .put("shard", uri)
            .put("record_number", sample.record());
    json.set("offset", Json.tree(sample.offset() < 0 ? null : sample.offset()));
    json.set("record", value());
    return json;
  }

  /** An object where the record is JSON; else its text. */
  private JsonNode value() {
    try {
      JsonNode value = Json.value(text());
      return value.isObject() ? value : Json.tree(text());
    } catch (IOException e) {
      return Json.tree(text());
    }
  }
}
