package dev.mixdown.storage;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A file in the making. Nobody sees its bytes until {@link #publish} makes them lasting and gives
 * them their name in one step. A draft that is closed without it leaves nothing.
 */
public abstract class Draft extends OutputStream {
  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b});
  }

  @Override
  public abstract void write(byte[] bytes, int offset, int length) throws IOException;

  /**
   * Gives the file its name, in place of any older file of that name.
   *
   * @param path in the store that the draft was made in, in a folder that exists
   */
  public abstract void publish(String path) throws IOException;

  @Override
  public abstract void close() throws IOException;
}
