package dev.mixdown.transforms.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;

/** Writes a part as JSON lines. */
final class JsonlPartWriter implements PartWriter {
  private final JsonGenerator json;
  private final List<Stratum> strata;

  JsonlPartWriter(OutputStream out, List<Stratum> strata) {
    this.strata = strata;
    try {
      json = new JsonFactory().createGenerator(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    json.setRootValueSeparator(new SerializedString(""));
  }

  @Override
  public void row(
      long position,
      int stratum,
      int shard,
      int record,
      long offset,
      int length,
      int pass,
      long identity,
      long augmentSeed)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("position", position);
    json.writeStringField("dataset", strata.get(stratum).dataset());
    json.writeStringField("category", strata.get(stratum).category());
    json.writeNumberField("shard", shard);
    json.writeNumberField("record", record);
    if (offset >= 0) {
      json.writeNumberField("offset", offset);
      json.writeNumberField("length", length);
    } else {
      json.writeNullField("offset");
      json.writeNullField("length");
    }
    json.writeNumberField("pass", pass);
    json.writeFieldName("identity");
    if (identity >= 0) {
      json.writeNumber(identity);
    } else {
      json.writeNumber(new BigInteger(Long.toUnsignedString(identity)));
    }
    if (augmentSeed >= 0) {
      json.writeNumberField("augment_seed", augmentSeed);
    } else {
      json.writeNullField("augment_seed");
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
