package dev.mixdown.transforms.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Encodes samples as JSON lines. */
final class JsonlEncoder implements SampleEncoder {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final SerializedString NOTHING = new SerializedString("");

  private final RowKinds kinds;
  private final char[] digits = new char[16];

  /**
   * @param kinds of the rows
   */
  JsonlEncoder(RowKinds kinds) {
    this.kinds = kinds;
  }

  @Override
  public byte[] encode(Samples samples) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(samples.size() * 160);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.setRootValueSeparator(NOTHING);
      for (int i = 0; i < samples.size(); i++) {
        write(json, samples, i);
      }
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json, Samples samples, int i) throws IOException {
    Stratum stratum = kinds.strata().get(samples.stratum[i]);
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
    writeHash(json, "identity", samples.identity[i]);
    if (samples.augmentSeed[i] >= 0) {
      writeHash(json, "augment_seed", samples.augmentSeed[i]);
    } else {
      json.writeNullField("augment_seed");
    }
    if (kinds.stream()) {
      RowKinds.OfStream kind = kinds.ofStream().get(samples.stratum[i]);
      json.writeStringField("stratum", kind.stratum());
      json.writeBooleanField("replay", kind.replay());
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** As 16 hexadecimal digits: most readers of JSON hold numbers of 64 bits as doubles. */
  private void writeHash(JsonGenerator json, String field, long value) throws IOException {
    for (int i = 0; i < digits.length; i++) {
      digits[i] = Character.forDigit((int) (value >>> (60 - 4 * i)) & 15, 16);
    }
    json.writeFieldName(field);
    json.writeString(digits, 0, digits.length);
  }
}
