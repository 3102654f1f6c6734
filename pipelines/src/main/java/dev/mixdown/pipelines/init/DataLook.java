package dev.mixdown.pipelines.init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.formats.ParquetRows;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.records.ShardFormat.Compression;
import dev.mixdown.transforms.records.ShardFormat.Records;
import dev.mixdown.transforms.shards.RecordTexts;
import dev.mixdown.transforms.shards.RecordTexts.Wanted;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a first look at a dataset shows, from the first records of its first shard.
 *
 * @param name what the dataset will be called
 * @param path what its {@code obs_path} will say
 * @param shards how many files it has
 * @param bytes of all of them
 * @param formats of its files
 * @param records about how many there are; empty where it is not known
 * @param exact whether that is their number, and no estimate
 * @param sampled how many records were looked at
 * @param fields of these
 * @param delimiter of its CSV; a comma for everything else
 */
public record DataLook(
    String name,
    String path,
    int shards,
    long bytes,
    List<String> formats,
    OptionalLong records,
    boolean exact,
    long sampled,
    List<SampledField> fields,
    char delimiter) {
  /** How many records are looked at. */
  private static final int SAMPLE = 1000;

  /** How much of a compressed file is read, to see how far it is compressed. */
  private static final int COMPRESSED = 1 << 20;

  /**
   * Looks at a dataset.
   *
   * @throws DataException when its first shard cannot be read
   */
  static DataLook at(Storage storage, String name, String path, List<ShardFiles.Shard> shards)
      throws IOException {
    ShardFiles.Shard first = shards.get(0);
    Map<Integer, byte[]> texts = texts(storage, first);
    char delimiter = ',';
    List<ObjectNode> records = new ArrayList<>();
    if (first.format().records() == Records.CSV && !texts.isEmpty()) {
      List<String> rows = new ArrayList<>();
      texts.values().forEach(row -> rows.add(new String(row, StandardCharsets.UTF_8)));
      delimiter = CsvLine.delimiter(rows.get(0));
      List<String> columns = CsvLine.fields(rows.get(0), delimiter);
      for (String row : rows.subList(1, rows.size())) {
        records.add(row(columns, CsvLine.fields(row, delimiter)));
      }
      texts.remove(0);
    } else {
      for (byte[] text : texts.values()) {
        object(text).ifPresent(records::add);
      }
    }
    long bytes = shards.stream().mapToLong(shard -> shard.file().bytes()).sum();
    boolean whole = shards.size() == 1 && texts.size() < SAMPLE;
    OptionalLong count = whole ? OptionalLong.of(texts.size()) : count(storage, shards, texts);
    return new DataLook(
        name,
        path,
        shards.size(),
        bytes,
        List.copyOf(
            new TreeSet<>(shards.stream().map(shard -> shard.format().toString()).toList())),
        count,
        whole || shards.stream().allMatch(s -> s.format().records() == Records.PARQUET),
        records.size(),
        SampledField.of(records),
        delimiter);
  }

  private static Map<Integer, byte[]> texts(Storage storage, ShardFiles.Shard shard)
      throws IOException {
    List<Wanted> wanted =
        IntStream.range(0, SAMPLE + 1).mapToObj(record -> new Wanted(record, -1, 0)).toList();
    // The header counts as a record here: it has the names.
    CsvOptions csv = new CsvOptions(',', '"', false);
    try {
      return new TreeMap<>(
          new RecordTexts(storage).read(shard.file(), shard.format(), csv, wanted));
    } catch (BadShardException e) {
      throw new DataException(e.problems());
    }
  }

  private static Optional<ObjectNode> object(byte[] text) {
    try {
      JsonNode value = Json.value(new String(text, StandardCharsets.UTF_8));
      return value instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode row(List<String> columns, List<String> fields) {
    ObjectNode row = Json.object();
    for (int c = 0; c < Math.min(columns.size(), fields.size()); c++) {
      row.put(columns.get(c), fields.get(c));
    }
    return row;
  }

  /** How many records shards have: of Parquet exactly, of text by the mean size of the sampled. */
  private static OptionalLong count(
      Storage storage, List<ShardFiles.Shard> shards, Map<Integer, byte[]> texts)
      throws IOException {
    double mean = texts.values().stream().mapToLong(text -> text.length + 1L).average().orElse(0);
    double count = 0;
    for (ShardFiles.Shard shard : shards) {
      FileInfo file = shard.file();
      if (shard.format().records() == Records.PARQUET) {
        count += ParquetRows.count(storage, file);
      } else if (mean == 0) {
        return OptionalLong.empty();
      } else {
        count += file.bytes() * expansion(storage, file, shard.format()) / mean;
      }
    }
    return OptionalLong.of(Math.round(count));
  }

  /** How many bytes come out of each byte of a file, from its beginning. */
  private static double expansion(Storage storage, FileInfo file, ShardFormat format)
      throws IOException {
    if (format.compression() == Compression.NONE) {
      return 1;
    }
    Counted counted = new Counted(storage.open(file));
    long out = 0;
    try (InputStream in = format.compression().open(counted)) {
      byte[] buffer = new byte[1 << 16];
      int read = in.read(buffer);
      while (read >= 0 && counted.read < COMPRESSED) {
        out += read;
        read = in.read(buffer);
      }
    }
    return counted.read == 0 ? 1 : (double) out / counted.read;
  }

  /** Counts what is read. */
  private static final class Counted extends FilterInputStream {
    private long read;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      read += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = in.read(bytes, from, length);
      read += Math.max(0, count);
      return count;
    }
  }

  /** The fields that could say a record's category. */
  public List<String> categoryFields() {
    return fields.stream()
        .filter(field -> field.couldBeCategory(sampled))
        .map(SampledField::name)
        .toList();
  }

  /** The names of the fields. */
  public List<String> fieldNames() {
    return fields.stream().map(SampledField::name).toList();
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("dataset", name).put("path", path);
    json.put("shards", shards).put("bytes", bytes);
    json.set("formats", Json.tree(formats));
    json.set("records", Json.tree(records.isPresent() ? records.getAsLong() : null));
    json.put("exact", exact);
    fields.stream().map(field -> field.json(sampled)).forEach(json.putArray("fields")::add);
    return json;
  }
}
