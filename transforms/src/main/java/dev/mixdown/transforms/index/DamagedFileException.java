package dev.mixdown.transforms.index;

import java.io.IOException;

/** A file of the workspace is not as it was written: its checksum does not fit. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  private final String path;

  public DamagedFileException(String path, String why) {
    super(path + " is damaged: " + why + "; remove it and run again, then it is made again");
    this.path = path;
  }

  /** The file. */
  public String path() {
    return path;
  }
}
