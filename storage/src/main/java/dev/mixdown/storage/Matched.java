package dev.mixdown.storage;

import java.util.List;

/**
 * The files that a path, a folder or a pattern means.
 *
 * @param files by path
 * @param hidden how many names were left out because they begin with {@code .} or {@code _}; a
 *     folder counts once
 * @param unusable what is there but is not a file that can be read
 */
public record Matched(List<FileInfo> files, int hidden, List<Unusable> unusable) {
  /** Nothing was found. */
  public static final Matched NOTHING = new Matched(List.of(), 0, List.of());

  /**
   * Something that fits and is not a file that can be read.
   *
   * @param why as the end of a sentence that begins with its path, with what to do
   */
  public record Unusable(String path, String why) {}

  /** Files, and nothing else. */
  public static Matched of(List<FileInfo> files) {
    return new Matched(files, 0, List.of());
  }
}
