package dev.mixdown.transforms.manifest;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a part as JSON lines: they follow one another as they are. */
record JsonlPartWriter(OutputStream out) implements PartWriter {
  @Override
  public void write(byte[] encoded) throws IOException {
    out.write(encoded);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
