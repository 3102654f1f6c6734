package dev.mixdown.transforms.records;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.storage.Digests;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection looks for. Two inspections of the same bytes under equal specs have the same
 * result.
 *
 * @param full whether every record is parsed and its UTF-8 validated; else only its ends are looked
 *     at, unless a field is wanted
 * @param skipBad whether bad records are left out rather than refused
 * @param categoryField the field with a record's category; null for none
 * @param levelField the field with its difficulty level; null for none
 * @param unitField the numeric field that weights are counted in; null for none
 * @param identityField the field that its identity is taken from; null for its bytes
 * @param filter which records are left out by what they say of themselves
 * @param requirements what is looked for in records because a recipe requires it; null for nothing
 */
public record InspectionSpec(
    ShardFormat format,
    CsvOptions csv,
    boolean full,
    boolean skipBad,
    @Nullable String categoryField,
    @Nullable String levelField,
    @Nullable String unitField,
    @Nullable String identityField,
    RecordFilter filter,
    @Nullable DataRequirements requirements)
    implements Serializable {

  /** Changes whenever inspections or indexes are made in another way than before. */
  private static final int VERSION = 2;

  /** A spec that leaves no good record out. */
  public InspectionSpec(
      ShardFormat format,
      CsvOptions csv,
      boolean full,
      boolean skipBad,
      @Nullable String categoryField,
      @Nullable String levelField,
      @Nullable String unitField,
      @Nullable String identityField) {
    this(
        format,
        csv,
        full,
        skipBad,
        categoryField,
        levelField,
        unitField,
        identityField,
        RecordFilter.NONE);
  }

  /** A spec that requires nothing. */
  public InspectionSpec(
      ShardFormat format,
      CsvOptions csv,
      boolean full,
      boolean skipBad,
      @Nullable String categoryField,
      @Nullable String levelField,
      @Nullable String unitField,
      @Nullable String identityField,
      RecordFilter filter) {
    this(
        format,
        csv,
        full,
        skipBad,
        categoryField,
        levelField,
        unitField,
        identityField,
        filter,
        null);
  }

  /** The same, which also looks for what a recipe requires. */
  public InspectionSpec requiring(DataRequirements required) {
    return new InspectionSpec(
        format,
        csv,
        full,
        skipBad,
        categoryField,
        levelField,
        unitField,
        identityField,
        filter,
        required);
  }

  /** A spec that looks for no fields, in CSV with a header where it is CSV. */
  public static InspectionSpec of(ShardFormat format, boolean full, boolean skipBad) {
    return of(format, CsvOptions.DEFAULT, full, skipBad);
  }

  /** A spec that looks for no fields. */
  public static InspectionSpec of(
      ShardFormat format, CsvOptions csv, boolean full, boolean skipBad) {
    return new InspectionSpec(format, csv, full, skipBad, null, null, null, null);
  }

  /**
   * A short name of this spec, for file names. Whether bad records are left out is no part of it:
   * it makes no difference to a shard that has none.
   */
  public String digest() {
    CsvOptions relevant = format.records() == ShardFormat.Records.CSV ? csv : CsvOptions.DEFAULT;
    String text =
        String.join(
                "\u0000",
                "v" + VERSION,
                format.toString(),
                relevant.toString(),
                full ? "full" : "quick",
                String.valueOf(categoryField),
                String.valueOf(levelField),
                String.valueOf(unitField),
                String.valueOf(identityField),
                filter.digestText())
            // A spec without requirements has the name that it had before there were any.
            + (requirements == null ? "" : "\u0000" + requirements.digest());
    return Digests.sha256(text).substring(0, 12);
  }
}
