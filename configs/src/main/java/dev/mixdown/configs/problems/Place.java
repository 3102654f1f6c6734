package dev.mixdown.configs.problems;

/**
 * Where in a file something stands.
 *
 * @param file the file as the user named it
 * @param line from 1; 0 when the place is the file as a whole
 * @param column from 1; 0 when the place is the file as a whole
 */
public record Place(String file, int line, int column) {
  /** The file as a whole. */
  public static Place of(String file) {
    return new Place(file, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
