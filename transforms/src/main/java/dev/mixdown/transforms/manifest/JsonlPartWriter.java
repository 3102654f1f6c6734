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
  public void write(Samples samples) throws IOException {
    for (int i = 0; i < samples.size(); i++) {
      write(samples, i);
    }
  }

  private void write(Samples samples, int i) throws IOException {
    Stratum stratum = strata.get(samples.stratum[i]);
    json.writeStartObject();
    json.writeNumberField("position", samples.position[i]);
    json.writeStringField("dataset", stratum.dataset());
    json.writeStringField("category", stratum.category());
    json.writeNumberField("shard", samples.shard[i]);
    json.writeNumberField("record", samples.record[i]);
    if (samples.offset[i] >= 0) {
      json.writeNumberField("offset", samples.offset[i]);
      json.writeNumberField("length", samples.length[i]);
    } else {
      json.writeNullField("offset");
      json.writeNullField("length");
    }
    json.writeNumberField("pass", samples.pass[i]);
    json.writeFieldName("identity");
    if (samples.identity[i] >= 0) {
      json.writeNumber(samples.identity[i]);
    } else {
      json.writeNumber(new BigInteger(Long.toUnsignedString(samples.identity[i])));
    }
    if (samples.augmentSeed[i] >= 0) {
      json.writeNumberField("augment_seed", samples.augmentSeed[i]);
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
