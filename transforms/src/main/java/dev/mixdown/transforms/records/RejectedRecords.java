package dev.mixdown.transforms.records;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.bytes.Utf8;
import dev.mixdown.transforms.index.SealedText;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps bad records that were left out, each with its reason, as JSON lines. The last line has the
 * number of the others and the XXH3 of their bytes, as {@link SealedText}.
 */
public final class RejectedRecords implements Closeable {
  /** The most bytes of a record that are kept. */
  private static final int MOST_BYTES = 1 << 20;

  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private final Storage storage;
  private final String folder;
  private final HashStream64 checksum = HASHER.hashStream();
  private long records;
  private boolean failed;
  private @Nullable Draft draft;
  private @Nullable JsonGenerator json;

  /**
   * @param folder where the file lies while it is made
   */
  public RejectedRecords(Storage storage, String folder) {
    this.storage = storage;
    this.folder = folder;
  }

  /** Whether something could not be written. */
  public boolean failed() {
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
      Draft created = storage.draft(folder);
      draft = created;
      out = new JsonFactory().createGenerator(new BufferedOutputStream(new Hashed(created)));
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
    records++;
  }

  /** Digests what is written. */
  private final class Hashed extends FilterOutputStream {
    Hashed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      checksum.putBytes(b, offset, length);
      out.write(b, offset, length);
    }
  }

  /** The lines of a file of rejected records, without the last; empty where they are damaged. */
  public static Optional<byte[]> lines(byte[] file) {
    int end = file.length - 1;
    int begin = end;
    while (begin > 0 && file[begin - 1] != '\n') {
      begin--;
    }
    if (end < 0) {
      return Optional.empty();
    }
    String seal = new String(file, begin, end - begin, StandardCharsets.UTF_8);
    byte[] lines = Arrays.copyOf(file, begin);
    return SealedText.open(seal)
        .filter(text -> text.endsWith(" " + hex(HASHER.hashStream().putBytes(lines).getAsLong())))
        .map(text -> lines);
  }

  private static String hex(long checksum) {
    return HexFormat.of().toHexDigits(checksum);
  }

  /** Gives the file its name, if there is one. */
  public void publish(String path) throws IOException {
    if (json != null && draft != null) {
      json.flush();
      String seal = SealedText.seal(records + " " + hex(checksum.getAsLong())) + "\n";
      draft.write(seal.getBytes(StandardCharsets.UTF_8));
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
