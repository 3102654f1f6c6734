package dev.mixdown.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers when something could not be written: a writer over it does not.
 */
final class StandardOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  StandardOutput(OutputStream out) {
    super(new BufferedOutputStream(out, 1 << 13));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Why something was lost; empty where nothing was, or the reader had enough, as in a pipe to
   * head.
   */
  Optional<String> lost() {
    String message = failure == null ? "" : String.valueOf(failure.getMessage());
    return failure == null || message.contains("Broken pipe")
        ? Optional.empty()
        : Optional.of(message);
  }
}
