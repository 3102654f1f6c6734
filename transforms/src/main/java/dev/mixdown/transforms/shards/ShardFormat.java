package dev.mixdown.transforms.shards;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a shard is written.
 *
 * @param records the form of its records
 * @param compression what is around them
 */
public record ShardFormat(Records records, Compression compression) implements Serializable {
  /** The form of records. */
  public enum Records {
    JSONL("jsonl|ndjson|json"),
    CSV("csv"),
    PARQUET("parquet");

    private final Pattern extension;

    Records(String extensions) {
      this.extension = Pattern.compile(".*\\.(" + extensions + ")");
    }

    /** The word that configs use. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is around the records. */
  public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst"),
    BZIP2(".bz2");

    private final String extension;

    Compression(String extension) {
      this.extension = extension;
    }
  }

  /**
   * The format of a file, by its name.
   *
   * @param records the form of its records, where the config says it
   * @return empty where nothing tells
   */
  public static Optional<ShardFormat> of(String path, Optional<String> records) {
    String name = path.toLowerCase(Locale.ROOT);
    Compression compression = Compression.NONE;
    for (Compression c : Compression.values()) {
      if (!c.extension.isEmpty() && name.endsWith(c.extension)) {
        compression = c;
        name = name.substring(0, name.length() - c.extension.length());
      }
    }
    for (Records r : Records.values()) {
      boolean byName = r.extension.matcher(name).matches();
      boolean known = records.map(r.word()::equals).orElse(byName);
      if (known && !(r == Records.PARQUET && compression != Compression.NONE)) {
        return Optional.of(new ShardFormat(r, compression));
      }
    }
    return Optional.empty();
  }

  /** Whether a reader can go straight to a record by its offset. */
  public boolean isSeekable() {
    return records != Records.PARQUET && compression == Compression.NONE;
  }

  @Override
  public String toString() {
    return records.word() + (compression == Compression.NONE ? "" : compression.extension);
  }
}
