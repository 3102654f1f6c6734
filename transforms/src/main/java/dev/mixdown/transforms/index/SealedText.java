package dev.mixdown.transforms.index;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Lines of text that carry a checksum: behind a tab the format's version, and behind another the
 * XXH3 of all that stands before, in hexadecimal.
 */
public final class SealedText {
  private static final String VERSION = "v1";
  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private SealedText() {}

  /** A text without line ends, with its checksum. */
  public static String seal(String text) {
    String versioned = text + "\t" + VERSION;
    return versioned + "\t" + checksum(versioned);
  }

  /** The text of a line; empty where its checksum does not fit. */
  public static Optional<String> open(String line) {
    int checksum = line.lastIndexOf('\t');
    int version = checksum < 0 ? -1 : line.lastIndexOf('\t', checksum - 1);
    if (version < 0
        || !line.substring(version + 1, checksum).equals(VERSION)
        || !line.substring(checksum + 1).equals(checksum(line.substring(0, checksum)))) {
      return Optional.empty();
    }
    return Optional.of(line.substring(0, version));
  }

  /** The XXH3 of a text's UTF-8 bytes, as 16 hexadecimal digits. */
  public static String checksum(String text) {
    return HexFormat.of()
        .toHexDigits(HASHER.hashBytesToLong(text.getBytes(StandardCharsets.UTF_8)));
  }
}
