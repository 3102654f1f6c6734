package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Makes samples of a part's columns: one object a row, and none for its values. */
final class SampleRows extends RecordMaterializer<Sample> {
  private final GroupConverter root;
  private final Text dataset = new Text();
  private final Text category = new Text();
  private long position;
  private int shard;
  private int record;
  private long offset;
  private int length;
  private int pass;
  private long identity;
  private long augmentSeed;
  private final Text stratum = new Text();
  private boolean replay;

  /**
   * @param schema the part's columns
   */
  SampleRows(MessageType schema) {
    Converter[] columns =
        schema.getFields().stream().map(f -> column(f.getName())).toArray(Converter[]::new);
    root =
        new GroupConverter() {
          @Override
          public Converter getConverter(int field) {
            return columns[field];
          }

          @Override
          public void start() {
            offset = -1;
            length = -1;
            augmentSeed = -1;
            replay = false;
          }

          @Override
          public void end() {}
        };
  }

  private Converter column(String name) {
    return switch (name) {
      case "position" -> longs(value -> position = value);
      case "dataset" -> dataset;
      case "category" -> category;
      case "shard" -> ints(value -> shard = value);
      case "record" -> ints(value -> record = value);
      case "offset" -> longs(value -> offset = value);
      case "length" -> ints(value -> length = value);
      case "pass" -> ints(value -> pass = value);
      case "identity" -> longs(value -> identity = value);
      case "augment_seed" -> longs(value -> augmentSeed = value);
      case "stratum" -> stratum;
      case "replay" -> flag(value -> replay = value);
      default -> throw new IllegalArgumentException("a part has no column " + name);
    };
  }

  private static Converter longs(LongConsumer column) {
    return new PrimitiveConverter() {
      @Override
      public void addLong(long value) {
        column.accept(value);
      }
    };
  }

  private static Converter ints(IntConsumer column) {
    return new PrimitiveConverter() {
      @Override
      public void addInt(int value) {
        column.accept(value);
      }
    };
  }

  private static Converter flag(Consumer<Boolean> column) {
    return new PrimitiveConverter() {
      @Override
      public void addBoolean(boolean value) {
        column.accept(value);
      }
    };
  }

  /** A column of texts; each text of its dictionary is made once. */
  private static final class Text extends PrimitiveConverter {
    private String[] words = new String[0];
    private String value = "";

    @Override
    public boolean hasDictionarySupport() {
      return true;
    }

    @Override
    public void setDictionary(Dictionary dictionary) {
      words = new String[dictionary.getMaxId() + 1];
      for (int i = 0; i < words.length; i++) {
        words[i] = dictionary.decodeToBinary(i).toStringUsingUTF8();
      }
    }

    @Override
    public void addValueFromDictionary(int word) {
      value = words[word];
    }

    @Override
    public void addBinary(Binary text) {
      value = text.toStringUsingUTF8();
    }
  }

  @Override
  public Sample getCurrentRecord() {
    return new Sample(
        position,
        dataset.value,
        category.value,
        shard,
        record,
        offset,
        length,
        pass,
        identity,
        augmentSeed,
        stratum.value,
        replay);
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }
}
