package dev.mixdown.storage;

import java.io.IOException;

/** A file is no longer the one that was listed. Reading on would mix two files. */
public final class FileChangedException extends IOException {
  public FileChangedException(String path) {
    super(path + " was replaced after it was listed");
  }
}
