package dev.mixdown.registry.streams;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.DocumentJson;
import dev.mixdown.storage.Digests;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code increments/NNNNNNNNNN.json}: one increment of a stream, which goes on from the one before.
 * It is created once and never replaced.
 *
 * @param id 20 hexadecimal digits of a digest over what its samples depend on
 * @param seq its number in the stream, from 1
 * @param parent the id of the increment before; the stream's for the first
 * @param planner the version of the planner that decided it
 * @param positions from the first to behind the last of its samples
 * @param mix what each stratum is to have
 * @param arrivals the shards that came in with it, in their order
 * @param notTaken files that were looked at and give nothing
 * @param struck waiting records that will not be given any more
 * @param moved batches whose order was written anew with it, without what is struck, and with the
 *     places that records have now; absent without any
 * @param shards what the parts' shard numbers mean
 * @param counts by stratum, how many samples it had given before and after
 * @param backlog by stratum, what waits after it
 * @param debt by stratum, how many samples it is owed; absent where none is
 * @param replay the state of each replay after it; absent without one
 * @param parts by position
 * @param retractedAfterUse records that were given and that their file does not have any more
 * @param closed whether the stream ends with it
 * @param cut why it was cut
 * @param when it was decided, by the clock of whoever did
 */
public record Increment(
    int schemaVersion,
    String id,
    @JsonProperty("stream_id") String stream,
    long seq,
    String parent,
    int planner,
    Positions positions,
    Mix mix,
    List<Arrival> arrivals,
    List<NotTaken> notTaken,
    List<Struck> struck,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> moved,
    List<Shard> shards,
    Map<String, Counts> counts,
    Map<String, Backlog> backlog,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> debt,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Replay> replay,
    List<Part> parts,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) long retractedAfterUse,
    boolean closed,
    Cut cut,
    String when)
    implements Serializable {
  /** The version that is written. */
  public static final int SCHEMA_VERSION = 1;

  private static final int DIGITS = 20;

  /** Positions, from the first to behind the last. */
  public record Positions(long from, long to) implements Serializable {}

  /**
   * What each stratum is to have: at position {@code n} it should have given {@code base + share *
   * (n - from_position)}.
   *
   * @param shares by stratum, as {@code n/d}; they add to 1
   * @param baseCounts by stratum, what it had given where the mix began; absent for 0
   * @param residuals by stratum, how far it was from its target under the mix before; absent for 0
   */
  public record Mix(
      Map<String, String> shares,
      long fromPosition,
      Map<String, Long> baseCounts,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> residuals)
      implements Serializable {
    public Mix {
      baseCounts = baseCounts == null ? Map.of() : baseCounts;
      residuals = residuals == null ? Map.of() : residuals;
    }
  }

  /**
   * A shard that came in.
   *
   * @param csv how it is written, where that is unusual
   * @param records that the shard has, good ones that no filter leaves out
   * @param groups what the groups of its index are
   * @param strata how many of its records arrive, by stratum
   * @param leftOut how many do not, by reason; absent without any
   * @param rejected bad records that were left out; absent for none
   * @param tag what the store said of the file when it was listed
   * @param time when the file had last changed
   */
  public record Arrival(
      String dataset,
      String uri,
      String sha256,
      long bytes,
      long records,
      String format,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Csv csv,
      List<Group> groups,
      Map<String, Long> strata,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> leftOut,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long rejected,
      String tag,
      String time)
      implements Serializable {
    public Arrival {
      groups = groups == null ? List.of() : List.copyOf(groups);
      strata = strata == null ? Map.of() : strata;
      leftOut = leftOut == null ? Map.of() : leftOut;
    }

    /** The shard as rows name it. */
    public Shard shard() {
      return new Shard(dataset, uri, sha256, bytes, records, format, csv);
    }

    /** How many of its records arrive. */
    public long arriving() {
      return strata.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** The records of one group of a shard's index. */
  public record Group(String stratum, String category) implements Serializable {}

  /**
   * A file that gives nothing.
   *
   * @param reason {@code same_content}, {@code rewritten}, {@code rejected} or {@code held_out}
   * @param sha256 null where it could not be read
   */
  public record NotTaken(
      String dataset,
      String uri,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sha256,
      String tag)
      implements Serializable {
    /** The same content lies at another path. */
    public static final String SAME_CONTENT = "same_content";

    /** Its path has brought all of its records before. */
    public static final String REWRITTEN = "rewritten";

    /** It is bad. */
    public static final String REJECTED = "rejected";

    /** All of its records are held out, or there already. */
    public static final String HELD_OUT = "held_out";
  }

  /**
   * Waiting records that will not be given.
   *
   * @param batch the increment that they came in with
   * @param reason {@code rewritten}, {@code forgotten} or {@code surplus}
   */
  public record Struck(String stratum, long batch, long records, String reason)
      implements Serializable {
    /** Their file does not have them any more. */
    public static final String REWRITTEN = "rewritten";

    /** An operator said so. */
    public static final String FORGOTTEN = "forgotten";

    /** There are too many newer ones. */
    public static final String SURPLUS = "surplus";
  }

  /**
   * A file that rows name by its number in the list.
   *
   * @param csv how it is written, where that is unusual: delimiter, quote, and whether it has a
   *     header
   */
  public record Shard(
      String dataset,
      String uri,
      String sha256,
      long bytes,
      long records,
      String format,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Csv csv)
      implements Serializable {}

  /** How CSV is written. */
  public record Csv(String delimiter, String quote, boolean header) implements Serializable {}

  /**
   * Samples of a stratum.
   *
   * @param again those of them that are its own older records; absent for none
   */
  public record Counts(
      long before, long after, @JsonInclude(JsonInclude.Include.NON_DEFAULT) long again)
      implements Serializable {
    /** The samples that it gives. */
    public long given() {
      return after - before;
    }

    /** Those that are its next waiting records. */
    public long fresh() {
      return after - before - again;
    }
  }

  /**
   * What waits.
   *
   * @param batch the increment with which the next record came in; 0 where none waits
   * @param taken how many of that batch are done with: given, or struck
   * @param waiting records in all
   */
  public record Backlog(long batch, long taken, long waiting) implements Serializable {}

  /**
   * How far a replay has come.
   *
   * @param stratum whose seats it fills
   * @param from what it replays: {@code self}, a stage, a manifest's id, or {@code shortage}
   * @param pool a digest of what it draws from, frozen for a pass
   * @param order the increment in whose folder the pool's order lies
   * @param pass over the source, from 1
   * @param taken of the pool in this pass
   * @param of the size of the pool
   */
  public record Replay(
      String stratum, String from, String pool, long order, long pass, long taken, long of)
      implements Serializable {}

  /**
   * A part.
   *
   * @param path seen from the stream's folder
   */
  public record Part(String path, long firstPosition, long rows, long bytes, String sha256)
      implements Serializable {}

  /**
   * Why an increment was cut, and not later.
   *
   * @param rule {@code count}, {@code time}, {@code drain} or {@code manual}
   * @param heldBack the stratum that had no more; null where none did
   * @param missing how many records it lacked for another block
   * @param shortage what the config says of strata that are short
   * @param maxDebt the most samples that a stratum may be owed; 0 where none may
   */
  public record Cut(
      String rule,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String heldBack,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long missing,
      String shortage,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long maxDebt)
      implements Serializable {}

  public Increment {
    arrivals = arrivals == null ? List.of() : List.copyOf(arrivals);
    notTaken = notTaken == null ? List.of() : List.copyOf(notTaken);
    struck = struck == null ? List.of() : List.copyOf(struck);
    moved = moved == null ? List.of() : List.copyOf(moved);
    shards = shards == null ? List.of() : List.copyOf(shards);
    debt = debt == null ? Map.of() : debt;
    replay = replay == null ? List.of() : List.copyOf(replay);
    parts = parts == null ? List.of() : List.copyOf(parts);
  }

  /** The same with its id, a digest of what its samples depend on and of nothing else. */
  public Increment identified() {
    return with(identity(), shards, parts);
  }

  /** The same with its shards and parts, which its id does not depend on. */
  public Increment with(List<Shard> named, List<Part> written) {
    return with(id, named, written);
  }

  private Increment with(String newId, List<Shard> named, List<Part> written) {
    return new Increment(
        schemaVersion,
        newId,
        stream,
        seq,
        parent,
        planner,
        positions,
        mix,
        arrivals,
        notTaken,
        struck,
        moved,
        named,
        counts,
        backlog,
        debt,
        replay,
        written,
        retractedAfterUse,
        closed,
        cut,
        when);
  }

  private String identity() {
    ObjectNode identity = Json.object();
    identity.put("parent", parent).put("seq", seq).put("planner", planner).put("epoch", 0);
    identity.set("positions", DocumentJson.tree(positions));
    ObjectNode mixed = DocumentJson.tree(mix);
    mixed.remove("residuals");
    identity.set("mix", mixed);
    ArrayNode came = identity.putArray("arrivals");
    for (Arrival arrival : arrivals) {
      ObjectNode one = came.addObject();
      one.put("dataset", arrival.dataset()).put("sha256", arrival.sha256());
      one.set("strata", Json.tree(arrival.strata()));
    }
    ArrayNode gone = identity.putArray("struck");
    for (Struck one : struck) {
      gone.addObject()
          .put("stratum", one.stratum())
          .put("batch", one.batch())
          .put("records", one.records());
    }
    ObjectNode given = identity.putObject("counts");
    counts.forEach((stratum, count) -> given.set(stratum, DocumentJson.tree(count)));
    ArrayNode again = identity.putArray("replay");
    for (Replay one : replay) {
      ObjectNode state = DocumentJson.tree(one);
      state.remove("order");
      again.add(state);
    }
    identity.put("closed", closed);
    return Digests.sha256(Json.line(identity)).substring(0, DIGITS);
  }

  /** How many samples it has. */
  public long samples() {
    return positions.to() - positions.from();
  }

  /** The folder of its parts, seen from the stream's. */
  public String folder() {
    return folder(seq, id);
  }

  /** The folder of an increment's parts, seen from the stream's. */
  public static String folder(long seq, String id) {
    return "parts/%010d-%s".formatted(seq, id);
  }

  /** The file of an increment, seen from the stream's folder. */
  public static String file(long seq) {
    return "increments/%010d.json".formatted(seq);
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not an increment, or not as it was written
   */
  public static Increment read(byte[] bytes) throws IOException {
    Increment increment = DocumentJson.read(bytes, Increment.class);
    if (!increment.identity().equals(increment.id())) {
      throw new IOException("its id is not the digest of what it says");
    }
    return increment;
  }

  /** The document. */
  public JsonNode json() {
    return DocumentJson.tree(this);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(json());
  }
}
