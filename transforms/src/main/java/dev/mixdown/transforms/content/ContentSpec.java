package dev.mixdown.transforms.content;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.storage.Digests;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.Serializable;
import java.util.List;

/**
 * How the content of a shard's records is read, and what of it counts. Two readings of the same
 * bytes under equal specs have the same result.
 *
 * @param fields the fields that count, sorted; empty for all
 * @param normalise whether text is compared in the form NFKC
 */
public record ContentSpec(
    ShardFormat format, CsvOptions csv, List<String> fields, boolean normalise)
    implements Serializable {
  /** Changes whenever content identities are made in another way than before. */
  private static final int VERSION = 1;

  /** The same, where only some fields count. */
  private static final int VERSION_OF_FIELDS = 2;

  /** A spec for a stage's content. */
  public static ContentSpec of(ShardFormat format, CsvOptions csv, Content content) {
    return new ContentSpec(format, csv, List.copyOf(content.fields()), content.normalise());
  }

  /** A short name of this spec, for file names. */
  public String digest() {
    CsvOptions relevant = format.records() == ShardFormat.Records.CSV ? csv : CsvOptions.DEFAULT;
    return Digests.sha256(
            String.join(
                "\u0000",
                "v" + (fields.isEmpty() ? VERSION : VERSION_OF_FIELDS),
                format.toString(),
                relevant.toString(),
                String.join("\u0001", fields),
                String.valueOf(normalise)))
        .substring(0, 12);
  }
}
