package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the parts of a manifest are written. */
public enum ManifestFormat {
  /** Columns, compressed; for most readers. */
  PARQUET {
    @Override
    public SampleEncoder encoder(RowKinds kinds) {
      return new ParquetEncoder(kinds);
    }

    @Override
    public PartWriter open(OutputStream out, RowKinds kinds) throws IOException {
      return new ParquetPartWriter(out, kinds);
    }
  },
  /** One JSON object a line; for readers without a Parquet library. */
  JSONL {
    @Override
    public SampleEncoder encoder(RowKinds kinds) {
      return new JsonlEncoder(kinds);
    }

    @Override
    public PartWriter open(OutputStream out, RowKinds kinds) {
      return new JsonlPartWriter(out);
    }
  };

  /**
   * An encoder of samples, for one thread.
   *
   * @param kinds of the rows
   */
  public abstract SampleEncoder encoder(RowKinds kinds);

  /** An encoder of a manifest's samples, for one thread. */
  public SampleEncoder encoder(List<Stratum> strata) {
    return encoder(RowKinds.of(strata));
  }

  /**
   * Opens a writer that closes {@code out} with itself.
   *
   * @param kinds of the rows
   */
  public abstract PartWriter open(OutputStream out, RowKinds kinds) throws IOException;

  /** Opens a writer of a manifest's samples. */
  public PartWriter open(OutputStream out, List<Stratum> strata) throws IOException {
    return open(out, RowKinds.of(strata));
  }

  /** A row's columns in their order, each with its type. They are the same in all formats. */
  public static Map<String, String> columns() {
    return ParquetColumns.columns();
  }

  /** The file extension, which is also the word on the command line. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The file name of a part. */
  public String partName(int part, int parts) {
    return String.format(Locale.ROOT, "part-%05d-of-%05d.%s", part, parts, extension());
  }
}
