package dev.mixdown.transforms.shards;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.mixdown.configs.storage.Draft;
import dev.mixdown.configs.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keeps bad records that were left out, each with its reason, as JSON lines. */
final class RejectedRecords implements Closeable {
  /** The most bytes of a record that are kept. */
  private static final int MOST_BYTES = 1 << 20;

  private final String folder;
  private boolean failed;
  private @Nullable Draft draft;
  private @Nullable JsonGenerator json;

  RejectedRecords(String folder) {
    this.folder = folder;
  }

  /** Whether something could not be written. */
  boolean failed() {
    return failed;
  }

  void add(DataProblem problem, byte[] b, int from, int to) throws IOException {
    try {
      write(problem, b, from, to);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  private void write(DataProblem problem, byte[] b, int from, int to) throws IOException {
    JsonGenerator out = json;
    if (out == null) {
      Draft created = Storage.draft(folder);
      draft = created;
      out = new JsonFactory().createGenerator(new BufferedOutputStream(created));
      out.setRootValueSeparator(new SerializedString(""));
      json = out;
    }
    out.writeStartObject();
    out.writeNumberField("record", problem.record());
    if (problem.offset() >= 0) {
      out.writeNumberField("offset", problem.offset());
      out.writeNumberField("length", to - from);
    }
    out.writeStringField("reason", problem.message());
    int end = Math.min(to, from + MOST_BYTES);
    if (end > from) {
      if (Utf8.firstInvalid(b, from, end) < 0) {
        out.writeStringField("text", new String(b, from, end - from, StandardCharsets.UTF_8));
      } else {
        byte[] bytes = Arrays.copyOfRange(b, from, end);
        out.writeStringField("base64", Base64.getEncoder().encodeToString(bytes));
      }
      if (end < to) {
        out.writeBooleanField("cut", true);
      }
    }
    out.writeEndObject();
    out.writeRaw('\n');
  }

  /** Gives the file its name, if there is one. */
  void publish(String path) throws IOException {
    if (json != null && draft != null) {
      json.flush();
      draft.publish(path);
    }
  }

  @Override
  public void close() throws IOException {
    if (draft != null) {
      draft.close();
    }
  }
}
