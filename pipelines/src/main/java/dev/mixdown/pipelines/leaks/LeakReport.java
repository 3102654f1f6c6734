package dev.mixdown.pipelines.leaks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.HexFormat;
import java.util.List;

/**
 * What was found between what is trained on and what is held out.
 *
 * @param checked what was held against what
 * @param leaks one for each place that is trained on
 */
public record LeakReport(List<Checked> checked, List<Leak> leaks) {
  /** What is added where the records cannot be read. */
  static final String UNCONFIRMED = ", unconfirmed: a shard cannot be read as it was";

  /**
   * What was checked.
   *
   * @param subject a stage, or a manifest
   * @param manifest its manifest; empty where a stage counts by its data, as it is not prepared
   * @param against what it was held against
   * @param leaks how many places were found
   */
  public record Checked(String subject, String manifest, List<String> against, int leaks) {}

  /**
   * A record that is trained on although it is held out.
   *
   * @param subject the stage or manifest that has it
   * @param times how often it is given; 0 where the stage is not prepared
   * @param identity its own
   * @param uri its shard
   * @param record its number there
   * @param what what is held out: {@code stage "evaluation"}
   * @param otherUri the shard of the first record there that says the same
   * @param otherRecord its number
   * @param others how many records there say the same
   * @param byField whether not the whole content is the same, but the field that identities are
   *     taken from
   * @param confirmed whether both records were read and say the same; else only their 64-bit
   *     identities are equal
   */
  public record Leak(
      String subject,
      String dataset,
      int times,
      long identity,
      String uri,
      int record,
      String what,
      String otherUri,
      int otherRecord,
      int others,
      boolean byField,
      boolean confirmed) {
    /** A sentence about it. */
    public String text() {
      return "%s record %d of %s%s %s record %d of %s%s, of %s%s (identity %s)%s"
          .formatted(
              dataset,
              record,
              uri,
              times == 0 ? "" : times == 1 ? ", given once," : ", given " + times + " times,",
              byField ? "has the identity field of" : "says what",
              otherRecord,
              otherUri,
              byField ? "" : " says",
              what,
              others == 1 ? "" : " and " + (others - 1) + " more",
              HexFormat.of().toHexDigits(identity),
              confirmed ? "" : UNCONFIRMED);
    }
  }

  /** How many different places are given although they are held out. */
  public int count() {
    return leaks.size();
  }

  /** The document that {@code leaks --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("count", count());
    ArrayNode all = document.putArray("checked");
    for (Checked one : checked) {
      ObjectNode json = all.addObject().put("subject", one.subject());
      json.put("manifest_id", one.manifest().isEmpty() ? null : one.manifest());
      json.set("against", Json.tree(one.against()));
      json.put("leaks", one.leaks());
    }
    ArrayNode list = document.putArray("leaks");
    for (Leak leak : leaks) {
      ObjectNode json =
          list.addObject()
              .put("subject", leak.subject())
              .put("dataset", leak.dataset())
              .put("identity", HexFormat.of().toHexDigits(leak.identity()))
              .put("times", leak.times())
              .put("shard", leak.uri())
              .put("record_number", leak.record())
              .put("by", leak.byField() ? "identity_field" : "content")
              .put("confirmed", leak.confirmed());
      json.putObject("held_out")
          .put("what", leak.what())
          .put("shard", leak.otherUri())
          .put("record_number", leak.otherRecord())
          .put("records", leak.others());
    }
    return document;
  }
}
