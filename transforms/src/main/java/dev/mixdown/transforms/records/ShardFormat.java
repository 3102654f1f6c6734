package dev.mixdown.transforms.records;

import com.github.luben.zstd.ZstdInputStream;
import dev.mixdown.transforms.bytes.GzipMembers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * How a shard is written.
 *
 * @param records the form of its records
 * @param compression what is around them
 */
public record ShardFormat(Records records, Compression compression) implements Serializable {
  /** Zstandard's largest window, as a power of two: 2 GiB. */
  private static final int LARGEST_WINDOW = 31;

  /** The form of records. */
  public enum Records {
    JSONL("jsonl|ndjson|json"),
    CSV("csv"),
    PARQUET("parquet");

    private final Pattern endings;

    Records(String endings) {
      this.endings = Pattern.compile(endings);
    }

    /** The word that configs use. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is around the records. */
  public enum Compression {
    NONE(""),
    GZIP("gz"),
    ZSTD("zst"),
    BZIP2("bz2");

    private final String ending;

    Compression(String ending) {
      this.ending = ending;
    }

    /** What people call it. */
    public String title() {
      return switch (this) {
        case NONE -> "plain";
        case GZIP -> "gzip";
        case ZSTD -> "Zstandard";
        case BZIP2 -> "bzip2";
      };
    }

    /** What is inside a file's bytes. */
    public InputStream open(InputStream in) throws IOException {
      return switch (this) {
        case NONE -> in;
        case GZIP -> new GzipMembers(in);
        case ZSTD -> new ZstdInputStream(in).setLongMax(LARGEST_WINDOW);
        case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(in, 1 << 16), true);
      };
    }
  }

  /**
   * What a file's name says of its format.
   *
   * @param format empty where the name does not tell
   * @param problem why a file of this name cannot be read, where that is so
   */
  public record Named(Optional<ShardFormat> format, Optional<String> problem) {
    private static Named not(String problem) {
      return new Named(Optional.empty(), Optional.of(problem));
    }
  }

  /**
   * The format of a file, by its name: that of the last ending that names one, and a compression
   * behind it. Other endings, as in {@code clips.jsonl.shrink}, say nothing.
   *
   * @param records the form of its records, where the config says it
   */
  public static Named named(String path, Optional<String> records) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    List<String> endings = new ArrayList<>(Arrays.asList(name.split("\\.", -1)));
    endings.remove(0);
    int last = endings.size() - 1;
    while (last >= 0 && byEnding(endings.get(last)).isEmpty()) {
      last--;
    }
    Optional<Records> form =
        records.isPresent()
            ? Arrays.stream(Records.values())
                .filter(r -> r.word().equals(records.get()))
                .findFirst()
            : last < 0 ? Optional.empty() : byEnding(endings.get(last));
    List<Compression> around = compressions(endings, last);
    if (around.size() > 1) {
      return Named.not(
          "is compressed twice by its name (%s); decompress it once"
              .formatted(String.join(" in ", around.stream().map(Compression::title).toList())));
    }
    Compression compression = around.isEmpty() ? Compression.NONE : around.get(0);
    if (form.equals(Optional.of(Records.PARQUET)) && compression != Compression.NONE) {
      return Named.not(
          "is Parquet inside %s by its name, which cannot be read; decompress it"
              .formatted(compression.title()));
    }
    return new Named(form.map(f -> new ShardFormat(f, compression)), Optional.empty());
  }

  private static Optional<Records> byEnding(String ending) {
    return Arrays.stream(Records.values())
        .filter(r -> r.endings.matcher(ending).matches())
        .findFirst();
  }

  /**
   * The compressions behind the ending that names the form; without one, those at the very end. The
   * innermost comes first.
   */
  private static List<Compression> compressions(List<String> endings, int form) {
    List<Compression> found = new ArrayList<>();
    for (int i = endings.size() - 1; i > form; i--) {
      String ending = endings.get(i);
      Optional<Compression> compression =
          Arrays.stream(Compression.values())
              .filter(c -> c != Compression.NONE && c.ending.equals(ending))
              .findFirst();
      if (compression.isEmpty() && form < 0) {
        break;
      }
      compression.ifPresent(c -> found.add(0, c));
    }
    return found;
  }

  /** Whether a reader can go straight to a record by its offset. */
  public boolean isSeekable() {
    return records != Records.PARQUET && compression == Compression.NONE;
  }

  @Override
  public String toString() {
    return records.word() + (compression == Compression.NONE ? "" : "." + compression.ending);
  }

  /** The format of a word such as {@code jsonl.gz}, as documents have it; empty for another. */
  public static Optional<ShardFormat> of(String written) {
    return named("shard." + written, Optional.empty()).format();
  }
}
