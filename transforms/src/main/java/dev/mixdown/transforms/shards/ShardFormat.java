package dev.mixdown.transforms.shards;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

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

    /** What is inside a file's bytes. */
    public InputStream open(InputStream in) throws IOException {
      return switch (this) {
        case NONE -> in;
        case GZIP ->
            GzipCompressorInputStream.builder()
                .setInputStream(new BufferedInputStream(in, 1 << 16))
                .setDecompressConcatenated(true)
                .get();
        case ZSTD -> new ZstdInputStream(in);
        case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(in, 1 << 16), true);
      };
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
