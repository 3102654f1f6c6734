package dev.mixdown.transforms.formats;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What the stored values of a Parquet column mean, where that is more than what is stored.
 *
 * @param kind what they are
 * @param perSecond for times, how many units a second has
 * @param scale for decimals, the digits behind the point
 */
record ParquetMeaning(Kind kind, long perSecond, int scale) {
  /** What values are. */
  enum Kind {
    /** What is stored is what is meant. */
    AS_STORED,
    /** Numbers without a sign. */
    UNSIGNED,
    /** Exact numbers with digits behind the point. */
    DECIMAL,
    /** Moments. */
    TIMESTAMP,
    /** Times of the day. */
    TIME
  }

  private static final ParquetMeaning AS_STORED = new ParquetMeaning(Kind.AS_STORED, 0, 0);

  /** What a column's values mean. */
  static ParquetMeaning of(PrimitiveType column) {
    LogicalTypeAnnotation type = column.getLogicalTypeAnnotation();
    if (column.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
      return new ParquetMeaning(Kind.TIMESTAMP, perSecond(TimeUnit.NANOS), 0);
    }
    if (type instanceof DecimalLogicalTypeAnnotation decimal) {
      return new ParquetMeaning(Kind.DECIMAL, 0, decimal.getScale());
    }
    if (type instanceof TimestampLogicalTypeAnnotation timestamp) {
      return new ParquetMeaning(Kind.TIMESTAMP, perSecond(timestamp.getUnit()), 0);
    }
    if (type instanceof TimeLogicalTypeAnnotation time) {
      return new ParquetMeaning(Kind.TIME, perSecond(time.getUnit()), 0);
    }
    // Narrower ones are stored as numbers that have no sign anyway.
    return type instanceof IntLogicalTypeAnnotation whole
            && !whole.isSigned()
            && whole.getBitWidth() >= Integer.SIZE
        ? new ParquetMeaning(Kind.UNSIGNED, 0, 0)
        : AS_STORED;
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> 1_000_000_000;
    };
  }

  boolean isAsStored() {
    return kind == Kind.AS_STORED;
  }
}
