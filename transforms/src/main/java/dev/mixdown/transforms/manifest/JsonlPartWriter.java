package dev.mixdown.transforms.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a part as JSON lines. */
final class JsonlPartWriter implements PartWriter {
  private final JsonGenerator json;
  private final List<Stratum> strata;
  private final char[] digits = new char[16];

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
    writeHash("identity", samples.identity[i]);
    if (samples.augmentSeed[i] >= 0) {
      writeHash("augment_seed", samples.augmentSeed[i]);
    } else {
      json.writeNullField("augment_seed");
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** As 16 hexadecimal digits: most readers of JSON hold numbers of 64 bits as doubles. */
  private void writeHash(String field, long value) throws IOException {
    for (int i = 0; i < digits.length; i++) {
      digits[i] = Character.forDigit((int) (value >>> (60 - 4 * i)) & 15, 16);
    }
    json.writeFieldName(field);
    json.writeString(digits, 0, digits.length);
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
